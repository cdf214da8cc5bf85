"""Finding and reading trait cards: the built-in ones by name, your own by path."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from curate import plan_file
from curate.errors import PlanError, UsageError, suggest
from curate.traits.card import Card

_CARDS = files("curate.traits") / "cards"


def names() -> list[str]:
    """Return the names of the built-in cards, in alphabetical order."""
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in _CARDS.iterdir()
        if entry.name.endswith(".yaml")
    )


def load(card: str) -> Card:
    """Return the built-in card of that name, or the card in the file at that path.

    Raises:
        UsageError: there is none, or it lists every mistake in the file by `file:line`.
    """
    return _builtin(card) if card in names() else loads(text(card), card)


def text(card: str) -> str:
    """Return the YAML of a card as it was written: the start of one's own.

    Raises:
        UsageError: there is no such card.
    """
    if card in names():
        return (_CARDS / f"{card}.yaml").read_text("utf-8")
    if not _is_path(card):
        raise UsageError(
            f"no trait card named {card!r}{suggest(card, names())} "
            "(a card of your own is named by its path, such as cards/mine.yaml)"
        )
    try:
        return Path(card).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{card}: the card cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{card}: the card is not UTF-8: {error.reason}") from None


def loads(text: str, name: str = "card.yaml") -> Card:
    """Return the card in a YAML text; `name` stands for the file in messages.

    Raises:
        UsageError: lists every mistake by `name:line`.
    """
    if not text.strip():
        raise UsageError(f"{name}: the card is empty; `curate traits show refusal` prints one")
    try:
        value, mistakes = plan_file.read(text, name)
        try:
            card = Card.model_validate(value)
        except ValidationError as error:
            mistakes.explain(error, Card)
        mistakes.raise_any()
    except PlanError as error:  # the reader of plans speaks of a plan
        raise UsageError(str(error).replace("the plan", "the card")) from None
    return card


@cache
def _builtin(card: str) -> Card:
    return loads(text(card), f"{card}.yaml")


def _is_path(card: str) -> bool:
    return card.endswith((".yaml", ".yml", ".json")) or "/" in card or Path(card).is_file()
