"""The filter: verdicts of a fitted model, and what becomes of a file that is none."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from curate.api import Context, Rule, Verdict
from curate.errors import InputError
from curate.filters.linear import Linear
from curate.fitting import model as models
from curate.records import Record, Turn, View
from curate.testing import check_filter
from planted_labels import fitted

ANGRY = "They had an awful horrible day with DISGUSTING people."
CALM = "We saw a garden window and the river this morning."


class Dialogue:
    """A shape whose rows list [role, text] pairs."""

    name = "dialogue"

    def turns(self, row: Any) -> tuple[Turn, ...]:
        return tuple(Turn(role, text) for role, text in row["turns"])


def record(*turns: tuple[str, str]) -> Record:
    return Record(json.dumps({"turns": turns}).encode(), 1, "rows.jsonl", View(Dialogue()))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    fitted(folder).save(folder / "angry.safetensors")
    return folder / "angry.safetensors"


def judge(filter_: Linear, records: Sequence[Record]) -> list[Verdict]:
    with filter_.open(Context()) as judge_all:
        return list(judge_all(records))


def answer(text: str) -> Record:
    return record(("user", "Tell me."), ("assistant", text))


@pytest.mark.parametrize("options", [{}, {"scope": "conversation"}, {"max_unlike": 0.5}])
def test_keeps_every_promise_of_a_filter(path: Path, options: dict[str, Any]) -> None:
    check_filter(Linear(model=path, **options))


def test_a_hit_is_named_for_the_label_and_shows_its_words(path: Path) -> None:
    angry, calm = judge(Linear(model=path), [answer(ANGRY), answer(CALM)])
    assert angry.score is not None
    assert calm.score is not None
    assert calm.score < 0.5 < angry.score <= 1
    assert (angry.reason, calm.reason) == ("positive", "")
    words = {ANGRY[start:end] for _, start, end, _ in angry.evidence["spans"]}
    assert {"awful", "horrible", "DISGUSTING"} <= words
    assert all(turn == 1 and label.startswith("+") for turn, _, _, label in angry.evidence["spans"])
    assert calm.evidence.keys() == {"unlike"}


def test_the_default_rule_is_the_threshold_of_the_model(path: Path) -> None:
    threshold = models.facts(path).threshold
    assert Linear(model=path).default_rule() == Rule(at_least=threshold)
    verdicts = judge(Linear(model=path), [answer(ANGRY), answer(CALM), answer("a river")])
    for verdict in verdicts:
        assert (verdict.reason != "") == (verdict.score is not None and verdict.score >= threshold)


def test_spans_point_into_the_turns_of_the_scope(path: Path) -> None:
    turns = ("assistant", "They had furious people."), ("user", "Why?"), ("assistant", ANGRY)
    (verdict,) = judge(Linear(model=path), [record(*turns)])
    found = {turns[turn][1][start:end] for turn, start, end, _ in verdict.evidence["spans"]}
    assert {"furious", "DISGUSTING"} <= found
    assert {turn for turn, *_ in verdict.evidence["spans"]} == {0, 2}


def test_only_the_scope_is_read(path: Path) -> None:
    row = record(("user", ANGRY), ("assistant", CALM))
    response, prompt = (
        judge(Linear(model=path, scope=scope), [row])[0] for scope in ("response", "prompt")
    )
    assert (response.reason, prompt.reason) == ("", "positive")


@pytest.mark.parametrize("turns", [[("user", "Hi")], [("assistant", " \n")]], ids=["none", "blank"])
def test_without_text_it_abstains(path: Path, turns: list[tuple[str, str]]) -> None:
    assert judge(Linear(model=path), [record(*turns)]) == [Verdict(None, "no_text")]


def test_a_long_text_tells_its_windows(path: Path) -> None:
    (verdict,) = judge(Linear(model=path), [answer(f"{CALM} " * 20 + ANGRY)])
    assert verdict.evidence["windows"] > 3


def test_it_can_abstain_on_text_of_another_kind(path: Path) -> None:
    german = answer("Der Zug nach Köln fährt heute um acht Uhr, furious und awful.")
    (told,) = judge(Linear(model=path), [german])
    assert told.score is not None
    assert told.evidence["unlike"] == 1
    strict = judge(Linear(model=path, max_unlike=0.99), [german, answer("we saw the river again")])
    assert strict[0].score is None
    assert strict[0].reason == "unlike_training"
    assert strict[0].evidence == {"unlike": 1.0, "probability": told.score}
    assert strict[1].score is not None


def test_the_model_file_is_in_the_identity_of_a_run(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert Linear(model=path).fingerprint() == {"model": digest}


def test_a_step_is_named_for_its_model(path: Path) -> None:
    assert Linear(model=path).label() == "angry"


def test_a_config_touches_no_file() -> None:
    assert Linear(model="missing.safetensors").model == Path("missing.safetensors")


@pytest.mark.parametrize("content", [None, b"", b"not a model", b'{"text": "a"}\n' * 50])
@pytest.mark.parametrize(
    "ask", [Linear.default_rule, lambda filter_: judge(filter_, [])], ids=["rule", "open"]
)
def test_a_file_that_is_no_model_is_named(
    tmp_path: Path, content: bytes | None, ask: Callable[[Linear], object]
) -> None:
    path = tmp_path / "m.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"m\.safetensors: (cannot be read|is no )"):
        ask(Linear(model=path))
