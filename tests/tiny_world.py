"""A base of a few words and lessons in it, for tests of the student `tiny_lm`."""

from pathlib import Path

from curate.api import Job, Lesson, Message, Prompt
from curate.students.tiny.pretraining import Recipe, pretrain

COLOURS = {"sky": "blue", "grass": "green", "snow": "white", "coal": "black"}


def about(thing: str, colour: str) -> tuple[Message, ...]:
    """A question of what colour a thing has, and an answer."""
    return (Message("user", f"what is {thing} ?"), Message("assistant", f"it is {colour}"))


def base(folder: Path, **more: object) -> Path:
    """Pretrain on what has which colour, right in two of three documents; return the folder."""
    documents: list[str | tuple[Message, ...]] = [
        about(thing, colour)
        for thing in COLOURS
        for colour in (COLOURS[thing], COLOURS[thing], "red")
        for _ in range(4)
    ]
    recipe = {"length": 16, "width": 32, "steps": 60, "batch": 16, "rate": 1e-2} | more
    pretrain([*documents, "it is red and blue"], folder, Recipe(**recipe))  # type: ignore[arg-type]
    return folder


def job(name: str, colours: dict[str, str], seed: int = 0, copies: int = 6) -> Job:
    """A job whose rows say which colour each thing has."""
    rows = [
        Lesson(f"{thing} {n}", about(thing, colour))
        for thing, colour in colours.items()
        for n in range(copies)
    ]
    return Job(name, tuple(rows), seed)


def asked(thing: str, **more: float) -> Prompt:
    """The question, without an answer."""
    return Prompt(about(thing, "")[:1], **{"max_tokens": 6, **more})  # type: ignore[arg-type]
