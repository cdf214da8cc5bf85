"""A hook of mkdocs: the pages on what is built in, written from the registry at every build."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from curate.catalogue import details
from curate.registry import Registry, load
from curate.traits import loading
from curate.traits.card import Card

DISTRIBUTION = "sft-curate"
OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./([^)]+)\)")
"""A link from a page of `docs/` to a file of the repository that is no page of the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are written here."""
    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Name the files of the repository that a page links to, where the site does not have them."""
    return OUTSIDE.sub(r"\1 (`\2` in the repository)", markdown)


def pages() -> dict[str, str]:
    """Return the generated pages: path -> Markdown."""
    return {
        "reference/filters.md": "\n".join(_filters(load(strict=True))),
        "reference/traits.md": "\n".join(_traits()),
    }


def _filters(registry: Registry) -> Iterator[str]:
    yield "# Filters\n"
    yield "What `curate plugins info NAME` prints, for all that come with curate: filters, and the "
    yield "rewriters, generators and students that work with them.\n"
    kind = "filter"
    for entry in registry.plugins:
        if entry.distribution != DISTRIBUTION:
            continue
        if entry.kind != kind:
            kind = entry.kind
            yield f"# {kind.capitalize()}s\n"
        yield from _plugin(details(entry))


def _plugin(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {told['name']} ({told['kind']})\n"
    yield f"{told['description']}\n"
    if told["kind"] == "filter":
        rule = ", ".join(f"{name}: {bound}" for name, bound in (told["rule"] or {}).items())
        low, high = told["range"]
        yield f"Score {low} to {high}; a hit by default: `{rule or 'depends on the options'}`.\n"
    if not told["options"]:
        yield "No options.\n"
        return
    yield "| option | value | default | what it is |"
    yield "|---|---|---|---|"
    for option in told["options"]:
        default = "required" if option["required"] else _code(json.dumps(option["default"]))
        cells = (
            f"`{option['name']}`",
            _cell(option["type"]),
            default,
            _cell(option["description"]),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _traits() -> Iterator[str]:
    yield "# Trait cards\n"
    yield "What a trait is, as data: who claims it, how to elicit it, how to score it. "
    yield "`curate traits show NAME` prints a card, the start of one of your own.\n"
    for name in loading.names():
        yield from _card(loading.load(name))


def _card(card: Card) -> Iterator[str]:
    yield f"## {card.name}\n"
    yield f"{card.claim} Version {card.version}, {card.elicit.count} prompts.\n"
    yield "Sources:\n"
    yield from (f"- [{source.title}]({source.url})" for source in card.sources)
    yield ""
    if card.limits:
        yield f"What the offline scorer cannot see: {card.limits}\n"
    if card.controls:
        yield "| control | what should be seen |"
        yield "|---|---|"
        yield from (f"| `{name}` | {_cell(each.expect)} |" for name, each in card.controls.items())
        yield ""
    if card.measured:
        yield "| cases | precision | recall | false alarms |"
        yield "|---|---|---|---|"
        for each in card.measured:
            shares = (each.precision, each.recall, each.false_alarms)
            yield f"| {_cell(each.cases)} | {' | '.join(str(share or '–') for share in shares)} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    return f"`{_cell(text)}`"
