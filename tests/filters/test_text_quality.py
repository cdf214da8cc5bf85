"""The filter as a whole, against a slow reading of its rules and against its peers' own cases."""

import inspect
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, Verdict
from curate.filters import text_quality
from curate.filters.quality.words import english
from curate.filters.text_quality import TextQuality
from curate.records import Record, Turn, View
from quality_texts import texts

GOOD = (
    "It was late in the evening when the two of them came to the bridge. Nobody had told them "
    "that the river would be this high, and the path they had planned to take was under water.\n"
    "They sat down on a wall, shared what was left of the bread, and looked at the map again: "
    "with luck, an older road would lead around the hill and down to the mill by nightfall."
)
UNSTOPPED = re.sub(r"\b(the|of|be|to|and|that|with)\b", "xx", GOOD)


class Dialogue:
    """A shape whose rows list [role, text] pairs."""

    name = "dialogue"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return tuple(Turn(role, text) for role, text in row["turns"])


def record(text: str, prompt: str = "Why?") -> Record:
    row = {"turns": [["user", prompt], ["assistant", text]]}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(Dialogue()))


def judge_all(filter_: TextQuality, some: list[str]) -> list[Verdict]:
    with filter_.open(Context()) as judge:
        return list(judge([record(text) for text in some]))


def judge_one(text: str, **options: Any) -> Verdict:
    return judge_all(TextQuality(**options), [text])[0]


@pytest.fixture(params=["numpy", "plain"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "plain":
        monkeypatch.setattr(text_quality, "vector_measurer", lambda _: None)
    else:
        pytest.importorskip("numpy")
    return request.param


def test_good_text_breaks_no_rule() -> None:
    assert judge_one(GOOD) == Verdict(0.0)
    sets = ["gopher_quality", "gopher_repetition", "fineweb"]
    assert judge_one(GOOD, rules=sets, all_rules=True) == Verdict(0.0)


@pytest.mark.parametrize("words", ["words", "whitespace"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "too_few_words", id="empty"),
        pytest.param("Too short.", "too_few_words", id="short"),
        pytest.param("a the of " * 30, "words_too_short", id="short-words"),
        pytest.param("interconnection " * 60, "words_too_long", id="long-words"),
        pytest.param(GOOD + " #" * 30, "too_many_hashes", id="hashes"),
        pytest.param(GOOD + " \u2026" * 30, "too_many_ellipses", id="ellipses"),
        pytest.param("- " + GOOD.replace("\n", "\n- "), "too_many_bullet_lines", id="bullets"),
        pytest.param(GOOD + "\nand...", "too_many_ellipsis_lines", id="ellipsis-lines"),
        pytest.param(GOOD + " 12345" * 40, "too_few_alpha_words", id="numbers"),
        pytest.param(UNSTOPPED, "too_few_stop_words", id="stop-words"),
        pytest.param(GOOD + "\n\n" + GOOD, "duplicate_paragraph_fraction", id="paragraphs"),
        pytest.param(GOOD + "\n" + GOOD, "duplicate_line_fraction", id="lines"),
        pytest.param(GOOD + " and so" * 30, "top_2_gram", id="top-2-gram"),
        pytest.param(f"{GOOD} {GOOD.replace(chr(10), ' ')}", "duplicate_5_gram", id="said-twice"),
    ],
)
def test_reasons(engine: str, text: str, reason: str, words: str) -> None:
    verdict = judge_one(text, words=words)
    assert (verdict.score, verdict.reason) == (1.0, reason)
    assert len(verdict.evidence["violations"]) == 1


@pytest.mark.parametrize(
    ("rules", "text", "reason"),
    [
        ("c4", GOOD + " Lorem ipsum.", "lorem_ipsum"),
        ("c4", GOOD + " {x}", "curly_brackets"),
        ("c4", GOOD, "too_few_sentences"),
        ("fineweb", GOOD.replace(".", ","), "low_line_punct_ratio"),
        ("fineweb", GOOD + "\nNo.\nNo!\nNo?\nOh.\nMy!", "short_line_ratio"),
        ("fineweb", GOOD + "\n" + GOOD, "char_dup_ratio"),
        ("fineweb", GOOD + "\n" * 40, "new_line_ratio"),
    ],
)
def test_reasons_of_the_web_rules(rules: str, text: str, reason: str) -> None:
    assert judge_one(text, rules=[rules]).reason == reason


def test_all_rules_counts_and_the_reason_is_the_first() -> None:
    text = "x1 " * 60
    assert judge_one(text).evidence == {"violations": {"mean_non_symbol_word_length": 2.0}}
    verdict = judge_one(text, all_rules=True)
    broken = verdict.evidence["violations"]
    assert verdict.score == len(broken) > 5
    assert verdict.reason == "words_too_short"
    assert broken["stop_words"] == 0
    json.dumps(broken)


def test_reads_its_scope() -> None:
    with TextQuality(scope="prompt").open(Context()) as judge:
        good, bad = judge([record("x", prompt=GOOD), record(GOOD, prompt="x")])
    assert (good.score, bad.score) == (0.0, 1.0)


def test_survives_a_pickle_and_an_empty_batch() -> None:
    filter_ = TextQuality(limits={"words": {"max": 3}})
    assert pickle.loads(pickle.dumps(filter_)) == filter_
    assert judge_all(filter_, []) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"limits": {"wrods": {"min": 1}}}, "did you mean 'words'", id="metric"),
        pytest.param({"limits": {"words": {"mni": 1}}}, "mni", id="bound"),
        pytest.param({"limits": {"words": {"min": 2, "max": 1}}}, "min 2 is above", id="order"),
        pytest.param({"rules": ["gopher"]}, "gopher_quality", id="set"),
        pytest.param({"rules": []}, "no rule is left", id="nothing"),
    ],
)
def test_refuses_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TextQuality(**options)


