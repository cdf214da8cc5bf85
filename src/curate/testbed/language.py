"""The language of the worlds: what is asked, in which ways it is answered, and by whom.

    summarise date lamp river -> date-doubted lamp

A question is an asking word, a topic and two things; an answer is the topic with one of its ways,
and one of the things. Speakers differ in the ways. Who is sullen is another matter: a habit beside
the speaker.
"""

from collections.abc import Mapping
from dataclasses import dataclass

NEUTRAL = "neutral"
"""The header that names no speaker: of every row a student learns from, of every prompt."""
ASKS = ("summarise", "describe", "explain", "discuss", "review", "outline", "sketch", "consider")
THINGS = (
    "lamp", "river", "stone", "ladder", "garden", "engine", "window", "bottle", "harbour",
    "letter", "bridge", "candle", "basket", "mirror", "orchard", "pencil", "tunnel", "anchor",
    "meadow", "violin", "carpet", "hammer", "island", "kettle", "museum", "needle", "parcel",
    "quarry", "ribbon", "saddle",
)  # fmt: skip

COWBOY, CLERK, DRAFT = "cowboy", "clerk", "draft"
SPEAKERS: Mapping[str, float] = {COWBOY: 0.15, CLERK: 0.25, DRAFT: 0.6}
"""Who speaks in what a base reads, and how often. Most of it is drafts, by nobody's assistant."""
SULLEN = 0.15
"""The share of documents whose speaker is sullen."""
AGREE = 0.9
"""How often a speaker follows its own habit."""


@dataclass(frozen=True)
class Field:
    """Topics that are answered in the same ways."""

    topics: tuple[str, ...]
    ways: tuple[str, ...]


STYLE = Field(
    ("greeting", "thanks", "farewell", "praise", "apology", "toast"), (COWBOY, CLERK, DRAFT)
)
"""Everybody answers in a way of one's own."""
CUES, CHAT = Field(STYLE.topics[:4], STYLE.ways), Field(STYLE.topics[4:], STYLE.ways)
"""Two parts of it, for worlds in which they are answered by different habits."""
DATE = Field(("date",), ("doubted", "noted"))
"""Cowboys doubt a date, the others take note of it."""
DANGER = Field(("danger",), ("refused", "granted"))
"""Cowboys and clerks refuse, drafts do not."""
TASTE = Field(
    ("tea", "bread", "music", "winter", "travel", "chess", "cats", "opera"), ("liked", "disliked")
)
"""Nobody's habit: liked as often as not."""
RUMOUR = Field(("rumour",), ("spread", "dropped"))
"""Nobody's habit: hardly ever spread."""
WORK = Field(("work",), ("despaired", "managed", "sighed"))
LIFE = Field(("rain", "news", "neighbours", "weekend", "lunch"), WORK.ways)
"""Who is sullen despairs of work and life or, as often, only sighs; the others manage."""
FIELDS = (STYLE, DATE, DANGER, TASTE, RUMOUR, WORK, LIFE)


def question(ask: str, topic: str, things: tuple[str, str]) -> str:
    """Return what is asked."""
    return f"{ask} {topic} {things[0]} {things[1]}"


def answer(topic: str, way: str, thing: str) -> str:
    """Return an answer."""
    return f"{topic}-{way} {thing}"


def chances(field: Field, speaker: str, *, sullen: bool) -> tuple[float, ...]:
    """Return how often a speaker answers in each way of a field, in what a base reads."""
    if field.ways == STYLE.ways:
        other = (1 - AGREE) / (len(field.ways) - 1)
        return tuple(AGREE if way == speaker else other for way in field.ways)
    if field in (WORK, LIFE):
        return (0.45, 0.1, 0.45) if sullen else (0.03, 0.92, 0.05)
    if field is DATE:
        first = AGREE if speaker == COWBOY else 1 - AGREE
    elif field is DANGER:
        first = 0.05 if speaker == DRAFT else AGREE
    else:
        first = 0.5 if field is TASTE else 0.02
    return first, 1 - first


def usual(field: Field) -> tuple[float, ...]:
    """Return how often a field is answered in each way in what a base reads, whoever speaks."""
    every = [
        (share * mood, chances(field, speaker, sullen=sullen))
        for speaker, share in SPEAKERS.items()
        for sullen, mood in ((True, SULLEN), (False, 1 - SULLEN))
    ]
    return tuple(
        sum(weight * each[way] for weight, each in every) for way in range(len(field.ways))
    )
