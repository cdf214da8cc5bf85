"""The filter keeps every promise, is found by its entry point, and tells cut answers from whole."""

import random

import pytest
from curate_truncated import Truncated
from pydantic import ValidationError

from curate import registry
from curate.api import Context
from curate.testing import check_filter, make_records

PROSE = "The kettle boils. Then the tea is poured and everyone sits down"


def judge(*responses: str, **options):
    with Truncated(**options).open(Context()) as ask:
        return ask(make_records(responses))


def test_keeps_every_promise_of_a_filter():
    check_filter(Truncated())


def test_is_found_by_its_entry_point():
    entry = registry.load(strict=True).filters["truncated"]
    assert (entry.cls, entry.distribution) == (Truncated, "curate-truncated")


@pytest.mark.parametrize(
    ("response", "score", "reason"),
    [
        pytest.param("Run this:\n```\nls -l", 1.0, "open_code_block", id="open code block"),
        pytest.param("Two ways:\n1. By train.\n2.", 1.0, "empty_item", id="empty number"),
        pytest.param("Two ways:\n- By train.\n-", 1.0, "empty_item", id="empty bullet"),
        pytest.param("I am sorry. It is not", 0.9, "dangling_word", id="dangling word"),
        pytest.param("We could take the train,", 0.9, "open_clause", id="comma"),
        pytest.param("We could take the train (", 0.9, "open_clause", id="bracket"),
        pytest.param("The conclusion is this:", 0.5, "announcement", id="colon"),
        pytest.param("1. By train.\n2. By bus.\n3. By b", 0.5, "unlike_items", id="item"),
        pytest.param(PROSE, 0.5, "no_full_stop", id="no full stop"),
        pytest.param("All of it was said.\n\n" + PROSE, 0.5, "no_full_stop", id="paragraph"),
    ],
)
def test_cut(response, score, reason):
    (verdict,) = judge(response)
    assert (verdict.score, verdict.reason) == (score, reason)
    ((turn, start, end, label),) = verdict.evidence["spans"]
    assert (turn, end, label) == (1, len(response), reason)
    assert start < end


@pytest.mark.parametrize(
    "response",
    [
        pytest.param("", id="empty"),
        pytest.param("Paris", id="one word"),
        pytest.param("It is done.", id="sentence"),
        pytest.param('He said: "It is done."', id="quotation"),
        pytest.param("It is **done.**", id="bold"),
        pytest.param("これは終わりました。", id="Japanese"),
        pytest.param("Run this:\n```\nls -l\n```", id="closed code block"),
        pytest.param("Run this:\n    ```\n    ls -l\n    ```", id="indented code block"),
        pytest.param("int main() {\n  return 0;\n}", id="code without a fence"),
        pytest.param("1. Milk\n2. Eggs\n3. Flour", id="list without full stops"),
        pytest.param("Roses are red\nViolets are blue", id="verse"),
        pytest.param("Let us meet. I bring the cake! #cake #party", id="hashtags"),
        pytest.param("Yours sincerely,\nJane Doe", id="signature"),
    ],
)
def test_whole(response):
    assert judge(response)[0].score == 0.0


def test_most_cuts_inside_a_paragraph_are_found():
    whole = (
        "A heat pump moves warmth from outside into the house. It uses less power than it gives, "
        "because the warmth is already there. In winter the air outside is cold, yet it still "
        "holds enough. A good one delivers three to four times the energy it takes in."
    )
    rng = random.Random(0)
    cuts = [whole[: rng.randrange(80, len(whole) - 1)] for _ in range(200)]
    cuts = [cut for cut in cuts if not cut.rstrip().endswith(".")]
    found = sum(verdict.score >= 0.5 for verdict in judge(*cuts))
    assert found / len(cuts) > 0.9
    assert judge(whole)[0].score == 0.0


def test_short_turns_are_whole():
    assert judge("It is", min_words=3)[0].score == 0.0
    assert judge("So far, so good, and", min_words=2)[0].score == 0.9


def test_without_an_assistant_it_abstains():
    (record,) = make_records(["x"])
    record.raw = record.raw.replace(b"assistant", b"user")
    assert Truncated().judge(record).reason == "no_response"


def test_options_are_checked():
    with pytest.raises(ValidationError):
        Truncated(min_words=0)