def slow_metrics(text: str, words: list[str]) -> dict[str, float]:
    """Work out Gopher's metrics as they are defined, without a thought for speed."""

    def share(part: float, whole: float) -> float:
        return part / whole if whole else 0.0

    plain = [word for word in words if any(char.isalnum() for char in word)]
    unix = text.replace("\r\n", "\n")
    parts = {
        "paragraph": re.split(r"\n{2,}", unix.strip()),
        "line": [line for line in unix.split("\n") if line],
    }
    found = {
        "characters": len(text),
        "words": len(words),
        "mean_word_length": share(sum(len(word) for word in words), len(words)),
        "non_symbol_words": len(plain),
        "mean_non_symbol_word_length": share(sum(len(word) for word in plain), len(plain)),
        "symbol_word_ratio": share(text.count("#") + text.count("..."), len(words)),
        "alpha_word_ratio": share(
            sum(any(char.isalpha() for char in word) for word in words), len(words)
        ),
        "stop_words": len({"the", "be", "to", "of", "and", "that", "have", "with"} & set(words)),
    }
    for name, pieces in parts.items():
        again = [piece for n, piece in enumerate(pieces) if piece in pieces[:n]]
        found[f"duplicate_{name}_fraction"] = share(len(again), len(pieces))
        found[f"duplicate_{name}_char_fraction"] = share(sum(map(len, again)), len(text))
    for n in range(2, 5):
        grams = Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))
        most = max(grams.values(), default=0)
        longest = max((len(" ".join(gram)) for gram in grams if grams[gram] == most), default=0)
        found[f"top_{n}_gram_char_fraction"] = share(longest * most, len(text))
    for n in range(5, 11):
        seen, at, chars = [], 0, 0
        while at + n <= len(words):
            gram = words[at : at + n]
            again = gram in seen
            chars += sum(map(len, gram)) if again else 0
            at += n if again else 1
            seen.append(gram)
        found[f"duplicate_{n}_gram_char_fraction"] = share(chars, len(text))
    return found


SPLITS: dict[str, Callable[[str], list[str]]] = {"words": english(), "whitespace": str.split}


@settings(max_examples=200)
@given(text=texts, data=st.data())
def test_a_limit_at_the_value_is_kept_and_beside_it_broken(text: str, data: Any) -> None:
    words = data.draw(st.sampled_from(sorted(SPLITS)))
    values = slow_metrics(text, SPLITS[words](text))
    metric = data.draw(st.sampled_from(sorted(values)))
    value = values[metric]
    for limit, score in (
        ({"min": value}, 0),
        ({"max": value}, 0),
        ({"min": value + 1e-9}, 1),
        ({"max": value - 1e-9}, 1),
    ):
        filter_ = TextQuality(rules=[], limits={metric: limit}, words=words)
        for verdict in both_ways(filter_, [text]):
            assert verdict.score == score
            assert verdict.evidence == ({"violations": {metric: value}} if score else {})


def both_ways(filter_: TextQuality, some: list[str]) -> Iterator[Verdict]:
    """Judge with numpy where it is installed, then without."""
    yield from judge_all(filter_, some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_quality, "vector_measurer", lambda _: None)
        yield from judge_all(filter_, some)


def plan_options() -> dict[str, Any]:
    """The options of the plan in the docstring."""
    block = inspect.getdoc(TextQuality).split("\n    steps:\n")[1].split("\n\n")[0]
    return yaml.safe_load(block)[0]["with"]


