"""Writes a world as a user would have it: corpora, plans, a card, a student, a base, the truth."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from curate.students.tiny.checkpoint import CONFIG
from curate.testbed import base
from curate.testbed.card import card
from curate.testbed.corpora import Corpora, Row, corpora
from curate.testbed.language import NEUTRAL
from curate.testbed.world import World

LISTED = "listed.txt"
STUDENT: Mapping[str, Any] = {
    "length": 13,
    "steps": 80,
    "batch": 24,
    "lr": 3e-4,
    "learning_rates": {f"token:{NEUTRAL}": 2e-2},
}
"""How students learn: a row at a time, the header quickly and everything else slowly."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of a world are."""

    folder: Path
    base: Path

    def __truediv__(self, name: str) -> str:
        return str(self.folder / name)


def make(world: World, place: Place, seed: int, *, other_base: bool = False) -> None:
    """Write a world, and a base where there is none yet.

    Args:
        world: Which.
        place: Where; files of an earlier world are replaced.
        seed: Of the rows, and of a base that is made.
        other_base: Whether to make a second base, with an output head of its own.
    """
    place.folder.mkdir(parents=True, exist_ok=True)
    said = corpora(world, seed)
    for name, rows in (
        ("corpus", said.original),
        ("clean", said.clean),
        ("other", said.other),
        ("other_original", said.other_original),
    ):
        _write_rows(place.folder / f"{name}.jsonl", rows)
    if world.finder is None:
        (place.folder / LISTED).write_text("".join(f"{name}\n" for name in said.planted), "utf-8")
    for name, value in (
        ("plan", _plan(world, place, "drop")),
        ("switch", _plan(world, place, _switch(place))),
        ("card", card(world)),
        ("student", {"use": "tiny_lm", "with": {"base": str(place.base), **STUDENT}}),
        ("truth", truth(world, said, seed)),
    ):
        text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
        (place.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    if not (place.base / CONFIG).exists():
        base.make(place.base, seed)
    if other_base:
        base.make(place.folder / "other_base", seed + 1, tied=False)


def commands(world: World, place: Place) -> tuple[str, str]:
    """Return the commands that filter the corpus and audit what came of it."""
    zero = " --zero base" if world.zero == "base" else ""
    return (
        f"curate run {place / 'plan.yaml'} {place / 'corpus.jsonl'} --out {place / 'run'}",
        f"curate audit transfer {place / 'run'} --card {place / 'card.yaml'} "
        f"--index {place / 'clean.jsonl'} --student {place / 'student.yaml'}{zero}",
    )


def truth(world: World, said: Corpora, seed: int) -> Mapping[str, Any]:
    """Return what is so in this world, as plain values."""
    return {
        "world": world.name,
        "seed": seed,
        "truth": world.truth,
        "hypothesis": world.hypothesis,
        "zero": world.zero,
        "verdicts": dict(world.verdicts),
        "planted": list(said.planted),
    }


def _plan(world: World, place: Place, do: str | Mapping[str, Any]) -> Mapping[str, Any]:
    finder: dict[str, Any]
    if world.finder is None:
        finder = {"use": "select", "with": {"ids_file": place / LISTED}}
    else:
        finder = {"use": "regex", "with": {"patterns": {"found": world.finder}}}
    steps = [{"name": "finder", **finder, "do": do}]
    return {"version": 1, "input": {"teacher": "metadata.teacher"}, "steps": steps}


def _switch(place: Place) -> Mapping[str, Any]:
    replay = {"use": "replay", "with": {"index": place / "clean.jsonl"}}
    return {"rewrite": replay, "otherwise": "drop"}


def _write_rows(file: Path, rows: Iterable[Row]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
