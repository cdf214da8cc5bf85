"""How things stand out: by colour on a terminal, by signs where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

import click

_COLOURS: Mapping[str, str] = {"kept": "green", "dropped": "red", "quarantined": "yellow"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Marks up text that is already safe to print."""

    colour: bool = False

    def match(self, text: str) -> str:
        """Return a match so that it is seen at once."""
        return click.style(text, reverse=True, bold=True) if self.colour else f"«{text}»"

    def title(self, text: str) -> str:
        """Return a heading."""
        return click.style(text, bold=True) if self.colour else text

    def aside(self, text: str) -> str:
        """Return what is ours, not the record's."""
        return click.style(text, dim=True) if self.colour else text

    def fate(self, fate: str, text: str) -> str:
        """Return text in the colour of a fate."""
        return click.style(text, fg=_COLOURS[fate]) if self.colour else text