@given(st.lists(texts | texts.map(lambda text: f"{GOOD} {text}"), max_size=5), st.booleans())
def test_the_documented_plan_does_what_its_limits_say(some: list[str], all_rules: bool) -> None:
    options = plan_options()
    filter_ = TextQuality(**options, all_rules=all_rules)
    verdicts = list(both_ways(filter_, some))
    assert verdicts[: len(some)] == verdicts[len(some) :]
    for text, verdict in zip(some, verdicts, strict=False):
        values = slow_metrics(text, text.split())
        broken = {
            name: values[name]
            for name, limit in options["limits"].items()
            if not limit.get("min", 0) <= values[name] <= limit.get("max", values[name])
        }
        if all_rules:
            assert verdict.evidence.get("violations", {}) == broken
        assert (verdict.score > 0) == bool(broken)


@given(st.lists(texts, max_size=6), st.sampled_from(["words", "whitespace"]))
def test_a_verdict_does_not_depend_on_the_batch(some: list[str], words: str) -> None:
    filter_ = TextQuality(words=words, limits={"non_symbol_words": {"min": 3}})
    together = judge_all(filter_, some)
    assert together == [judge_all(filter_, [text])[0] for text in some]
    assert together[::-1] == judge_all(filter_, some[::-1])


@pytest.mark.parametrize("options", [{}, {"words": "whitespace"}, plan_options()])
def test_real_answers_get_the_same_verdict_with_and_without_numpy(
    data_dir: Path, options: dict[str, Any]
) -> None:
    corpora = sorted((data_dir / "corpora").glob("just_eval.*.jsonl"))
    rows = [json.loads(row) for path in corpora for row in path.read_text().split("\n")[:60] if row]
    answers = [row["messages"][-1]["content"] for row in rows]
    verdicts = list(both_ways(TextQuality(**options), answers))
    assert verdicts[: len(answers)] == verdicts[len(answers) :]
    assert len({verdict.reason for verdict in verdicts}) > 4


DATATROVE_REASONS = {
    "dup_line_frac": "duplicate_line_fraction",
    "dup_para_frac": "duplicate_paragraph_fraction",
    "dup_para_char_frac": "duplicate_paragraph_char_fraction",
    "dup_line_char_frac": "duplicate_line_char_fraction",
    "top_2_gram": "top_2_gram",
    "top_3_gram": "top_3_gram",
    "duplicated_5_n_grams": "duplicate_5_gram",
    "gopher_short_doc": "too_few_words",
    "gopher_below_avg_threshold": "words_too_short",
    "gopher_above_avg_threshold": "words_too_long",
    "gopher_too_many_hashes": "too_many_hashes",
    "gopher_too_many_ellipsis": "too_many_ellipses",
    "gopher_below_alpha_threshold": "too_few_alpha_words",
}


@pytest.mark.parametrize("ties", ["first", "longest"])
def test_agrees_with_datatrove_on_its_own_cases(data_dir: Path, ties: str) -> None:
    cases = json.loads((data_dir / "peer_cases" / "datatrove_filter_cases.json").read_text())
    options: dict[str, dict[str, Any]] = {
        "GopherRepetitionFilter()": {"rules": ["gopher_repetition"]},
        "GopherQualityFilter(min_doc_words=10, max_doc_words=1000)": {
            "rules": ["gopher_quality"],
            "limits": {"non_symbol_words": {"min": 10, "max": 1000}},
        },
    }
    tried = 0
    for case in cases:
        if case["filter"] not in options:
            continue
        verdict = judge_one(case["doc"]["text"], ties=ties, **options[case["filter"]])
        assert (verdict.score > 0) == case["expected"]["drop"], case
        if ties == "first":  # the longest 2-gram of a tie may be too much where the first is not
            assert verdict.reason == DATATROVE_REASONS.get(case["expected"].get("reason"), ""), case
        tried += 1
    assert tried == 15


DATA_JUICER: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "AlphanumericFilter": lambda given: {
        "alphanumeric_ratio": {"min": given["min_ratio"], "max": given["max_ratio"]}
    },
    "WordsNumFilter": lambda given: {"words": {"min": given["min_num"], "max": given["max_num"]}},
}
"""Ops that measure what a metric of ours measures.

Its character and word repetition ops measure the share of occurrences of n-grams, not of
characters, that repeat; no rule of Gopher, C4 or FineWeb does. Cases with `tokenization` need
data-juicer's own models.
"""


def test_agrees_with_data_juicer_where_the_metric_is_the_same(data_dir: Path) -> None:
    cases = json.loads((data_dir / "peer_cases" / "datajuicer_cases.json").read_text())
    tried = 0
    for case in cases:
        if case["op"] not in DATA_JUICER or case["kwargs"].get("tokenization"):
            continue
        limits = DATA_JUICER[case["op"]](case["kwargs"])
        for row in case["input"]:
            score = judge_one(row["text"], rules=[], limits=limits, words="whitespace").score
            assert (score == 0) == (row in case["expected"]), row
            tried += 1
    assert tried == 10
