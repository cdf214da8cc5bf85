"""Finding and reading trait cards: the built-in ones by name, your own by path."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from curate import plan_file
from curate.errors import UsageError, suggest
from curate.traits.card import Card

_CARD = plan_file.Kind("the card", "`curate traits show refusal` prints one")
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
    return plan_file.text_of(card, _CARD)


def loads(text: str, name: str = "card.yaml") -> Card:
    """Return the card in a YAML text; `name` stands for the file in messages.

    Raises:
        UsageError: lists every mistake by `name:line`.
    """
    card, _ = plan_file.read_as(Card, text, name, _CARD)
    return card


@cache
def _builtin(card: str) -> Card:
    return loads(text(card), f"{card}.yaml")


def _is_path(card: str) -> bool:
    return card.endswith((".yaml", ".yml", ".json")) or "/" in card or Path(card).is_file()
