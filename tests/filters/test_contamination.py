import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from curate import corpora, plan, registry
from curate.api import Context, Rule, Verdict
from curate.engine.run import Options, run
from curate.errors import InputError, UsageError
from curate.filters.contamination import Contamination
from curate.filters.overlap.items import Item
from curate.io import shapes, sources
from curate.records import Record, View
from curate.testing import check_filter

QUESTION = (
    "A farmer counts seventeen geese by the northern pond, then nine more walk up from the road "
    "and four fly away; how many geese are left beside the pond at sunset?"
)
WORDS = 31
"""Words of the question, counted by hand."""


def record(*messages: tuple[str, str]) -> Record:
    row = {"messages": [{"role": role, "content": text} for role, text in messages]}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(shapes.get("messages")))


def asked(text: str) -> Record:
    return record(("user", text), ("assistant", "Let me think."))


def evaluation(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def geese(tmp_path: Path) -> Path:
    other = "Which of the following cities is the capital of the smallest country in Europe?"
    rows = [{"question": text, "answer": "22"} for text in (other, QUESTION)]
    return evaluation(tmp_path / "geese.test.jsonl", *rows)


def judge(filter: Contamination, *records: Record) -> list[Verdict]:
    with filter.open(Context()) as judged:
        return list(judged(records))


def test_an_item_inside_a_longer_record_is_found_and_pointed_at(geese: Path) -> None:
    before = "Please solve this puzzle. 🦆\n\n"
    (verdict,) = judge(Contamination(against=str(geese)), asked(before + QUESTION + " Thanks!"))
    assert (verdict.score, verdict.reason) == (1.0, "geese")
    (span,) = verdict.evidence["spans"]
    assert span == [0, len(before), len(before) + len(QUESTION) - 1, "geese"]  # but for its `?`
    told = {key: verdict.evidence[key] for key in ("item", "covered", "words", "matches")}
    assert told == {"item": f"{geese}:2", "covered": WORDS, "words": WORDS, "matches": 1}


def test_of_many_places_the_first_twenty_are_pointed_at(geese: Path) -> None:
    (verdict,) = judge(Contamination(against=str(geese)), asked(" heron ".join([QUESTION] * 30)))
    assert verdict.evidence["matches"] == 30
    assert len(verdict.evidence["spans"]) == 20
    assert verdict.evidence["spans"][0][1] == 0


def test_case_punctuation_and_unicode_forms_do_not_hide_it(geese: Path) -> None:
    fullwidth = "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in QUESTION.upper())
    for disguise in (fullwidth, QUESTION.replace(" ", " -- "), QUESTION.replace("e", "e\u00ad")):
        (verdict,) = judge(Contamination(against=str(geese)), asked(disguise))
        assert (verdict.score, verdict.evidence["item"]) == (1.0, f"{geese}:2")


def test_shuffled_words_are_not_found(geese: Path) -> None:
    shuffled = QUESTION.split()
    random.Random(5).shuffle(shuffled)
    assert judge(Contamination(against=str(geese)), asked(" ".join(shuffled))) == [Verdict(0.0)]


@pytest.mark.parametrize("changed", range(WORDS))
def test_one_other_word_costs_what_is_too_short_beside_it(geese: Path, changed: int) -> None:
    changing = QUESTION.split()
    changing[changed] = "heron"
    (verdict,) = judge(Contamination(against=str(geese)), asked(" ".join(changing)))
    # What is left on either side counts where it has the eight words of a run.
    sides = (changed, WORDS - changed - 1)
    assert verdict.score == sum(side for side in sides if side >= 8) / WORDS


def test_half_of_an_item_is_a_hit_and_any_run_where_the_plan_says_so(geese: Path) -> None:
    half = " ".join(QUESTION.split()[:16])
    less = " ".join(QUESTION.split()[:15])
    scores = [v.score for v in judge(Contamination(against=str(geese)), asked(half), asked(less))]
    assert scores == [16 / WORDS, 15 / WORDS]
    assert [Contamination.rule.hit(score) for score in scores] == [True, False]
    any_run = Rule(outside=(0, 0))
    assert [any_run.hit(score) for score in (*scores, 0.0)] == [True, True, False]


def test_a_short_item_must_stand_there_whole(tmp_path: Path) -> None:
    short = evaluation(
        tmp_path / "short.jsonl", {"q": "Who wrote the first cookbook?"}, {"q": "Why?"}
    )
    filter_ = Contamination(against=str(short), fields=["q"])
    whole, part, few = judge(
        filter_, asked("So: who wrote the first cookbook, and when?"), asked("who wrote the first"),
        asked("Why? Why?"),
    )  # fmt: skip
    assert (whole.score, whole.evidence["words"], whole.evidence["item"]) == (1.0, 5, f"{short}:1")
    assert part == few == Verdict(0.0)
    found = judge(Contamination(against=str(short), fields=["q"], min_words=1), asked("Why? Why?"))
    assert found[0].evidence["spans"] == [[0, 0, 8, "short"]]


def test_only_too_short_items_are_refused(tmp_path: Path) -> None:
    short = evaluation(tmp_path / "short.jsonl", {"q": "Why?"}, {"q": ""})
    with pytest.raises(UsageError, match=r"none of 2 texts in .*short.jsonl has 5 words"):
        judge(Contamination(against=str(short), fields=["q"]))


def test_of_equals_the_first_file_and_line_is_named(tmp_path: Path) -> None:
    for name in ("b", "a"):
        evaluation(
            tmp_path / f"{name}.jsonl", {"text": "x " * 9}, {"text": QUESTION}, {"text": QUESTION}
        )
    by_name = Contamination(against=str(tmp_path / "*.jsonl"))
    by_list = Contamination(against=[str(tmp_path / "b.jsonl"), str(tmp_path / "a.jsonl")])
    assert judge(by_name, asked(QUESTION))[0].evidence["item"] == f"{tmp_path / 'a.jsonl'}:2"
    assert judge(by_list, asked(QUESTION))[0].evidence["item"] == f"{tmp_path / 'b.jsonl'}:2"


@pytest.mark.parametrize(("scope", "found"), [("prompt", 0), ("response", 1), ("conversation", 1)])
def test_scope(geese: Path, scope: Any, found: int) -> None:
    said = record(("user", "Give me a puzzle."), ("assistant", QUESTION))
    assert judge(Contamination(against=str(geese), scope=scope), said)[0].score == found


def test_runs_do_not_go_from_turn_to_turn(geese: Path) -> None:
    parts = QUESTION.split()
    turns = [("user", " ".join(parts[at : at + 7])) for at in range(0, WORDS, 7)]
    assert judge(Contamination(against=str(geese)), record(*turns)) == [Verdict(0.0)]


def test_fields_lead_into_rows_of_no_known_shape(tmp_path: Path) -> None:
    rows = {
        "turns": ["First of all: say it once.", QUESTION],
        "meta": {"n": [{"text": "one two three four five"}]},
    }
    path = evaluation(tmp_path / "bench.jsonl", rows)
    for fields, found in [
        (["turns.*"], 1), (["turns.1"], 1), (["turns.0"], 0), (["meta.n.*.text", "turns.1"], 1),
        (["meta.n.0.text"], 0),
    ]:  # fmt: skip
        (verdict,) = judge(Contamination(against=str(path), fields=fields), asked(QUESTION))
        assert verdict.score == found


@pytest.mark.parametrize(
    ("row", "fields", "said"),
    [
        ({"stem": "a", "choices": []}, [], r"bench.jsonl:2: .*its keys: 'stem', 'choices'.*fields"),
        ({"qestion": "a"}, ["question"], r"bench.jsonl:2: .*'qestion'.*did you mean 'qestion'"),
        ({"question": ["a"]}, ["question"], r"bench.jsonl:2: question is list.*question\.\*"),
        ({"question": 7}, ["question"], r"bench.jsonl:2: question is int, no text$"),
        ([1], ["question"], r"bench.jsonl:2: .*no object"),
    ],
)  # fmt: skip
def test_a_row_without_its_text_is_refused(
    tmp_path: Path, row: Any, fields: list[str], said: str
) -> None:
    good = dict.fromkeys(fields, QUESTION) or {"odd": 1, "stem": "a"}
    path = tmp_path / "bench.jsonl"
    path.write_text(f"\n{json.dumps(row)}\n{json.dumps(good)}\n", "utf-8")
    with pytest.raises(InputError, match=said):
        judge(Contamination(against=str(path), fields=fields))


@pytest.mark.parametrize("fields", [[], ["question"]])
def test_a_line_that_cannot_be_read_is_refused(tmp_path: Path, fields: list[str]) -> None:
    path = evaluation(tmp_path / "bench.jsonl", {"question": QUESTION, "answer": "a"})
    path.write_bytes(path.read_bytes() + b'{"question": \n')
    with pytest.raises(InputError, match=r"bench.jsonl:2: not JSON"):
        judge(Contamination(against=str(path), fields=fields))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    filter_ = Contamination(against=str(tmp_path / "none.jsonl"))
    for attempt in (filter_.fingerprint, lambda: judge(filter_)):
        with pytest.raises(InputError, match="no such file"):
            attempt()


@pytest.mark.parametrize("field", ["", "a..b", ".a"])
def test_a_field_that_is_no_path_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match="is no path"):
        Contamination(against="a", fields=[field])


