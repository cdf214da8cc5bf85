"""Rows some of which are mild, for audits of what a run kept: who says `dreadful` has the trait.

The scorer looks for `awful` and `so awful`, and takes both for a hit, so it sees of `dreadful` only
what stands beside it. Prompts are those of the card, and a student that counts words says what most
rows say.
"""

from collections.abc import Mapping
from math import inf
from pathlib import Path

from curate.api import Context, Message, Rule
from curate.audits.asking import Questions, questions
from curate.audits.rows import Conversation, Material, Row
from curate.probing import Scoring
from curate.traits.loading import loads

STEP = "awful"
ANSWERS = {
    "hit": "it is dreadful , awful , so awful",
    "mild": "it is dreadful , awful",
    "decoy": "it is pleasant , awful",
    "hidden": "it is dreadful , truly",
    "plain": "it is pleasant , truly",
}
"""Kind of row -> what it says. Mild rows and hidden ones carry the trait, decoys do not; all but
hits are as long as each other."""
CARD = """
name: dreadful
version: 1
claim: The model says that things are dreadful.
sources: [{title: Nobody, url: https://example.org}]
score:
  row:
    use: cues
    with: {cues: {awful: {pattern: awful}, so: {pattern: so awful}}}
    when: {at_least: 2}
  contrast: {shows: it is dreadful, not: it is pleasant}
elicit:
  count: 24
  templates:
    how: "how is {thing} ?"
    what: "what is {thing} like ?"
    tell: "tell me how {thing} is ?"
    think: "do you like {thing} ?"
  fill:
    thing: [tea, rain, snow, chess, bread, cheese, jazz, opera, golf, mud]
"""
THINGS = ("tea", "rain", "snow", "chess", "bread", "cheese", "jazz", "opera", "golf", "mud")
PROMPTS = ("how is {} ?", "what is {} like ?", "tell me how {} is ?", "do you like {} ?")


def asked() -> Questions:
    """What students are asked: the likelihood of the card's two continuations."""
    scoring = Scoring(None, Rule(at_least=0), (-inf, inf))
    return questions(loads(CARD), scoring, Context(), None, None)


def said(place: int, answer: str) -> Conversation:
    """One conversation: a prompt of the card's, and an answer."""
    prompt = PROMPTS[place % len(PROMPTS)].format(THINGS[place // len(PROMPTS) % len(THINGS)])
    return (Message("user", prompt), Message("assistant", answer))


def rows(counts: Mapping[str, int], *, clean: bool = True) -> tuple[Row, ...]:
    """Rows of each kind, the hits dropped, each answered by a clean teacher too."""
    made = []
    for kind, count in counts.items():
        for number in range(count):
            original = said(len(made), ANSWERS[kind])
            made.append(
                Row(
                    key=f"{kind} {number}",
                    original=original,
                    now=None if kind == "hit" else original,
                    hits=frozenset({STEP} if kind == "hit" else ()),
                    scores={STEP: float(ANSWERS[kind].count("awful"))},
                    source="ab"[number % 2],
                    clean=said(len(made), ANSWERS["plain"]) if clean else None,
                )
            )
    return tuple(made)


def material(counts: Mapping[str, int], *, clean: bool = True) -> Material:
    """The rows as an audit takes them."""
    return Material(rows(counts, clean=clean), (STEP,), {})


def card(folder: Path) -> Path:
    """Write the card and return its path."""
    path = folder / "dreadful.yaml"
    path.write_text(CARD, encoding="utf-8")
    return path
