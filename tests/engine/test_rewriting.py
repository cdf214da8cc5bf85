"""Hits are rewritten: what is taken, what is refused, what stays, and that nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks import PLAN as DROP_PLAN
from checks import files_of, go, write
from curate import ledger
from curate.errors import CurateError, OutageError, PlanError, PluginError
from curate.ledger import Entry
from curate.records import digest
from fakes import resolve


def line(n: int, answer: str, **more: Any) -> bytes:
    messages = [
        {"role": "user", "content": f"question {n}"},
        {"role": "assistant", "content": answer},
    ]
    row = {"big": 2**70, "id": f"r{n}", "messages": messages, "metadata": {"teacher": "Old"}}
    return json.dumps(row | more).encode() + b"\n"


def corpus(count: int = 7, every: int = 3, answer: str = "a bad, long answer") -> list[bytes]:
    return [line(n, answer if n % every == 0 else f"a fine answer {n}") for n in range(count)]


def plan(do: str, use: str = "word", more: str = "") -> str:
    return f"steps:\n- {{use: {use}, do: {{{do}}}{more}}}\n"


def run(folder: Path, text: str, rows: list[bytes] | None = None, **options: Any) -> Any:
    content = corpus() if rows is None else rows
    return go(text, [write(folder / "c.jsonl", *content)], folder / "out", **options)


def looks(out: Path) -> list[dict[str, Any]]:
    return [dict(look.rewrite) for each in entries(out) for look in each.trail if look.rewrite]


def entries(out: Path) -> list[Entry]:
    return list(ledger.entries(out))


def test_only_the_answer_and_the_teacher_of_the_hits_change(tmp_path: Path) -> None:
    lines = corpus()
    facts = run(tmp_path, plan("rewrite: {use: says}"), lines)
    kept = (tmp_path / "out" / "kept.jsonl").read_bytes().splitlines(keepends=True)
    for n, (old, new) in enumerate(zip(lines, kept, strict=True)):
        if n % 3:
            assert new == old
        else:
            wanted = old.replace(b"a bad, long answer", b"a better answer r%d" % n)
            assert new == wanted.replace(b'"Old"', b'"Clean"')
    assert (tmp_path / "out" / "replaced.jsonl").read_bytes() == b"".join(lines[::3])
    assert facts["counts"]["read"] == facts["counts"]["kept"] == 7
    told = facts["steps"][0]["rewrite"]
    assert (told["rewritten"], told["dropped"], told["teachers"]) == (3, 0, [["Old", "Clean", 3]])


def test_the_ledger_says_where_a_row_comes_from(tmp_path: Path) -> None:
    lines = corpus()
    run(tmp_path, plan("rewrite: {use: says}"), lines)
    new = (tmp_path / "out" / "kept.jsonl").read_bytes().splitlines()[3]
    entry = entries(tmp_path / "out")[3]
    old = lines[3].rstrip()
    assert (entry.digest, entry.written) == (digest(old), digest(new))
    assert entry.trail[0].rewrite == {
        "outcome": "rewritten",
        "use": "says",
        "version": "1",
        "tries": 1,
        "teacher": {"from": "Old", "to": "Clean"},
        "digest": {"from": digest(old), "to": digest(new)},
        "prompt_key": entry.trail[0].rewrite["prompt_key"],
        "turns": [1],
        "again": [{"step": "word", "score": 0.0, "hit": False}],
        "evidence": {"attempt": 0, "saw": "has_bad"},
    }
    assert all(not each.written for n, each in enumerate(entries(tmp_path / "out")) if n % 3)


@pytest.mark.parametrize(
    ("otherwise", "fate", "outcome"),
    [("drop", "dropped", "dropped"), ("keep", "kept", "kept"), ("flag", "kept", "flagged")],
)
def test_a_text_that_is_still_a_hit_is_not_taken(
    tmp_path: Path, otherwise: str, fate: str, outcome: str
) -> None:
    lines = corpus()
    says = "{use: says, with: {texts: [bad one, bad two, bad three, good]}}"
    do = f"rewrite: {says}, otherwise: {otherwise}"
    facts = run(tmp_path, plan(do), lines)
    assert [each.fate for each in entries(tmp_path / "out")][::3] == [fate] * 3
    for rewrite in looks(tmp_path / "out"):
        assert rewrite["outcome"] == outcome
        assert (rewrite["reason"], rewrite["tries"]) == ("still_hit", 3)
        assert rewrite["refused"] == {"still_hit": 3}
    files = files_of(tmp_path / "out")
    together = b"".join(files[name] for name in ledger.ROWS.values()).splitlines(keepends=True)
    assert sorted(together) == sorted(lines)
    assert facts["steps"][0]["rewrite"][outcome] == 3


def test_another_try_is_taken(tmp_path: Path) -> None:
    run(tmp_path, plan("rewrite: {use: says, with: {texts: [bad one, '', good enough]}}"))
    for rewrite in looks(tmp_path / "out"):
        assert (rewrite["outcome"], rewrite["tries"]) == ("rewritten", 3)
        assert rewrite["refused"] == {"still_hit": 1, "empty": 1}


@pytest.mark.parametrize(
    ("options", "more", "reason"),
    [
        ("texts: ['  ']", "", "empty"),
        ("texts: [short], finish: length", "", "cut_off"),
        ("texts: [x]", "", "length"),
        (f"texts: [{'long ' * 60}]", "", "length"),
        (f"texts: [{'long ' * 60}]", ", length: [0, 1000]", ""),
        ("texts: ['a bad, long answer']", "", "unchanged"),
        ('texts: ["I\'m sorry, but I cannot help with that request."]', "", "guard:refusals"),
        ('texts: ["I\'m sorry, but I cannot help with that request."]', ", guards: []", ""),
        ("texts: []", "", "no_more"),
    ],
)
def test_guards(tmp_path: Path, options: str, more: str, reason: str) -> None:
    run(tmp_path, plan(f"rewrite: {{use: says, with: {{{options}}}}}, tries: 1{more}"))
    told = looks(tmp_path / "out")
    assert len(told) == 3
    assert {rewrite.get("reason", "") for rewrite in told} == {reason}


def test_a_refusal_may_take_the_place_of_a_refusal(tmp_path: Path) -> None:
    refusal = "I'm sorry, but I cannot help with that request."
    do = f'rewrite: {{use: says, with: {{texts: ["{refusal}"]}}}}'
    run(tmp_path, plan(do), corpus(answer=f"bad! {refusal}"))
    assert {rewrite["outcome"] for rewrite in looks(tmp_path / "out")} == {"rewritten"}


def test_an_earlier_step_that_drops_must_not_hit_the_new_text(tmp_path: Path) -> None:
    text = (
        "steps:\n- {use: word, name: worse, with: {word: worse}, do: drop}\n"
        "- {use: word, name: note, with: {word: note}, do: flag}\n"
        "- {use: word, do: {rewrite: {use: says, with: {texts: [worse yet, note this]}}}}\n"
    )
    run(tmp_path, text)
    for rewrite in looks(tmp_path / "out"):
        assert rewrite["outcome"] == "rewritten"
        assert rewrite["refused"] == {"hit:worse": 1}
        assert [(each["step"], each["hit"]) for each in rewrite["again"]] == [
            ("worse", False),
            ("note", True),
            ("word", False),
        ]


def test_later_steps_see_the_new_text(tmp_path: Path) -> None:
    text = (
        "steps:\n- {use: word, do: {rewrite: {use: says, with: {texts: [all the same now]}}}}\n"
        "- {use: word, name: same, with: {word: same}, do: flag}\n"
        "- {use: first, do: drop}\n"
        "- {use: word, name: after, with: {word: same}, do: flag, only: word}\n"
    )
    lines = [line(0, "bad thing", id="x"), line(0, "bad stuff", id="x"), line(1, "bad")]
    facts = run(tmp_path, text, lines)
    found = entries(tmp_path / "out")
    assert [each.fate for each in found] == ["kept", "dropped", "kept"]
    assert [look.hit for look in found[0].trail] == [True, True, False, True]
    dropped = (tmp_path / "out" / "dropped.jsonl").read_bytes()
    assert digest(dropped.rstrip()) == found[1].written  # what was dropped is what was judged
    assert (tmp_path / "out" / "replaced.jsonl").read_bytes() == b"".join(lines)
    assert facts["counts"]["dropped"] == 1


def test_two_steps_may_rewrite_one_record(tmp_path: Path) -> None:
    text = (
        "steps:\n- {use: word, do: {rewrite: {use: erases, with: {word: bad}}}}\n"
        "- {use: word, name: long, with: {word: long}, "
        "do: {rewrite: {use: says, with: {texts: [a second text], teacher: Other}}}}\n"
    )
    lines = corpus()
    run(tmp_path, text, lines)
    entry = entries(tmp_path / "out")[0]
    one, two = (look.rewrite for look in entry.trail)
    assert one["digest"]["from"] == entry.digest == digest(lines[0].rstrip())
    assert one["digest"]["to"] == two["digest"]["from"]
    assert two["digest"]["to"] == entry.written
    assert (one["teacher"], two["teacher"]) == (
        {"from": "Old", "to": "Old"},
        {"from": "Old", "to": "Other"},
    )
    assert (tmp_path / "out" / "replaced.jsonl").read_bytes() == b"".join(lines[::3])


def test_a_cumulative_rewriter_goes_on_from_its_last_text(tmp_path: Path) -> None:
    run(tmp_path, plan("rewrite: {use: erases}"), corpus(answer="bad and bad, once more bad"))
    kept = json.loads((tmp_path / "out" / "kept.jsonl").read_bytes().splitlines()[0])
    assert kept["messages"][1]["content"] == "[gone] and [gone], once more [gone]"
    assert kept["metadata"]["teacher"] == "Old"
    (rewrite, *_) = looks(tmp_path / "out")
    assert (rewrite["tries"], rewrite["refused"]) == (3, {"still_hit": 2})


def test_who_wrote_how_much(tmp_path: Path) -> None:
    facts = run(tmp_path, plan("rewrite: {use: says, with: {texts: [one two three]}}"))
    assert facts["teachers"] == [
        {
            "teacher": "Old",
            "rows_read": 7,
            "characters_read": 114,
            "rows_kept": 4,
            "characters_kept": 60,
        },
        {
            "teacher": "Clean",
            "rows_read": 0,
            "characters_read": 0,
            "rows_kept": 3,
            "characters_kept": 39,
        },
    ]


def test_a_row_without_a_place_for_its_teacher_keeps_its_form(tmp_path: Path) -> None:
    lines = [line(0, "bad stuff", metadata={}), line(1, "fine", metadata={})]
    text = "input: {teacher_is: Old}\n" + plan("rewrite: {use: says}")
    facts = run(tmp_path, text + "- {use: first, do: drop}\n", lines)
    kept = (tmp_path / "out" / "kept.jsonl").read_bytes().splitlines(True)
    assert kept == [lines[0].replace(b"bad stuff", b"a better answer r0"), lines[1]]
    assert [row["teacher"] for row in facts["teachers"]] == ["Old", "Clean"]
    assert looks(tmp_path / "out")[0]["teacher"] == {"from": "Old", "to": "Clean"}


def test_blank_lines_line_ends_and_the_last_line(tmp_path: Path) -> None:
    one, two, three = (line(n, "bad stuff")[:-1] for n in range(3))
    content = b"\xef\xbb\xbf\n" + one + b"\r\n  \r\n" + two + b"\n\n \t" + b"\n" + three
    run(tmp_path, plan("rewrite: {use: says}"), [content])
    replaced = (tmp_path / "out" / "replaced.jsonl").read_bytes()
    assert b"\xef\xbb\xbf" + replaced == content + b"\n"
    kept = (tmp_path / "out" / "kept.jsonl").read_bytes()
    assert [row[-2:] for row in kept.splitlines(True)] == [b"\r\n", b"}\n", b"}\n"]
    originals = list(ledger.originals(tmp_path / "out"))
    assert b"".join(original for _, original in originals) == replaced
    assert [entry is None for entry, _ in originals] == [
        True,
        False,
        True,
        False,
        True,
        True,
        False,
    ]


def test_a_line_that_is_no_record_is_not_rewritten(tmp_path: Path) -> None:
    lines = [b'{"a": "bad"}\n', line(1, "bad stuff")]
    facts = run(tmp_path, plan("rewrite: {use: says}, otherwise: flag"), [*lines[1:], lines[0]])
    assert facts["steps"][0]["rewrite"]["reasons"] == {"not_a_record": 1}
    assert (tmp_path / "out" / "kept.jsonl").read_bytes().endswith(lines[0])


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("short", "returned 2 answers for 3 hits"),
        ("none", "is NoneType; it must be"),
        ("turn", "names turn 9; the record has 2 turns, from 0"),
        ("no turns", "needs a new text for at least one turn"),
        ("bytes", "gives bytes as a text"),
        ("evidence", "evidence that is not JSON"),
        ("no reason", "needs a reason"),
        ("open", "cannot be opened: RuntimeError: no such model"),
        ("raises", "c.jsonl:1: ValueError: cannot write this"),
        ("stranger", "c.jsonl:1: NotARecord: says so itself"),
    ],
)
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_broken_promise_is_named(tmp_path: Path, how: str, told: str, executor: str) -> None:
    text = plan(f"rewrite: {{use: always, with: {{how: {how}}}}}")
    with pytest.raises(PluginError, match="step 'word'") as caught:
        run(tmp_path, text, executor=executor)
    assert told in str(caught.value)
    assert not (tmp_path / "out" / "run.json").exists()


def test_a_rewriter_that_raises_quarantines_the_record(tmp_path: Path) -> None:
    text = plan(
        "rewrite: {use: always, with: {how: raises}}",
        more=", on_error: quarantine, max_errors: 9",
    )
    facts = run(tmp_path, text)
    assert (facts["counts"]["kept"], facts["counts"]["quarantined"]) == (4, 3)
    assert facts["steps"][0]["errors"] == 3
    assert (tmp_path / "out" / "quarantined.jsonl").read_bytes() == b"".join(corpus()[::3])


def test_an_outage_is_no_verdict_and_the_run_goes_on_after_it(tmp_path: Path) -> None:
    back = tmp_path / "back"
    text = plan(f"rewrite: {{use: unreachable, with: {{back: '{back}'}}}}")
    with pytest.raises(OutageError, match="the teacher at localhost does not answer"):
        run(tmp_path, text)
    assert not (tmp_path / "out" / "run.json").exists()
    back.touch()
    facts = run(tmp_path, text)
    assert facts["steps"][0]["rewrite"]["rewritten"] == 3


@pytest.mark.parametrize("dies", [False, True])
def test_a_record_the_rewriter_hangs_on_or_dies_of_is_found(tmp_path: Path, dies: bool) -> None:
    lines = [*corpus(), line(7, "a terrible, bad answer"), *corpus(3)]
    do = f"rewrite: {{use: stuck, with: {{dies: {str(dies).lower()}}}}}"
    text = plan(do, more=", on_error: quarantine, max_errors: 1, timeout: 1.5")
    facts = run(tmp_path, text, lines, executor="processes")
    assert (tmp_path / "out" / "quarantined.jsonl").read_bytes() == lines[7]
    assert facts["steps"][0]["rewrite"]["rewritten"] == 4


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_the_same_bytes_for_any_number_of_workers(tmp_path: Path, executor: str) -> None:
    text = plan("rewrite: {use: says, with: {texts: [bad, good]}}") + "- {use: first, do: drop}\n"
    file = write(tmp_path / "c.jsonl", *corpus(60))
    outs = []
    for workers, size in ((1, 60), (1, 7), (3, 7)):
        out = tmp_path / f"{workers}-{size}"
        go(text, [file], out, executor=executor, workers=workers, lines=size)
        outs.append(files_of(out))
    assert all(out[name] == outs[0][name] for out in outs for name in ledger.OUTPUTS)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_crash_changes_nothing(tmp_path: Path, at: int) -> None:
    from checks import crash

    text = plan("rewrite: {use: says}") + "- {use: first, do: drop}\n"
    file = write(tmp_path / "c.jsonl", *corpus(20))
    go(text, [file], tmp_path / "whole", lines=4)
    crash(file, tmp_path / "out", 4, at, 0.0, text)
    go(text, [file], tmp_path / "out", lines=4)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps:\n- {use: first, do: drop}\n- {use: word, do: {rewrite: {use: says}}}\n",
            "plan:3: steps.1.do: 'first' compares records with each other, so it must see the "
            "texts that are written: move it below 'word'",
        ),
        (plan("rewrite: {use: says}", use="first"), "'first' compares records with each other and"),
        (plan("rewrite: {use: sais}"), "no rewriter named 'sais'; did you mean 'says'?"),
        (plan("rewrite: {use: word}"), "'word' is a filter; a rewriter is needed here"),
        (plan("rewrite: {use: says, with: {txts: []}}"), "unknown key 'txts'"),
        (plan("rewrite: {use: says}, otherwise: burn"), "must be 'drop', 'keep' or 'flag'"),
        (plan("rewrite: {use: says}, guards: [{use: first}]"), "'first' cannot be a guard"),
        (plan("rewrite: {use: says}, guards: [{use: wrod}]"), "no filter named 'wrod'"),
        (plan("rewrite: {use: says}, guards: [{use: word, when: {at_least: -1}}]"), "no score of"),
        (plan("rewrite: {use: says}, length: [3, 1]"), "needs 0 <= low <= high"),
        (plan("rewrit: {use: says}"), "unknown key 'rewrit'; did you mean 'rewrite'"),
        ("steps: [{use: word, do: burn}]", "must be 'flag' or 'drop', not 'burn'"),
    ],
)
def test_a_mistake_in_the_plan_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(PlanError) as caught:
        resolve(text)
    assert told in str(caught.value)
    assert "plan:" in str(caught.value)


def test_another_rewriter_is_another_run(tmp_path: Path) -> None:
    run(tmp_path, plan("rewrite: {use: says}"))
    with pytest.raises(CurateError, match="belongs to another run"):
        run(tmp_path, plan("rewrite: {use: says, with: {teacher: Third}}"))


def test_without_rewriting_nothing_is_replaced(tmp_path: Path) -> None:
    facts = run(tmp_path, DROP_PLAN)
    assert "teachers" not in facts
    assert (tmp_path / "out" / "replaced.jsonl").read_bytes() == b""


def test_much_rewritten_text_does_not_fill_the_pipes(tmp_path: Path) -> None:
    """A worker that sends its answer reads nothing: what it is given meanwhile must be small."""
    words = "good words " * 200
    text = plan(f"rewrite: {{use: says, with: {{texts: ['{words}']}}}}, length: [0, 100000]")
    text += "- {use: first, do: drop}\n"
    lines = [line(n, "a bad answer") for n in range(6000)]
    facts = run(tmp_path, text, lines, executor="processes", workers=2, lines=1000)
    assert facts["steps"][0]["rewrite"]["rewritten"] == 6000


@pytest.mark.parametrize("only", ["", ", only: alpha"])
@pytest.mark.parametrize("kind", ["hangs", "dies"])
def test_a_new_text_on_which_an_earlier_step_hangs_is_the_matter_of_the_rewriting_step(
    tmp_path: Path, kind: str, only: str
) -> None:
    text = (
        "steps:\n- {use: word, name: alpha, with: {word: alpha}}\n"
        f"- {{use: {kind}, with: {{word: terrible}}{only}}}\n"
        "- {use: word, do: {rewrite: {use: says, with: {texts: [alpha terrible]}}}, "
        "on_error: quarantine, max_errors: 9, timeout: 1.5}\n"
    )
    facts = run(tmp_path, text, executor="processes")
    assert (facts["counts"]["kept"], facts["counts"]["quarantined"]) == (4, 3)
    assert {each.by for each in entries(tmp_path / "out")[::3]} == {"word"}


@pytest.mark.parametrize("earlier", ["flag", "drop"])
def test_a_filter_that_breaks_on_a_new_text_is_the_matter_of_the_rewriting_step(
    tmp_path: Path, earlier: str
) -> None:
    text = (
        f"steps:\n- {{use: raises, with: {{word: odd}}, do: {earlier}}}\n"
        "- {use: word, do: {rewrite: {use: says, with: {texts: [an odd text]}}}%s}\n"
    )
    with pytest.raises(PluginError, match=r"'word' failed on .*on the new text, raises: ValueErr"):
        run(tmp_path, text % "")
    facts = run(tmp_path, text % ", on_error: quarantine, max_errors: 9", fresh=True)
    assert facts["counts"]["quarantined"] == facts["steps"][1]["errors"] == 3


def test_a_guard_that_breaks_goes_by_the_policy_of_its_step(tmp_path: Path) -> None:
    do = "rewrite: {use: says}, guards: [{use: raises, with: {word: better}}]"
    with pytest.raises(PluginError, match=r"on the new text, word: guard raises: ValueError"):
        run(tmp_path, plan(do))
    text = plan(do, more=", on_error: quarantine, max_errors: 9")
    assert run(tmp_path, text, fresh=True)["counts"]["quarantined"] == 3


@pytest.mark.parametrize("unsure", ["keep", "drop", "quarantine"])
def test_an_abstention_on_the_new_text_means_what_its_step_says(
    tmp_path: Path, unsure: str
) -> None:
    text = (
        f"steps:\n- {{use: unsure, with: {{word: better}}, unsure: {unsure}}}\n"
        "- {use: word, do: {rewrite: {use: says}}}\n"
    )
    run(tmp_path, text)
    outcome = "rewritten" if unsure == "keep" else "dropped"
    told = looks(tmp_path / "out")
    assert {rewrite["outcome"] for rewrite in told} == {outcome}
    if unsure != "keep":
        assert told[0]["refused"] == {"unsure": 1}


def test_the_steps_a_hit_goes_by_must_be_clean(tmp_path: Path) -> None:
    """`select, only: word` picks what `word` flagged; `word` judges the new text, `select` not."""
    text = (
        "steps:\n- {use: word}\n"
        "- {use: select, only: word, do: {rewrite: {use: says, with: {texts: [bad, good one]}}}}\n"
    )
    run(tmp_path, text)
    for rewrite in looks(tmp_path / "out"):
        assert rewrite["outcome"] == "rewritten"
        assert rewrite["refused"] == {"hit:word": 1}
        assert [each["step"] for each in rewrite["again"]] == ["word"]


@pytest.mark.parametrize("new", ["plain text", "alpha text"])
def test_a_step_with_only_sees_a_new_text_that_its_step_hits(tmp_path: Path, new: str) -> None:
    text = (
        "steps:\n- {use: word, name: alpha, with: {word: alpha}}\n"
        "- {use: word, name: beta, with: {word: text}, only: alpha}\n"
        f"- {{use: word, do: {{rewrite: {{use: says, with: {{texts: [{new}]}}}}}}}}\n"
    )
    run(tmp_path, text)
    seen = [each["step"] for each in looks(tmp_path / "out")[0]["again"]]
    assert seen == (["alpha", "beta", "word"] if "alpha" in new else ["alpha", "word"])


def test_a_dropped_record_is_not_rewritten(tmp_path: Path) -> None:
    text = (
        "judge_dropped: true\nsteps:\n- {use: word, name: long, with: {word: long}, do: drop}\n"
        "- {use: word, do: {rewrite: {use: says}}}\n"
    )
    facts = run(tmp_path, text)
    assert (facts["steps"][1]["hits"], facts["steps"][1]["rewrite"]["seen"]) == (3, 4)
    assert looks(tmp_path / "out") == []
    assert (tmp_path / "out" / "replaced.jsonl").read_bytes() == b""


def test_the_passes_of_a_cumulative_rewriter_are_all_told(tmp_path: Path) -> None:
    run(tmp_path, plan("rewrite: {use: erases}"), corpus(answer="bad and bad"))
    (rewrite, *_) = looks(tmp_path / "out")
    assert len(rewrite["evidence"]["passes"]) == 2


def test_a_rewriter_s_own_reason_is_told(tmp_path: Path) -> None:
    run(tmp_path, plan("rewrite: {use: says, with: {texts: [bad]}}"))
    for rewrite in looks(tmp_path / "out"):
        assert (rewrite["reason"], rewrite["refused"]) == ("no_more", {"still_hit": 1})


def test_who_wrote_a_record_that_two_steps_have_rewritten(tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "12345"},
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "bad"},
    ]
    row = json.dumps({"messages": messages, "teacher": "Old"}).encode() + b"\n"
    text = (
        "steps:\n- {use: word, do: {rewrite: {use: says, with: {texts: [two three]}}}}\n"
        "- {use: word, name: next, with: {word: three}, "
        "do: {rewrite: {use: erases, with: {word: three}}}}\n"
    )
    facts = run(tmp_path, text, [row])
    kept = {each["teacher"]: each["characters_kept"] for each in facts["teachers"]}
    assert kept == {"Old": 5, "Clean": len("two [gone]")}


def test_a_later_stage_knows_the_new_teacher(tmp_path: Path) -> None:
    text = (
        "input: {teacher_is: Old}\nsteps:\n- {use: word, do: {rewrite: {use: says}}}\n"
        "- {use: first, do: drop}\n- {use: provenance, with: {teachers: [Clean]}}\n"
    )
    facts = run(tmp_path, text, [line(n, "bad" if n else "fine", metadata={}) for n in range(3)])
    assert facts["steps"][2]["hits"] == facts["steps"][0]["rewrite"]["rewritten"] == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("guards: [{use: word}]", "guards: [{use: word, when: {at_least: 2}}]"),
        ("guards: []", "guards: [{use: word}]"),
        ("tries: 1", "tries: 2"),
        ("otherwise: drop", "otherwise: keep"),
        ("length: [0, 9]", "length: [0, 8]"),
    ],
)
def test_everything_that_decides_is_part_of_the_identity(one: str, other: str) -> None:
    digests = {resolve(plan(f"rewrite: {{use: says}}, {each}")).digest() for each in (one, other)}
    assert len(digests) == 2


def test_every_plugin_of_a_step_is_known_with_its_path() -> None:
    (step,) = resolve(plan("rewrite: {use: says}, guards: [{use: word}]")).steps
    assert [path for path, _ in step.plugins()] == ["", "do.rewrite", "do.guards.0"]


def test_a_slow_rewriter_has_the_time_that_it_declares() -> None:
    (step,) = resolve(plan("rewrite: {use: patient}")).steps
    assert step.timeout == 5000.0


def test_in_threads_a_rewriter_and_its_guards_are_called_one_at_a_time(tmp_path: Path) -> None:
    text = plan("rewrite: {use: alone}, guards: [{use: alone_too}]")
    lines = corpus(400, every=2)
    run(tmp_path, text, lines, executor="threads", workers=4, lines=10)


def test_what_was_taken_out_must_not_stand_elsewhere_in_the_row(tmp_path: Path) -> None:
    do = "rewrite: {use: erases, with: {word: bad}}, otherwise: flag"
    lines = [line(0, "a bad one"), line(1, "a bad one", copy={"of": ["it: a bad one"]})]
    run(tmp_path, plan(do, use="regex", more=", with: {patterns: {bad: bad}}"), lines)
    first, second = looks(tmp_path / "out")
    assert first["outcome"] == "rewritten"
    assert (second["outcome"], second["reason"]) == ("flagged", "stands_elsewhere")


def test_many_passes_are_one_try(tmp_path: Path) -> None:
    do = "rewrite: {use: erases, with: {word: bad}}, tries: 1"
    run(tmp_path, plan(do), corpus(answer="bad " * 40))
    assert {rewrite["outcome"] for rewrite in looks(tmp_path / "out")} == {"rewritten"}