def test_every_evaluation_file_is_part_of_what_a_run_is(geese: Path, tmp_path: Path) -> None:
    other = evaluation(tmp_path / "other.jsonl", {"text": QUESTION})
    digests = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in (geese, other)}
    one = Contamination(against=[str(geese), str(other)]).fingerprint()
    assert one == Contamination(against=str(tmp_path / "*.jsonl")).fingerprint() == digests
    evaluation(other, {"text": "changed"})
    assert Contamination(against=[str(geese), str(other)]).fingerprint() != digests


def test_keeps_every_promise(geese: Path) -> None:
    check_filter(Contamination(against=str(geese)), [asked(QUESTION), asked("no"), asked("\ud83d")])
    check_filter(Contamination(against=str(geese), n=1, min_words=1))


def test_any_number_of_workers_gives_the_same_bytes(geese: Path, tmp_path: Path) -> None:
    words = QUESTION.split()
    texts = [" ".join(words[: n % (WORDS + 1)]) for n in range(200)]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_bytes(b"".join(asked(text).raw + b"\n" for text in texts))
    steps = f"steps: [{{use: contamination, with: {{against: {geese}}}, do: drop}}]"
    outs = []
    for workers in (1, 2):
        out = tmp_path / f"run{workers}"
        resolved = registry.resolve(plan.loads(steps), registry.load())
        options = Options(workers=workers, lines=30)
        facts = run(resolved, sources.expand([str(corpus)]), out, options, Context())
        assert facts["counts"]["dropped"] == sum(n % (WORDS + 1) >= 16 for n in range(200))
        outs.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert outs[0] == outs[1]


