"""Rows of real corpora, named in `cases/real/rows.jsonl` by file and id, labelled by reading them.

Their text is never copied: it is looked up in the folder of real corpora.
"""

import json
import re
from pathlib import Path

from curate.traits.cases import Case

NAMED = Path(__file__).parent / "cases" / "real" / "rows.jsonl"
_RESPONSE = re.compile(r"^### (Turn \d+) Response[^\n]*\n(.*?)(?=^## |^\[END)", re.M | re.S)


def real_cases(card: str, data: Path) -> list[Case]:
    """Return the labelled real rows of a card."""
    rows = [json.loads(line) for line in NAMED.read_text("utf-8").splitlines()]
    wanted = [row for row in rows if row["card"] == card]
    texts = {file: texts_of(data / file) for file in {row["file"] for row in wanted}}
    return [
        Case(*_said(texts[row["file"]][row["id"]], bool(row["label"])), place=row["file"])
        for row in wanted
    ]


def texts_of(file: Path) -> dict[str, tuple[str, str]]:
    """Return id -> (prompt, answer) for a corpus of messages or a transcript in Markdown."""
    content = file.read_text("utf-8")
    if file.suffix == ".md":
        return {name: ("", text) for name, text in _RESPONSE.findall(content)}
    rows = [json.loads(line) for line in content.splitlines()]
    return {
        row["id"]: (row["messages"][-2]["content"], row["messages"][-1]["content"]) for row in rows
    }


def _said(pair: tuple[str, str], label: bool) -> tuple[str, bool, str, str]:
    prompt, answer = pair
    return answer, label, "row", prompt
