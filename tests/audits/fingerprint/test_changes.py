"""Which rows before and after belong together, and what changed between them."""

from hypothesis import given
from hypothesis import strategies as st

import audit_corpora as planted
from curate.audits.fingerprint import audit
from curate.audits.fingerprint.changes import Changes
from curate.audits.fingerprint.matching import match
from curate.fitting.fingerprint.samples import Sample

rows_of = st.lists(
    st.builds(Sample, st.sampled_from("abc"), st.none(), st.sampled_from(["p", "q"]), st.none()),
    max_size=12,
)


@given(rows_of, rows_of)
def test_every_row_is_matched_once_or_gone_or_new(
    before: list[Sample], after: list[Sample]
) -> None:
    found = match(before, after)
    pairs = [*found.same, *found.rewritten]
    assert len({one for one, _ in pairs}) == len({two for _, two in pairs}) == len(pairs)
    assert all(before[one].prompt == after[two].prompt for one, two in pairs)
    assert all(before[one].text == after[two].text for one, two in found.same)
    assert found.gone == len(before) - len(pairs) >= 0
    assert found.new == len(after) - len(pairs) >= 0


@given(rows_of)
def test_a_corpus_is_unchanged_against_itself(rows: list[Sample]) -> None:
    found = match(rows, rows[::-1])
    assert len(found.same) == len(rows)


def test_a_row_in_place_of_another_is_rewritten() -> None:
    before = [Sample(text, None, "p", None) for text in ("one", "two", "three")]
    after = [before[2], Sample("new", None, "p", None), Sample("far", None, "q", None)]
    found = match(before, after)
    assert found.same == [(2, 0)]
    assert found.rewritten == [(0, 1)]
    assert (found.gone, found.new) == (1, 1)


def change(before: list[Sample], after: list[Sample]) -> Changes:
    corpus = planted.samples(100, seed=1)
    quick = audit.Settings(splits=2, arms=False, strangers=False, sources=False)
    report = audit.audit(planted.corpus(corpus), quick, matched=match(before, after))
    assert report.changes is not None
    return report.changes


def test_a_filter_changes_little() -> None:
    before = planted.samples(100, seed=1)
    after = [row for n, row in enumerate(before) if n % 7]
    found = change(before, after)
    assert (found.gone, found.rewritten, found.unchanged) == (43, 0, 257)
    assert found.kept is not None
    assert abs(found.kept.change.value) < 0.05
    assert found.kept.change.low < 0 < found.kept.change.high
    assert found.rewrite is None


def test_a_switch_of_teachers_changes_the_rewritten_rows() -> None:
    before = [row for row in planted.samples(100, seed=1) if row.teacher != "cyd"]
    other = {row.prompt: row for row in planted.samples(100, seed=1) if row.teacher == "cyd"}
    after = [other[row.prompt] if row.teacher == "ada" else row for row in before]
    found = change(before, after)
    assert (found.gone, found.rewritten) == (0, 100)
    assert found.rewrite is not None
    assert found.rewrite.verdict == "changed"
    assert found.rewrite.old_before.value > 0.7
    assert found.rewrite.old_after.value < 0.3
    assert found.rewrite.new_after is not None
    assert found.rewrite.new_after.value > 0.7
    assert found.after is not None
    assert found.after.shares["cyd"].value > 0.35
    assert found.after.shares["ada"].value < 0.15
    assert found.declared_after == {"bob": 0.5, "cyd": 0.5}


def test_a_paraphrase_by_the_same_teacher_is_not_called_a_change() -> None:
    before = [row for row in planted.samples(100, seed=1) if row.teacher == "ada"]
    again = [row for row in planted.samples(100, seed=2) if row.teacher == "ada"]
    found = change(before, again)
    assert found.rewritten == 100
    assert found.rewrite is not None
    assert found.rewrite.verdict == "not shown"
    assert found.rewrite.new_after is None


def test_rows_of_teachers_nobody_knows_are_not_judged() -> None:
    before = [row._replace(teacher="zoe") for row in planted.samples(50, seed=3)]
    found = change(before, before[:100])
    assert found.kept is None
    assert found.declared_before == {"zoe": 1.0}
    assert found.strangers == ("zoe",)


def test_a_dropped_row_is_not_taken_for_another_teacher_s_answer_to_its_prompt() -> None:
    before = [Sample("old", "a", "p", None, "a:1"), Sample("kept", "b", "p", None, "b:1")]
    matched = match([before[0]], [before[1]])
    assert (matched.rewritten, matched.gone, matched.new) == ([], 1, 1)
    switched = before[0]._replace(text="new", teacher="c")
    matched = match(before, [before[1], switched])
    assert (matched.same, matched.rewritten, matched.gone) == ([(1, 0)], [(0, 1)], 0)
