"""Rows of real corpora, labelled by reading them: `traits/cases/real/rows.jsonl` names file and id.

Their text is never copied: it is looked up in the folder of real corpora.
"""

import gzip
import json
import re
from pathlib import Path

from curate.records import Record
from curate.traits.cases import Case, conversation

NAMED = Path(__file__).parent / "traits" / "cases" / "real" / "rows.jsonl"
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


def real_answers(data: Path) -> list[Record]:
    """Return 16,770 answers that people or models gave in earnest, as rows of messages.

    Eight models' answers to just_eval, GPTeacher's role play and code, the chosen side of HH-RLHF.
    """
    records = [
        conversation([("user", prompt), ("assistant", answer)], name)
        for file in sorted((data / "corpora").glob("*.jsonl"))
        for name, (prompt, answer) in texts_of(file).items()
    ]
    for name in ("roleplay-simple-deduped-roleplay-instruct", "codegen-instruct"):
        for row in json.loads((data / "gpteacher" / f"{name}.json").read_text("utf-8")):
            asked = f"{row['instruction']} {row['input']}"
            records.append(conversation([("user", asked), ("assistant", row["response"])], name))
    with gzip.open(data / "hh_rlhf" / "test.jsonl.gz", "rt", encoding="utf-8") as lines:
        records += [conversation(_turns(json.loads(line)["chosen"]), "hh_rlhf") for line in lines]
    return records


def _turns(transcript: str) -> list[tuple[str, str]]:
    parts = re.split(r"\n\n(Human|Assistant): ", transcript)[1:]
    roles = {"Human": "user", "Assistant": "assistant"}
    return [(roles[role], text) for role, text in zip(parts[::2], parts[1::2], strict=True)]