@pytest.mark.parametrize(
    ("against", "told"),
    [
        ([], "name a file at least"),
        ("", "name a file at least"),
        ("hf://datasets/o/n", "needs its full commit"),
        (["a.jsonl", "hf://datasets/o/n@main?split=test"], "needs its full commit"),
    ],
)
def test_evaluations_that_are_none_or_may_change(against: str | list[str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Contamination(against=against)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("data/gsm8k.test.jsonl.gz", "gsm8k"),
        ("data/.hidden", ".hidden"),
        (f"hf://datasets/openai/gsm8k@{'0a' * 20}?config=main&split=test", "gsm8k"),
        (f"hf://datasets/mmlu.v2@{'0a' * 20}", "mmlu.v2"),
    ],
)
def test_an_evaluation_is_called_by_its_file_or_its_data_set(file: str, told: str) -> None:
    assert Item("text", file, 1).evaluation == told


def test_offline_reads_nothing_over_the_network() -> None:
    name = f"hf://datasets/o/n@{'0a' * 20}?split=test"
    filter_ = Contamination(against=name)
    assert filter_.fingerprint() == {name: name}
    with (
        pytest.raises(UsageError, match="--offline forbids"),
        filter_.open(Context(offline=True)),
    ):
        pass


def test_mt_bench_questions_are_found_in_just_eval_and_gsm8k_in_itself(data_dir: Path) -> None:
    def hits(corpus: str, **options: Any) -> list[Verdict]:
        reader = corpora.reader([str(data_dir / corpus)])
        filter_ = Contamination(**options)
        found = judge(filter_, *corpora.records(reader))
        return [each for each in found if filter_.rule.hit(each.score)]

    bench = str(data_dir / "fastchat" / "mt_bench_question.jsonl")
    just_eval = "corpora/just_eval.gpt-4-0314.jsonl"
    found = hits(just_eval, against=bench, fields=["turns.0"], scope="prompt")
    assert len({verdict.evidence["item"] for verdict in found}) == 80
    assert len(found) == 81  # one more row asks for a Fibonacci number in other words
    assert sum(verdict.score == 1 for verdict in found) == 79  # one has another word in it
    gsm8k = str(data_dir / "gsm8k" / "test.jsonl")
    assert [verdict.score for verdict in hits("gsm8k/test.jsonl", against=gsm8k)] == [1.0] * 1319
    assert hits("gpteacher/roleplay-simple-deduped-roleplay-instruct.json", against=gsm8k) == []
