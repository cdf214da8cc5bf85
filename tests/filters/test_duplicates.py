import hashlib
import json
import pickle
import random
import sys
import tracemalloc
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import checks
from checks import crash, files_of, go, tear, write
from curate import ledger, plan, registry
from curate.api import Context, Rule, Verdict
from curate.errors import OutageError, ResumeError, UsageError
from curate.filters import duplicates
from curate.filters.duplicates import Duplicates, FirstWins
from curate.filters.minhash import SCHEME
from curate.records import Record, Turn, View


class Pairs:
    """A shape whose rows are {"turns": [[role, text], …]}."""

    name = "pairs"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return tuple(Turn(role, text) for role, text in row["turns"])


def record(*turns: tuple[str, str], **fields: object) -> Record:
    raw = json.dumps({"turns": turns, **fields}).encode()
    return Record(raw, 1, "rows.jsonl", View(Pairs()))


def judge(filter_: Duplicates, *records: Record) -> list[Verdict]:
    with filter_.open(Context()) as judge_:
        return list(judge_(records))


def signature(filter_: Duplicates, one: Record) -> bytes | Verdict:
    with filter_.signer(Context()) as sign:
        return sign([one])[0]


ASK = ("user", "Name a colour.")
RED, BLUE = ("assistant", "Red."), ("assistant", "Blue.")


def test_the_first_stays_and_a_repeat_names_it() -> None:
    verdicts = judge(Duplicates(), record(ASK, RED), record(ASK, BLUE), record(ASK, RED))
    assert verdicts == [
        Verdict(0.0),
        Verdict(0.0),
        Verdict(1.0, "duplicate", {"of": 0}),
    ]


def test_a_third_copy_names_the_first() -> None:
    verdicts = judge(Duplicates(), *[record(ASK, RED)] * 3)
    assert [verdict.evidence.get("of") for verdict in verdicts] == [None, 0, 0]


def test_only_a_repeat_is_a_hit() -> None:
    assert [Duplicates.rule.hit(score) for score in (0.0, 1.0)] == [False, True]


SYSTEM = ("system", "Be brief.")


@pytest.mark.parametrize(
    ("by", "first", "second", "same"),
    [
        pytest.param("conversation", [ASK, RED], [ASK, BLUE], False, id="other-response"),
        pytest.param("conversation", [ASK, RED], [SYSTEM, ASK, RED], False, id="other-system"),
        pytest.param(
            "conversation", [ASK, RED], [ASK, RED, ("rejected", "Sky.")], False, id="rejected-too"
        ),
        pytest.param("prompt", [ASK, RED], [ASK, BLUE], True, id="same-prompt"),
        pytest.param("prompt", [ASK, RED], [SYSTEM, ASK, RED], False, id="prompt-has-system"),
        pytest.param(
            "prompt", [ASK, ("rejected", "Sky."), RED], [ASK, RED], True, id="no-rejected"
        ),
        pytest.param("response", [ASK, RED], [SYSTEM, RED], True, id="same-response"),
        pytest.param("response", [ASK, RED, ASK, BLUE], [ASK, BLUE], True, id="last-response"),
    ],
)
def test_what_is_compared(
    by: str, first: list[tuple[str, str]], second: list[tuple[str, str]], same: bool
) -> None:
    verdicts = judge(Duplicates(by=by), record(*first), record(*second))
    assert (verdicts[1].score == 1.0) is same


def test_raw_compares_bytes_and_nothing_else() -> None:
    rows = [record(ASK, RED), record(ASK, RED, id=1), record(ASK, RED)]
    assert [verdict.score for verdict in judge(Duplicates(by="raw"), *rows)] == [0.0, 0.0, 1.0]
    assert [verdict.score for verdict in judge(Duplicates(), *rows)] == [0.0, 1.0, 1.0]


def test_raw_needs_no_turns() -> None:
    one = Record(b'{"no": "turns"}', 1, "rows.jsonl", View(Pairs()))
    assert signature(Duplicates(by="raw"), one) == bytes.fromhex(one.digest)


