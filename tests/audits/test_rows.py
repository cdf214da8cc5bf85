"""Rows of real runs as students learn them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import rewritten_runs
import rollout_rows
from curate.api import Context, GaveUp, Hit, Message, Replacement, Rewrite, Rewriter
from curate.audits.rows import Material, of_run
from curate.errors import InputError, UsageError
from curate.rewriters.replay import Replay
from fake_runs import SECRET, facts, make_run, row

CTX = Context()


class Polite(Rewriter):
    """Has another answer for every row but those that ask `unheard`."""

    name = "polite"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        yield lambda hits: [self._answer(hit) for hit in hits]

    def _answer(self, hit: Hit) -> Replacement | GaveUp:
        turn = hit.record.response_turn
        if turn is None or "unheard" in hit.record.prompt:
            return GaveUp("no_match")
        return Replacement({turn: f"please: {hit.record.response}"}, "polite-1")


def _said(*turns: tuple[str, str]) -> tuple[Message, ...]:
    return tuple(Message(*turn) for turn in turns)


def _messages(name: str, turns: Iterable[Mapping[str, object]]) -> bytes:
    return json.dumps({"id": name, "messages": list(turns)}).encode() + b"\n"


ODD = [
    b"no json at all\n",
    b"[1, 2]\n",
    _messages("asks only", [{"role": "user", "content": "hello?"}]),
    _messages("blank", [{"role": "user", "content": "q"}, {"role": "assistant", "content": "  "}]),
    _messages(
        "tools",
        [
            {"role": "user", "content": "q"},
            {"role": "tool", "content": "12 degrees"},
            {"role": "assistant", "content": "it is cold"},
        ],
    ),
]


class TestRows:
    def test_a_row_is_what_was_read_what_is_left_and_what_hit_it(self, tmp_path: Path) -> None:
        rows = [row("good", source="books", teacher="ada"), row("bad", answer=f"key {SECRET}")]
        good, bad = of_run(make_run(tmp_path, rows), CTX).rows
        assert good.original == good.now == _said(("user", "why?"), ("assistant", "because"))
        assert (good.key, good.teacher, good.source, good.clean) == ("good", "ada", "books", None)
        assert good.hits == frozenset()
        assert good.scores == {"secrets": 0.0, "size": 7.0}
        assert (bad.now, bad.hits) == (None, {"secrets"})
        assert good.prompt == _said(("user", "why?"))
        assert (good.answer, good.length) == ("because", 7)

    def test_no_record_gets_lost(self, tmp_path: Path) -> None:
        rows = [*ODD, *(row(f"r{n}", answer=SECRET if n % 3 == 0 else "fine") for n in range(9))]
        run = make_run(tmp_path, rows)
        known = of_run(run, CTX)
        told = facts(run)["counts"]
        assert known.left_out == {
            "not_json": 1,
            "not_a_record": 1,
            "no_response": 2,
            "uses_tools": 1,
        }
        read = len(known.rows) + sum(known.left_out.values())
        assert read == told["kept"] + told["dropped"] + told["quarantined"] == len(rows)

    def test_what_follows_the_last_answer_is_not_learned(self, tmp_path: Path) -> None:
        turns = [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "one"},
            {"role": "assistant", "content": SECRET},
            {"role": "user", "content": "two"},
        ]
        (found,) = of_run(make_run(tmp_path, [_messages("long", turns)]), CTX).rows
        assert found.original == _said(("system", "s"), ("user", "one"), ("assistant", SECRET))

    def test_rows_of_one_id_have_keys_of_their_own(self, tmp_path: Path) -> None:
        names = ["a", "a#1", "a", "a", "b"]
        rows = [row(name, answer=SECRET if n == 2 else "fine") for n, name in enumerate(names)]
        known = of_run(make_run(tmp_path, rows), CTX)
        keys = [each.key for each in known.rows]
        assert len(set(keys)) == len(rows)
        assert keys[:2] == ["a", "a#1"]
        assert len(known.hits) == 1


class TestRewritten:
    def test_a_rewritten_row_is_known_before_and_after(self, tmp_path: Path) -> None:
        files = {"c.jsonl": row("x", answer="a bad one") + row("y", answer="fine")}
        run = rewritten_runs.make(tmp_path, files)
        changed, kept = of_run(run, CTX).rows
        assert changed.answer == "a bad one"
        assert changed.now is not None
        assert changed.now[-1].content == "a good answer"
        assert changed.switched == changed.now
        assert kept.now == kept.original
        assert kept.switched is None

    def test_what_could_not_be_rewritten_is_dropped(self, tmp_path: Path) -> None:
        files = {"c.jsonl": row("x", answer="bad and none") + row("y", answer="bad but stuck")}
        rows = of_run(rewritten_runs.make(tmp_path, files), CTX).rows
        assert [each.now for each in rows] == [None, None]
        assert [each.hits for each in rows] == [{"holds"}, {"holds"}]


class TestSteps:
    def test_hits_are_of_the_steps_that_act_or_those_that_are_named(self, tmp_path: Path) -> None:
        rows = [row("short"), row("long", answer="x" * 200), row("key", answer=SECRET)]
        run = make_run(tmp_path, rows)
        assert of_run(run, CTX).hits == {"key"}
        assert of_run(run, CTX, ["size"]).hits == {"long"}
        assert of_run(run, CTX, ["size", "secrets"]).hits == {"key", "long"}

    def test_a_step_that_is_not_there_is_named_with_one_that_is(self, tmp_path: Path) -> None:
        run = make_run(tmp_path, [row("key", answer=SECRET)])
        with pytest.raises(UsageError, match=r"no step 'secret'.*secrets"):
            of_run(run, CTX, ["secret"])

    def test_a_run_that_only_flags_says_how_to_go_on(self, tmp_path: Path) -> None:
        run = make_run(tmp_path, [row("x")], "steps: [{use: secrets, do: flag}]")
        with pytest.raises(UsageError, match="name the step to audit: --step secrets"):
            of_run(run, CTX)

    def test_without_a_hit_there_is_nothing_to_compare(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="'secrets' hit none of the 1 records"):
            of_run(make_run(tmp_path, [row("x")]), CTX)

    def test_what_is_no_run_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            of_run(tmp_path, CTX)


class TestClean:
    def _run(self, folder: Path, *rows: bytes) -> Path:
        return make_run(folder, [row("key", answer=SECRET), *rows])

    def _known(self, run: Path, clean: Rewriter) -> Material:
        return of_run(run, CTX, clean=clean)

    def test_a_clean_teacher_answers_every_row_or_says_why_not(self, tmp_path: Path) -> None:
        run = self._run(tmp_path, row("a"), row("b", "unheard of?"))
        known = self._known(run, Polite())
        assert [each.clean and each.clean[-1].content for each in known.rows] == [
            f"please: {SECRET}",
            "please: because",
            None,
        ]
        assert known.lacking == {"no_match": 1}
        assert known.rows[0].switched == known.rows[0].clean

    def test_only_the_last_answer_is_another_teachers(self, tmp_path: Path) -> None:
        roles = ["user", "assistant"] * 2
        turns = [{"role": role, "content": str(n)} for n, role in enumerate(roles)]
        run = self._run(tmp_path, _messages("long", turns))
        assert self._known(run, Polite()).rows[1].clean == _said(
            ("user", "0"), ("assistant", "1"), ("user", "2"), ("assistant", "please: 3")
        )

    def test_clean_rollouts_are_read_as_the_run_read_its_rows(self, tmp_path: Path) -> None:
        text = "input: {teacher: author, aliases: {old: [Old]}}\nsteps: [{use: secrets, do: drop}]"
        mine = [row("key", answer=SECRET, author="Old"), row("x", author="old")]
        run = make_run(tmp_path, mine, text)
        theirs: Sequence[rollout_rows.Row] = [
            rollout_rows.row("why?", "I would not know", author="old"),
            rollout_rows.row("why?", "for good reasons", author="new"),
        ]
        pool = rollout_rows.write(tmp_path / "pool.jsonl", theirs)
        ctx = Context(cache=tmp_path / "cache")
        known = of_run(run, ctx, clean=Replay(index=pool))
        answers = Counter(each.clean and each.clean[-1].content for each in known.rows)
        assert answers == {"for good reasons": 2}
