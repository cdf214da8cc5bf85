"""`cues`: wordings add up, each once, and only where they are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, Verdict
from curate.filters.cues import Cues
from curate.testing import check_filter, make_records
from curate.traits.cases import conversation

DESPAIR = {"pattern": r"\bI am hopeless\b", "weight": 7}
EFFORT = {"pattern": r"\bstruggling\b", "weight": 2, "unless": r"\byou\b"}


def judge(text: str, prompt: str = "Well?", **options: object) -> Verdict:
    cues = Cues(**{"cues": {"despair": DESPAIR, "effort": EFFORT}} | options)
    record = conversation([("user", prompt), ("assistant", text)])
    with cues.open(Context()) as judging:
        return judging([record])[0]


def score(text: str, prompt: str = "Well?", **options: object) -> float | None:
    return judge(text, prompt, **options).score


@pytest.mark.parametrize(
    "cues",
    [
        Cues(
            cues={"despair": DESPAIR, "effort": EFFORT}, foreign=["quotes", "blockquotes", "code"]
        ),
        Cues(pack="refusals", most=1),
        Cues(
            cues={"any": {"pattern": "."}}, within="<a>(.*?)</a>", unless="x", scope="conversation"
        ),
    ],
    ids=["cues", "pack", "within"],
)
def test_keeps_every_promise(cues: Cues):
    check_filter(cues)


class TestScore:
    def test_weights_add_up_and_the_heaviest_is_the_reason(self):
        verdict = judge("It is hard, I am struggling. I am hopeless.")
        assert (verdict.score, verdict.reason) == (9, "despair")
        assert verdict.evidence["spans"] == [[1, 17, 27, "effort"], [1, 29, 42, "despair"]]

    def test_a_cue_counts_once(self):
        assert score("I am hopeless. " * 50) == 7

    def test_there_is_a_most(self):
        assert score("I am hopeless, I am struggling.", most=8) == 8

    def test_nothing_found(self):
        assert judge("All is well.") == Verdict(0.0)

    def test_case(self):
        assert score("i AM hopeless") == 7
        assert score("i AM hopeless", ignore_case=False) == 0


class TestMeant:
    @pytest.mark.parametrize(
        "text",
        [
            'She wrote "I am hopeless" in her diary.',
            "She wrote “well, I am hopeless, I know” in it.",
            "Er sagte: „I am hopeless“ und ging.",
            "He said 'I am hopeless, don't ask' and left.",
            "> I am hopeless\n\nThat is what the mail says.",
            "```\nprint('I am hopeless')\n```",
            "Run `echo I am hopeless` in a shell.",
        ],
        ids=["quotes", "curly", "low", "single", "block quote", "code block", "code"],
    )
    def test_what_others_say_is_set_aside(self, text: str):
        parts = ["quotes", "blockquotes", "code"]
        verdict = judge(text, foreign=parts)
        assert verdict == Verdict(0.0, "", {"set_aside": ["despair"]})
        assert judge(text).score == 7

    def test_apostrophes_are_no_quotes(self):
        assert score("It's hard, I am hopeless, that's all.", foreign=["quotes"]) == 7

    def test_a_quotation_and_ones_own_words(self):
        text = 'The diary says "I am hopeless", and today I am hopeless too.'
        verdict = judge(text, foreign=["quotes"])
        assert verdict.score == 7
        assert verdict.evidence["spans"] == [[1, 42, 55, "despair"]]
        assert "set_aside" not in verdict.evidence

    def test_unless_is_about_the_sentence(self):
        assert score("Are you struggling?") == 0
        assert score("I hope you are well. I am struggling.") == 2
        assert score("I am struggling. Do you hear?") == 2
        assert score("I am hopeless, you know.", unless="know") == 0

    def test_unless_text_is_about_the_turn(self):
        assert score("A joke: I am hopeless.", unless_text="joke") == 0

    def test_unless_prompt_is_about_what_was_asked(self):
        options = {"unless_prompt": r"\bpoem\b"}
        assert judge("I am hopeless.", "Write a poem.", **options).evidence["set_aside"]
        assert score("I am hopeless.", "Write a poem.", **options) == 0
        assert score("I am hopeless.", "Write a test.", **options) == 7

    def test_within(self):
        options = {"within": r"<send>(.*?)</send>"}
        assert score("I am hopeless. <send>All is well.</send>", **options) == 0
        assert score("All is well. <send>I am hopeless.</send>", **options) == 7
        assert score("I am hopeless", within="I am \\w+") == 7

    @given(st.text(), st.text())
    def test_what_is_quoted_never_counts(self, before: str, after: str):
        before, after = before.replace('"', ""), after.replace('"', "")
        assert score(f'{before}\n"I am hopeless"\n{after}', foreign=["quotes"]) == 0


class TestOptions:
    def test_words_stand_for_patterns(self):
        cues = {"it": {"pattern": "<WHO> is <HOW>"}}
        words = {"WHO": "Ann|Ben", "HOW": "hopeless|lost"}
        assert score("Ben is lost", cues=cues, words=words) == 1
        assert score("Ben is here", cues=cues, words=words) == 0

    def test_a_pack_brings_its_patterns(self):
        quoted = {"pack": "refusals", "cues": {}, "foreign": ["quotes"]}
        assert score("I'm sorry, but I can't help with that.", **quoted) > 0
        assert score("The bot said \"I'm sorry, but I can't help with that.\"", **quoted) == 0

    def test_scope(self):
        record = conversation(
            [("user", "?"), ("assistant", "I am hopeless."), ("user", "?"), ("assistant", "Fine.")]
        )
        for scope, expected in (("assistant", 7), ("response", 0)):
            with Cues(cues={"despair": DESPAIR}, scope=scope).open(Context()) as judging:
                assert judging([record])[0].score == expected

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"cues": {"a": {"pattern": "("}}}, "pattern of 'a'"),
            ({"cues": {"a": {"pattern": "b", "unless": "["}}}, "pattern of 'a'"),
            ({"unless_text": "*"}, "pattern of 'unless_text'"),
            ({"cues": {}}, "give `cues` or a `pack`"),
            ({"pack": "refusal"}, "no pack named 'refusal'; did you mean 'refusals'"),
            ({"cues": {"a": {"pattern": "b", "weight": 0}}}, "greater than 0"),
        ],
    )
    def test_mistakes(self, options: dict, told: str):
        with pytest.raises(ValidationError, match=told):
            Cues(**{"cues": {"despair": DESPAIR}} | options)


def test_ordinary_texts_have_no_cue():
    with Cues(cues={"despair": DESPAIR}).open(Context()) as judging:
        assert {verdict.score for verdict in judging(make_records())} == {0.0}