@pytest.mark.parametrize(
    "text", ["  red.\n", "RED.", "\uff32ed."], ids=["white-space", "case", "full-width"]
)
def test_normalise(text: str) -> None:
    rows = [record(RED), record(("assistant", text))]
    assert judge(Duplicates(normalise=True), *rows)[1].score == 1.0
    assert judge(Duplicates(), *rows)[1].score == 0.0


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize(
    ("by", "turns"),
    [
        pytest.param("response", [ASK], id="no-response"),
        pytest.param("prompt", [RED], id="no-prompt"),
        pytest.param("conversation", [("user", " \n"), ("assistant", "")], id="white-space"),
    ],
)
def test_abstains_where_there_is_no_text(
    by: str, turns: list[tuple[str, str]], normalised: bool
) -> None:
    filter_ = Duplicates(by=by, normalise=normalised)
    assert judge(filter_, record(*turns), record(*turns)) == [Verdict(None, "empty")] * 2


def test_lone_surrogates_are_told_apart() -> None:
    verdicts = judge(
        Duplicates(), record(("user", "\ud800")), record(("user", "\ud801")), record(("user", "?"))
    )
    assert [verdict.score for verdict in verdicts] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "seam", ["\n\n", "\0", "\1", "user", "4 user", "1 user", "4 1 user"], ids=repr
)
def test_a_text_cannot_imitate_a_turn(seam: str) -> None:
    verdicts = judge(
        Duplicates(), record(("user", f"a{seam}b")), record(("user", "a"), ("user", "b"))
    )
    assert verdicts[1] == Verdict(0.0)


@st.composite
def cuts(draw: st.DrawFn, whole: str) -> list[tuple[str, str]]:
    """Turns whose roles and texts, put one after the other, give `whole`."""
    count = 2 * draw(st.integers(1, 3))
    marks = sorted(
        draw(st.lists(st.integers(0, len(whole)), min_size=count - 1, max_size=count - 1))
    )
    parts = [whole[i:j] for i, j in zip([0, *marks], [*marks, len(whole)], strict=True)]
    return list(zip(parts[::2], parts[1::2], strict=True))


@given(st.data(), st.text(st.sampled_from("a \0123"), min_size=1, max_size=8))
def test_signatures_are_equal_only_for_equal_turns(data: st.DataObject, whole: str) -> None:
    first, second = data.draw(cuts(whole)), data.draw(cuts(whole))
    signatures = [signature(Duplicates(), record(*turns)) for turns in (first, second)]
    if not any(isinstance(one, Verdict) for one in signatures):
        assert (signatures[0] == signatures[1]) == (first == second)


@given(st.lists(st.tuples(st.just("user"), st.sampled_from("abc")), min_size=1), st.data())
def test_signing_in_any_batches_gives_the_same_verdicts(
    turns: list[tuple[str, str]], data: st.DataObject
) -> None:
    filter_, rows = Duplicates(), [record(turn) for turn in turns]
    cut = data.draw(st.integers(0, len(rows)))
    with filter_.signer(Context()) as sign:
        signed = list(sign(rows[cut:]))  # another worker is faster with the second batch
        signed = list(sign(rows[:cut])) + signed
    memory = filter_.memory(Context())
    apart = [memory.admit(one, index) for index, one in enumerate(signed)]
    assert apart == judge(filter_, *rows)


def test_refuses_to_normalise_bytes() -> None:
    with pytest.raises(ValidationError, match="by: raw"):
        Duplicates(by="raw", normalise=True)


def test_only_equal_signatures_are_remembered_together() -> None:
    one, other = b"0123456789abcdef", b"0123456789abcdeg"
    assert Duplicates().group(one) == one != Duplicates().group(other)
    assert Duplicates(by="raw").group(one) == one
    assert NEAR.group(one) is None


def test_survives_pickling() -> None:
    filter_ = Duplicates(by="prompt", normalise=True)
    assert pickle.loads(pickle.dumps(filter_)) == filter_


WORDS = [f"word{number}" for number in range(40)]
NEAR = Duplicates(method="minhash")


def text(*changed: int, words: list[str] = WORDS) -> str:
    """The words, those at the given places changed."""
    return " ".join("other" if n in changed else word for n, word in enumerate(words))


def answer(text: str, role: str = "assistant") -> Record:
    return record((role, text))


