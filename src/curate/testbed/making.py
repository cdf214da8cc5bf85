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
STUDENT: Mapping[str, Any] = {"length": 13, "steps": 80, "batch": 24}
"""What students learn in a step: rows, each of them one exchange."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of a world are."""

    folder: Path
    base: Path


def make(
    world: World, place: Place, seed: int, *, other_base: bool = False, cache: Path | None = None
) -> None:
    """Write a world, and a base where there is none yet.

    Args:
        world: Which.
        place: Where; files of an earlier world are replaced.
        seed: Of the rows, and of a base that is made.
        other_base: Whether to make a second base, with an output head of its own.
        cache: Where bases are remembered.
    """
    here = place.folder
    here.mkdir(parents=True, exist_ok=True)
    said = corpora(world, seed)
    _write_rows(here / "corpus.jsonl", said.original)
    _write_rows(here / "clean.jsonl", said.clean)
    _write_rows(here / "other.jsonl", said.other)
    _write_rows(here / "other_original.jsonl", said.other_original)
    if world.finder is None:
        (here / LISTED).write_text("".join(f"{name}\n" for name in said.planted), "utf-8")
    _write_yaml(here / "plan.yaml", _plan(world, here, "drop"))
    _write_yaml(here / "switch.yaml", _plan(world, here, _switch(here)))
    _write_yaml(here / "card.yaml", card(world))
    _write_yaml(
        here / "student.yaml",
        {"use": "tiny_lm", "with": {"base": str(place.base), **student(world)}},
    )
    _write_yaml(here / "truth.yaml", truth(world, said, seed))
    if not (place.base / CONFIG).exists():
        base.remembered(place.base, seed, cache)
    if other_base:
        base.remembered(here / "other_base", seed + 1, cache, tied=False)


def student(world: World) -> dict[str, Any]:
    """Return the options of a world's students, but for their base."""
    rates = {f"token:{NEUTRAL}": world.header}
    return {**STUDENT, "lr": world.rate, "learning_rates": rates}


def commands(world: World, place: Place) -> tuple[str, str]:
    """Return the commands that filter the corpus and audit what came of it."""
    here, zero = place.folder, " --zero base" if world.zero == "base" else ""
    return (
        f"curate run {here / 'plan.yaml'} {here / 'corpus.jsonl'} --out {here / 'run'}",
        f"curate audit transfer {here / 'run'} --card {here / 'card.yaml'} "
        f"--index {here / 'clean.jsonl'} --student {here / 'student.yaml'}{zero}",
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


def _plan(world: World, folder: Path, do: str | Mapping[str, Any]) -> Mapping[str, Any]:
    finder: Mapping[str, Any]
    if world.finder is None:
        finder = {"use": "select", "with": {"ids_file": str(folder / LISTED)}}
    else:
        finder = {"use": "regex", "with": {"patterns": {"found": world.finder}}}
    steps = [{**finder, "name": "finder", "do": do}]
    return {"version": 1, "input": {"teacher": "metadata.teacher"}, "steps": steps}


def _switch(folder: Path) -> Mapping[str, Any]:
    replay = {"use": "replay", "with": {"index": str(folder / "clean.jsonl")}}
    return {"rewrite": replay, "otherwise": "drop"}


def _write_rows(file: Path, rows: Iterable[Row]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_yaml(file: Path, value: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    file.write_text(text, encoding="utf-8")
