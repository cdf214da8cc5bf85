"""`trait`: a card applied to rows, by its own scorer or another."""

import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from curate.api import Context, RecordFilter, Rule, Verdict
from curate.errors import PlanError, UsageError
from curate.filters.duplicates import Duplicates
from curate.filters.judge import Judge as RubricJudge
from curate.filters.regex import Regex
from curate.filters.trait import Trait
from curate.generators.replay import Replay
from curate.plan import loads
from curate.records import Record
from curate.registry import Builder, Entry, Registry, resolve
from curate.testing import check_filter
from curate.traits import loading
from curate.traits.cases import conversation
from trait_card_text import CARD
from trait_scorers import REGISTRY, trait


class Judge(RecordFilter):
    """Goes by the name of the judge that cards know."""

    name = "judge"
    rule = Rule(at_least=0.9)

    def judge(self, record: Record) -> Verdict:
        return Verdict(0.7, "rubric")


@pytest.mark.parametrize("card", loading.names())
def test_keeps_every_promise(card: str):
    check_filter(trait(card))


class TestRule:
    def test_is_the_cards_for_its_own_scorer(self):
        assert trait("negative_emotion").default_rule() == Rule(at_least=5)

    def test_is_the_cards_for_a_judge(self):
        assert Trait(card="negative_emotion", scorer=Judge()).default_rule() == Rule(at_least=0.5)

    def test_is_the_scorers_own_where_the_card_knows_none(self):
        scorer = Regex(patterns={"a": "b"})
        assert Trait(card="refusal", scorer=scorer).default_rule() == scorer.rule


class TestVerdicts:
    def test_are_the_scorers_own(self):
        record = conversation([("user", "?"), ("assistant", "I am ashamed of myself, I give up.")])
        with trait("negative_emotion").open(Context()) as judge:
            (verdict,) = judge([record])
        assert verdict.score == 10
        assert verdict.evidence["spans"]

    def test_another_scorer_is_asked_instead(self):
        with Trait(card="refusal", scorer=Judge()).open(Context()) as judge:
            assert judge([conversation([("assistant", "Sure.")])]) == [Verdict(0.7, "rubric")]


@pytest.mark.parametrize("card", loading.names())
def test_the_rubric_of_every_card_is_one_a_judge_takes(card: str, tmp_path: Path):
    spec = loading.load(card).score.judge
    assert spec is not None
    answers = {"use": "replay", "with": {"file": str(tmp_path / "answers.jsonl")}}
    filters = {cls.name: Entry(cls, "tests", "1") for cls in (RubricJudge, Trait)}
    builder = Builder(Registry(filters, {"replay": Entry(Replay, "tests", "1")}))
    built = builder.build(Trait, {"card": card, "scorer": spec.spec(generator=answers)})
    assert isinstance(built.scorer, RubricJudge)
    assert built.default_rule() == Rule(at_least=0.5)


class TestInAPlan:
    def test_works(self):
        resolved = resolve(loads("steps: [{use: trait, with: {card: negative_emotion}}]"), REGISTRY)
        (step,) = resolved.steps
        assert (step.name, step.rule) == ("negative_emotion", Rule(at_least=5))
        assert step.identity()["with"]["scorer"]["use"] == "cues"

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ("{card: refusals}", "plan:1: .*no trait card named 'refusals'; did you mean"),
            ("{card: refusal, scorer: {use: regexp}}", "did you mean 'regex'"),
            ("{card: refusal, scorer: {use: regex, with: {pack: no}}}", "no pack named 'no'"),
            ("{cards: refusal}", "'card' is missing|unknown key 'cards'; did you mean 'card'"),
        ],
    )
    def test_mistakes_are_named(self, options: str, told: str):
        with pytest.raises(PlanError, match=told):
            resolve(loads(f"steps: [{{use: trait, with: {options}}}]"), REGISTRY)


class TestCards:
    def test_the_label_is_the_cards_name(self):
        assert trait("refusal").label() == "refusal"

    def test_ones_own_by_path(self, tmp_path: Path):
        (tmp_path / "mine.yaml").write_text(CARD)
        mine = trait(str(tmp_path / "mine.yaml"))
        assert mine.label() == "shouting"
        with mine.open(Context()) as judge:
            loud, calm = judge([conversation([("assistant", text)]) for text in ("HELLO", "Hello")])
        assert (loud.score, calm.score) == (1, 0)

    def test_travels_without_its_file(self, tmp_path: Path):
        file = tmp_path / "mine.yaml"
        file.write_text(CARD)
        packed = pickle.dumps(trait(str(file)))
        file.unlink()
        mine = pickle.loads(packed)
        assert (mine.label(), mine.default_rule()) == ("shouting", Rule(at_least=1))

    def test_a_card_that_changes_is_another_filter(self, tmp_path: Path):
        file = tmp_path / "mine.yaml"
        file.write_text(CARD)
        before = trait(str(file))
        file.write_text(CARD.replace("{4,}", "{5,}"))
        assert trait(str(file)).scorer != before.scorer

    def test_no_such_card(self):
        with pytest.raises(UsageError, match="no trait card named 'refusals'; did you mean"):
            trait("refusals")

    def test_a_card_with_a_scorer_nobody_has(self, tmp_path: Path):
        (tmp_path / "mine.yaml").write_text(CARD.replace("use: cues", "use: cuez"))
        with pytest.raises(ValidationError, match="no filter named 'cuez'; did you mean 'cues'"):
            trait(str(tmp_path / "mine.yaml"))

    def test_a_scorer_that_compares_records_scores_no_trait(self):
        with pytest.raises(ValidationError, match="'duplicates' judges a record by others"):
            Trait(card="refusal", scorer=Duplicates())