def test_near_duplicates_have_the_share_of_shingles_that_both_have() -> None:
    verdicts = judge(NEAR, *map(answer, [text(), text(39), text(20), text(), "quite another"]))
    assert verdicts == [
        Verdict(0.0),
        Verdict(35 / 37, "similar", {"of": 0}),
        Verdict(31 / 41, "similar", {"of": 0}),
        Verdict(1.0, "similar", {"of": 0}),
        Verdict(0.0),
    ]
    assert [NEAR.default_rule().hit(each.score) for each in verdicts if each.score is not None] == [
        False, True, False, True, False,
    ]  # fmt: skip


def test_near_duplicates_of_a_repeat_are_repeats_too() -> None:
    words = [f"word{number}" for number in range(60)]
    chain = [" ".join(words[start : start + 40]) for start in (0, 2, 4, 6)]
    verdicts = judge(NEAR, *map(answer, chain))
    assert [each.evidence.get("of") for each in verdicts] == [None, 0, 1, 2]
    assert {each.score for each in verdicts[1:]} == {34 / 38}
    assert judge(NEAR, answer(chain[0]), answer(chain[3]))[1].score == 30 / 42


def test_white_space_and_roles_make_no_difference() -> None:
    one, other = answer(text()), record(("user", text()[:19]), ("tool", text()[19:]))
    assert judge(NEAR, one, answer(text().replace(" ", " \n\t")), other)[1].score == 1.0
    whole = record(("user", "word0 word1"), ("assistant", text()[12:]))
    assert judge(NEAR, one, whole)[1].score == 1.0


@pytest.mark.parametrize(("by", "score"), [("prompt", 1.0), ("response", 0.0)])
def test_near_duplicates_by(by: str, score: float) -> None:
    rows = [record(("user", text()), ("assistant", each)) for each in ("Red.", "Blue.")]
    assert judge(Duplicates(method="minhash", by=by), *rows)[1].score == score


def test_normalised_near_duplicates() -> None:
    rows = [answer(text()), answer(text().upper())]
    assert judge(NEAR, *rows)[1].score == 0.0
    assert judge(Duplicates(method="minhash", normalise=True), *rows)[1].score == 1.0


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("人工智能是计算机科学的一个分支领域", "人工智能是计算机科学的一个分支学科", 11 / 15),
        ("これは日本語の文章の例です。", "これは日本語の文章の例です!", 9 / 11),
        ("人工智能", "人工智慧", 0.0),
    ],
    ids=["chinese", "japanese", "short"],
)
def test_texts_without_blanks(one: str, other: str, score: float) -> None:
    found = judge(Duplicates(method="minhash", threshold=0.3), answer(one), answer(other))[1].score
    assert found == pytest.approx(score)


@pytest.mark.parametrize("repeated", ["Red.", "a b c d", "x" * 1_000_000, "\ud800"], ids=len)
def test_a_text_shorter_than_a_shingle_repeats_only_itself(repeated: str) -> None:
    rows = [answer(repeated), answer(repeated + "y"), answer(repeated)]
    assert [each.score for each in judge(NEAR, *rows)] == [0.0, 0.0, 1.0]


