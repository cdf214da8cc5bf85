"""Loops are told from texts that merely repeat something."""

import pytest

from curate.traits.loops import loops


@pytest.mark.parametrize(
    "text",
    ["I am a disgrace. " * 60, "It is 12. No. " + "Once more, it is wrong. " * 40, "ha" * 400],
    ids=["a sentence", "after a start", "no spaces"],
)  # fmt: skip
def test_a_loop(text: str):
    assert loops(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No, no, no! It is wrong again.",
        "Row, row, row your boat, gently down the stream. " * 2,
        " ".join(
            f"{n}. Take step {n} and note what you see at station {n * 7}." for n in range(60)
        ),
    ],
    ids=["empty", "short", "a refrain", "a list"],
)
def test_no_loop(text: str):
    assert not loops(text)
