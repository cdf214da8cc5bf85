"""Which responses are fitted on."""

import pytest

from curate.errors import InputError
from curate.fitting.fingerprint.choosing import choose
from curate.fitting.fingerprint.samples import Sample
from planted_teachers import responses


def test_all_responses_of_teachers_with_enough_of_them() -> None:
    few = [Sample("x", "rare", f"p{n}", None) for n in range(4)]
    nobody = [Sample("x", None, "p", None)] * 3
    chosen = choose([*few, *responses(prompts=20), *nobody], 20, 100, 0)
    assert chosen.teachers == ("careful", "chatty", "curt", "formal")
    assert chosen.rows == dict.fromkeys(chosen.teachers, 20)
    assert (chosen.left_out, chosen.unlabelled, chosen.shared) == ({"rare": 4}, 3, 20)


def test_many_answers_to_few_prompts_are_not_enough() -> None:
    narrow = [Sample(f"x{n}", "narrow", f"p{n % 5}", None) for n in range(100)]
    chosen = choose([*narrow, *responses(prompts=20)], 20, 100, 0)
    assert chosen.left_out == {"narrow": 100}


def test_teachers_keep_the_same_prompts() -> None:
    chosen = choose(responses(prompts=40), 20, 25, 0)
    kept: dict[int, set[str]] = {}
    for label, prompt in zip(chosen.labels, chosen.prompts, strict=True):
        kept.setdefault(label, set()).add(prompt)
    assert len(kept) == 4
    assert all(prompts == kept[0] for prompts in kept.values())
    assert len(kept[0]) == 25


def test_the_order_of_the_rows_changes_nothing_and_the_seed_does() -> None:
    samples = responses(prompts=40)
    assert choose(samples[::-1], 20, 25, 0) == choose(samples, 20, 25, 0)
    assert choose(samples, 20, 25, 1) != choose(samples, 20, 25, 0)


def test_prompts_that_one_teacher_answers_are_not_shared() -> None:
    apart = [
        each._replace(prompt=f"{each.teacher}: {each.prompt}") for each in responses(prompts=20)
    ]
    assert choose(apart, 20, 100, 0).shared == 0


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([], "none of the 0 responses names its teacher"),
        ([Sample("x", None, "p", None)] * 7, "none of the 7 responses .*--teacher FIELD"),
        (responses(("curt",)), r"all labelled responses are by one teacher: curt \(60\)"),
        (responses(prompts=5), r"0 of these teachers has at least 20 .*careful \(5\), chatty"),
    ],
    ids=["nothing", "unlabelled", "one teacher", "too few"],
)
def test_it_takes_two(samples: list[Sample], told: str) -> None:
    with pytest.raises(InputError, match=told):
        choose(samples, 20, 100, 0)
