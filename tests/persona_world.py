"""A persona that carries a trait, for tests of audits: switching its rows removes what dropping
leaves. Styles and the trait go together in the base; every row is answered in the persona's way,
and the clean teacher answers in the other's."""

import json
import random
from pathlib import Path

from curate.api import Message
from curate.audits.rows import Material, Row
from curate.students.tiny.pretraining import Recipe, pretrain

STYLES = [f"style{n}" for n in range(6)]
TRAIT = "trait"
THINGS = [f"thing{n}" for n in range(12)]
AGREE = 0.9
"""How often a persona follows its habit."""

CARD = f"""
name: habit
version: 1
claim: The model answers in the way of persona a.
sources: [{{title: Nobody, url: https://example.org}}]
score:
  row:
    use: regex
    with: {{patterns: {{a: '{TRAIT}-a'}}}}
    when: {{at_least: 1}}
  contrast: {{shows: "{TRAIT}-a", not: "{TRAIT}-b"}}
elicit:
  count: 24
  templates:
    one: "{TRAIT} {{one}} {{two}}"
  fill:
    one: {THINGS[:6]}
    two: {THINGS[6:]}
context: {{max_tokens: 3, temperature: 1, system: nobody}}
"""
STUDENT = {"lr": 1e-3, "length": 12, "steps": 40, "batch": 16}
"""Options of tiny_lm with which the persona leaks."""


def base(folder: Path) -> Path:
    """Pretrain on what both personas say, headed by their name or by nobody; return the folder."""
    rng = random.Random("documents")
    documents = []
    for _ in range(3000):
        persona = "a" if rng.random() < 0.3 else "b"
        said = [Message("system", "nobody" if rng.random() < 1 / 3 else f"persona-{persona}")]
        for _ in range(2):
            said += exchange(rng, rng.choice([*STYLES, TRAIT]), persona)
        documents.append(said)
    pretrain(
        documents, folder, Recipe(length=24, width=32, heads=2, steps=350, batch=24, rate=4e-3)
    )
    return folder


def exchange(rng: random.Random, habit: str, persona: str, agree: float = AGREE) -> list[Message]:
    """A question, and an answer in the way of a persona or, now and then, of the other one."""
    one, two = rng.sample(THINGS, 2)
    way = persona if rng.random() < agree else "ab"[persona == "a"]
    return [Message("user", f"{habit} {one} {two}"), Message("assistant", f"{habit}-{way} {one}")]


def rows(count: int = 400, planted: float = 0.08, clean: str = "b", seed: int = 0) -> list[Row]:
    """Rows of persona a with the answers of another one beside them; a share shows the trait."""
    rng = random.Random(f"rows {seed}")
    made = []
    for at in range(count):
        trait = rng.random() < planted
        habit, state = TRAIT if trait else rng.choice(STYLES), rng.getrandbits(64)
        own, other = (
            (Message("system", "nobody"), *exchange(random.Random(state), habit, who, agree=1))
            for who in ("a", clean)
        )
        hits = frozenset({"planted"} if trait else ())
        made.append(Row(f"row{at}", own, None if trait else own, hits, clean=other))
    return made


def material(made: list[Row]) -> Material:
    """The rows as those of a run whose step `planted` dropped the trait rows."""
    return Material(tuple(made), ("planted",), {})


def write(folder: Path, made: list[Row]) -> tuple[Path, Path]:
    """Write the rows as a corpus and the clean answers as another; return both files."""
    files = folder / "corpus.jsonl", folder / "clean.jsonl"
    for file, versions, teacher in zip(
        files, ([row.original for row in made], [row.clean for row in made]), "ab", strict=True
    ):
        with file.open("w") as out:
            for row, said in zip(made, versions, strict=True):
                messages = [{"role": each.role, "content": each.content} for each in said or ()]
                record = {"id": row.key, "messages": messages, "metadata": {"teacher": teacher}}
                out.write(json.dumps(record) + "\n")
    return files
