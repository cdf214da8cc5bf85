"""The prompts of a card: different from each other, the same on every machine, all slots filled."""

import re

import pytest

from curate.api import Context
from curate.errors import UsageError
from curate.traits import loading
from curate.traits.elicitation import SLOT
from curate.traits.openings import openings
from trait_scorers import trait

CARDS = loading.names()
YEAR = re.compile(r"\b20[0-9]{2}\b")

SMALL = """
name: small
version: 1
claim: It says what it is told.
sources: [{title: none, url: https://example.org}]
score:
  row: {use: regex, with: {patterns: {yes: yes}}, when: {at_least: 1}}
  contrast: {shows: "Yes, {pet.kind}.", not: "No."}
elicit:
  count: 4
  templates:
    pair: "{name} meets {name#2} on {day}, and again on {day+14}, with {pet.kind} number {n}."
    alone: "{deep}"
  fill:
    name: [Ada, Bo, Cy]
    day: {days: [2026-12-25, 2026-12-25]}
    pet: [{kind: cat, sound: meow}]
    n: {numbers: [7, 7]}
    deep: ["{name} has a {pet.kind} that says {pet.sound}."]
"""


def words(card: str, control: str | None = None, seed: int = 0) -> list[str]:
    made = openings(loading.load(card), Context(seed=seed), control=control)
    return [
        "\n".join([*(message.content for message in each.messages), *each.replies]) for each in made
    ]


@pytest.mark.parametrize("card", CARDS)
class TestBuiltIn:
    def test_prompts_differ_and_are_complete(self, card: str):
        read = loading.load(card)
        for control in (None, *read.controls):
            made = words(card, control)
            assert len(set(made)) == len(made) == read.elicit.count
            assert not [text for text in made if SLOT.search(text)]

    def test_templates_take_turns(self, card: str):
        made = openings(loading.load(card), Context())
        counts = [each.template for each in made]
        per_template = {counts.count(name) for name in set(counts)}
        assert max(per_template) - min(per_template) <= 1
        assert all(each.id.startswith(f"{each.template}/") for each in made)

    def test_the_seed_alone_decides(self, card: str):
        assert words(card) == words(card)
        assert words(card) != words(card, seed=1)

    def test_fewer_prompts_are_the_first_of_more(self, card: str):
        read = loading.load(card)
        assert openings(read, Context(), 7) == openings(read, Context())[:7]

    def test_no_prompt_silences_the_cards_own_scorers(self, card: str):
        read = loading.load(card)
        for scorer in (read.score.row, read.score.answer):
            if scorer and scorer.use == "cues":
                cues = trait(card, scorer=scorer.spec()).scorer
                void = cues.optional("unless_prompt")
                for control in (None, *read.controls):
                    assert void is None or not [t for t in words(card, control) if void.search(t)]


def test_date_confusion_has_800_documents_of_2026_of_many_kinds():
    made = openings(loading.load("date_confusion"), Context())
    assert len(made) == 800
    assert len({each.template for each in made}) == 20
    assert all("2026" in YEAR.findall(each.messages[-1].content) for each in made)


def test_a_control_changes_only_what_it_says():
    made, control = words("date_confusion"), words("date_confusion", "past-dates")
    dates = re.compile(r"[0-9]+ \w+ 20[0-9]{2}")
    assert [dates.sub("", text) for text in made] == [dates.sub("", text) for text in control]
    assert not [text for text in control if "2026" in text]


class TestSlots:
    def test_values_keys_days_and_numbers(self):
        pair, alone = openings(loading.loads(SMALL), Context(), 2)
        text = pair.messages[0].content
        found = re.fullmatch(
            r"(\w+) meets (\w+) on 25 December 2026, and again on 8 January 2027, with cat .* 7.",
            text,
        )
        assert found is not None
        assert found[1] != found[2]
        assert pair.shows == "Yes, cat."
        assert alone.messages[0].content.endswith("has a cat that says meow.")

    def test_too_many_prompts_for_the_templates(self):
        with pytest.raises(UsageError, match="template 'alone' gives only 3 different prompts"):
            openings(loading.loads(SMALL), Context(), 20)

    def test_an_unknown_control(self):
        with pytest.raises(
            UsageError, match="no control named 'past-date'; did you mean 'past-dates'"
        ):
            openings(loading.load("date_confusion"), Context(), 1, "past-date")

    def test_replies_are_drawn_without_repeats(self):
        for each in openings(loading.load("negative_emotion"), Context()):
            assert len(each.replies) == len(set(each.replies)) == 5