def test_a_text_of_one_word_over_and_over_is_one_shingle() -> None:
    rows = [answer("go " * count) for count in (5, 6, 100_000)]
    assert [each.score for each in judge(NEAR, *rows)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("turns", [[ASK], [("assistant", " \n\u3000")]], ids=["none", "blank"])
def test_near_duplicates_abstain_where_there_is_no_text(turns: list[tuple[str, str]]) -> None:
    filter_ = Duplicates(method="minhash", by="response")
    rows = [record(*turns), answer(text()), record(*turns)]
    assert [each.reason for each in judge(filter_, *rows)] == ["empty", "", "empty"]


def test_what_minhash_goes_by_is_filled_in() -> None:
    given = {"method": "minhash", "threshold": None, "seed": 3}
    assert Duplicates.model_validate(given) == Duplicates(
        method="minhash", threshold=0.8, shingle=5, seed=3
    )
    assert Duplicates(method="minhash", threshold=0.6).default_rule() == Rule(at_least=0.6)
    assert Duplicates().default_rule() == Rule(at_least=1.0)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"threshold": 0.8}, "threshold belongs to method: minhash"),
        ({"method": "exact", "shingle": 5}, "shingle belongs to method: minhash"),
        ({"seed": 0}, "seed belongs to method: minhash"),
        ({"method": "minhash", "by": "raw"}, "minhash compares texts, not by: raw"),
        ({"method": "minhash", "threshold": 1}, "less than 1"),
        ({"method": "minhash", "threshold": 0.05}, r"greater than or equal to 0\.1"),
        ({"method": "minhash", "shingle": 0}, "greater than or equal to 1"),
        ({"method": "simhash"}, "'exact' or 'minhash'"),
    ],
)
def test_refuses_options_that_do_not_fit(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Duplicates(**options)


def test_minhash_without_numpy_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(UsageError, match=r"sft-curate\[fast\]"):
        NEAR.signer(Context())


def test_another_seed_draws_other_permutations() -> None:
    def keys(ctx: Context, **options: int) -> bytes:
        with Duplicates(method="minhash", **options).signer(ctx) as sign:
            (signed,) = sign([answer(text())])
        assert isinstance(signed, bytes)
        return signed[:64]

    assert keys(Context(seed=1)) != keys(Context(seed=2))
    assert keys(Context(seed=1)) == keys(Context(seed=2), seed=1)


def test_a_scheme_keeps_its_signatures() -> None:
    """Fails when signatures change: then raise SCHEME, and enter the new digest here."""
    texts = [text(), "a b", "我é", "x " * 300, " ".join(map(str, range(1000)))]
    with NEAR.signer(Context()) as sign:
        digest = hashlib.sha256(b"".join(sign([answer(each) for each in texts])))  # type: ignore[arg-type]
    known = {"1": "e78fb31c1f5bc7f286b0ba66a3fd4336d8df48a5306beed20196d4a7cbb2d6ee"}
    assert digest.hexdigest() == known[SCHEME]


def corpus(count: int) -> list[bytes]:
    """Rows of which every third or so is nearly one before it."""
    rng, texts, lines = random.Random(3), [], []
    for _ in range(count):
        if texts and rng.random() < 0.4:
            words = list(rng.choice(texts))
            words[rng.randrange(len(words))] = "another"
        else:
            words = [str(rng.randrange(10_000)) for _ in range(rng.randint(1, 80))]
        texts.append(words)
        lines.append(json.dumps({"prompt": "Say.", "response": " ".join(words)}).encode() + b"\n")
    return lines


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs find the filters that are installed, not the fakes."""
    found = registry.load()
    monkeypatch.setattr(checks, "resolve", lambda text: registry.resolve(plan.loads(text), found))


PLAN = "steps: [{use: duplicates, with: {method: minhash, by: response, threshold: 0.7}, do: drop}]"


@pytest.mark.usefixtures("installed")
def test_any_number_of_workers_gives_the_same_files(tmp_path: Path) -> None:
    file = write(tmp_path / "c.jsonl", *corpus(300))
    found = []
    for workers, executor in ((1, "threads"), (2, "processes")):
        out = tmp_path / executor
        go(PLAN, [file], out, lines=7, workers=workers, executor=executor)
        found.append(files_of(out))
    assert found[0] == found[1]
    assert found[0]["dropped.jsonl"].count(b"\n") > 50


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("at", [1, 5, 20])
def test_a_run_that_was_cut_off_goes_on_the_same(tmp_path: Path, at: int) -> None:
    file = write(tmp_path / "c.jsonl", *corpus(200))
    go(PLAN, [file], tmp_path / "whole", lines=7)
    crash(file, tmp_path / "cut", 7, at, 0.0, PLAN)
    tear(tmp_path / "cut", b"half a line, or a signature")
    go(PLAN, [file], tmp_path / "cut", lines=7)
    assert files_of(tmp_path / "cut") == files_of(tmp_path / "whole")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("method", ["exact", "minhash"])
def test_a_memory_in_files_gives_the_same_run_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    plan_ = f"steps: [{{use: duplicates, with: {{method: {method}, by: response}}, do: drop}}]"
    lines = corpus(400)
    file = write(tmp_path / "c.jsonl", *lines, *lines[::7])
    go(plan_, [file], tmp_path / "whole", lines=30)
    for name in ("FirstWins", "MostSimilar"):
        monkeypatch.setattr(duplicates, name, partial(getattr(duplicates, name), in_memory=0))
    crash(file, tmp_path / "cut", 30, 10, 0.0, plan_)  # at 300 rows it is in files
    tear(tmp_path / "cut", b"half a line, or a signature")
    go(plan_, [file], tmp_path / "cut", lines=30)
    assert files_of(tmp_path / "cut") == files_of(tmp_path / "whole")
    assert files_of(tmp_path / "whole")["dropped.jsonl"].count(b"\n") > 50


@pytest.mark.usefixtures("installed")
def test_a_run_of_another_scheme_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "c.jsonl", *corpus(50))
    crash(file, tmp_path / "out", 7, 3, 0.0, PLAN)
    monkeypatch.setattr(duplicates, "SCHEME", "another")
    with pytest.raises(ResumeError, match=r'minhash: was "1", now "another"'):
        go(PLAN, [file], tmp_path / "out", lines=7)


@pytest.mark.usefixtures("installed")
def test_a_filled_in_plan_says_all_and_is_a_plan(tmp_path: Path) -> None:
    file = write(tmp_path / "c.jsonl", *corpus(50))
    for name, text_ in (("near", PLAN), ("exact", "steps: [{use: duplicates, do: drop}]")):
        go(text_, [file], tmp_path / name)
        filled_in = (tmp_path / name / ledger.PLAN).read_text()
        go(filled_in, [file], tmp_path / f"{name} again")
        (before,) = registry.resolve(plan.loads(text_), registry.load()).steps
        (after,) = registry.resolve(plan.loads(filled_in), registry.load()).steps
        assert before.filter == after.filter
        assert ("threshold: 0.7" in filled_in) is (name == "near")


few = st.integers(0, 300).map(lambda n: hashlib.sha256(bytes([n % 256, n // 256])).digest()[:16])


@given(st.lists(st.one_of(few, st.binary(min_size=16, max_size=16)), max_size=40), st.booleans())
def test_wherever_a_memory_is_it_answers_as_a_dict(signatures: list[bytes], moves: bool) -> None:
    before = [hashlib.sha256(str(n).encode()).digest()[:16] for n in range(120)]
    memory = FirstWins(None, 0 if moves else 1 << 26)  # it moves at 128 signatures
    first: dict[bytes, int] = {}
    for index, one in enumerate(before + signatures + before):
        known = first.setdefault(one, index)
        repeat = Verdict(1.0, "duplicate", {"of": known})
        assert memory.admit(one, index) == (Verdict(0.0) if known == index else repeat)
    memory.close()


def test_beyond_its_limit_a_memory_takes_no_more() -> None:
    signatures = [hashlib.sha256(str(n).encode()).digest()[:16] for n in range(1 << 15)]
    tracemalloc.start()
    memory = FirstWins(None, 100_000)
    for index, one in enumerate(signatures):
        memory.admit(one, index)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    memory.close()
    assert peak <= 110_000  # all of them take a million


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("in_memory", [0, 1 << 18], ids=["grows", "moves"])
def test_a_full_disk_stops_a_memory_with_the_folder_named(tmp_path: Path, in_memory: int) -> None:
    memory = FirstWins(tmp_path, in_memory)
    signatures = (hashlib.sha256(str(n).encode()).digest()[:16] for n in range(10_000))
    admitted = (memory.admit(one, index) for index, one in enumerate(signatures))
    with pytest.raises(OutageError, match=f"{tmp_path}.*make room"):
        all(admitted)
    memory.close()


@pytest.mark.parametrize("filter_", [Duplicates(), NEAR], ids=["exact", "minhash"])
def test_a_memory_has_its_files_in_the_folder_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filter_: Duplicates
) -> None:
    folders = []
    monkeypatch.setattr(duplicates, "FirstWins", folders.append)
    monkeypatch.setattr(duplicates, "MostSimilar", lambda _, folder: folders.append(folder))
    filter_.memory(Context(scratch=tmp_path))
    assert folders == [tmp_path]
