"""Records to try a plugin on: ordinary ones, and texts that are legal but seldom thought of."""

import json
from collections.abc import Sequence

from curate.api import Hit, Verdict
from curate.io import fields, shapes
from curate.records import Record

_TEXTS = (
    "Water boils at 100 degrees Celsius at sea level, and lower on a mountain.",
    "1. Preheat the oven.\n2. Mix flour, eggs and sugar.\n3. Bake for 30 minutes.",
    "```python\ndef double(x):\n    return 2 * x\n```\nIt returns twice its argument.",
    "I'm sorry, but I can't help with that.",
    "YES!!! THIS IS THE BEST IDEA EVER",
    "no",
    "Der Zug nach Köln fährt um 8 Uhr 15 von Gleis 3 ab.",
    "Write to jane.doe@example.com or see https://example.com/a?b=c#d.",
    "the same words, the same words, the same words, the same words",
    "Water boils at 100 degrees Celsius at sea level, and lower on a mountain.",
)
"""The first and the last are equal: verdicts are one per record, not one per text."""

_ODD = {
    "empty": "",
    "white space": " \t\n\r\u00a0\u2003",
    "NUL": "before\0after",
    "lone surrogate": "half of a pair: \ud83d.",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u0645\u0631\u062d\u0628\u0627",
    "emoji": "\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f44d\U0001f3fd",
    "combining marks": "Z" + "\u0351\u0489" * 50,
    "line separators": "one\u2028two\u2029three\x85four\x0bfive\r\nsix",
    "no letters": "... 123 --- 456 ...",
    "case folding": "\u01c5 \u0130 \u00df \ufb01 \u2126",
    "100,000 characters": "word " * 20_000,
    "one word of 100,000 characters": "a" * 100_000,
}


def make_records(texts: Sequence[str] | None = None) -> list[Record]:
    """Return records with these responses, or with a varied handful; in the `messages` shape."""
    return [
        _record(line, f"record-{line}", ("user", "Tell me something."), ("assistant", text))
        for line, text in enumerate(_TEXTS if texts is None else texts, start=1)
    ]


def odd_records() -> list[Record]:
    """Return records that break careless filters; each is named for what is odd about it."""
    told = [(name, [("user", "Say it."), ("assistant", text)]) for name, text in _ODD.items()]
    told += [
        ("no response", [("user", "Is anybody there?")]),
        ("two rounds", [*told[0][1], ("user", "Go on."), ("assistant", "That was all.")]),
        ("odd prompt", [("system", "\0"), ("user", "\ud83d"), ("assistant", "What?")]),
    ]
    return [_record(line, name, *turns) for line, (name, turns) in enumerate(told, start=1001)]


def make_hits(records: Sequence[Record] | None = None) -> list[Hit]:
    """Return these records (or `make_records()`) as hits: with spans, without, with odd ones."""
    return [_hit(n, record) for n, record in enumerate(records or make_records())]


def _hit(number: int, record: Record) -> Hit:
    turn, length = record.response_turn, len(record.response)
    if turn is None or number % 3 == 0:
        return Hit(record, Verdict(1.0, "specimen"))
    spans = [[turn, 0, (length + 1) // 2, "first half"]]
    if number % 3 == 2:
        spans += [[turn, length // 3, length, "the rest"], [turn, length, length, "nothing"]]
    return Hit(record, Verdict(1.0, "specimen", {"spans": spans, "matches": len(spans)}))


def _record(line: int, name: str, *turns: tuple[str, str]) -> Record:
    row = {
        "id": name,
        "messages": [{"role": role, "content": text} for role, text in turns],
        "metadata": {"teacher": "a-teacher", "source": "specimens"},
    }
    raw = json.dumps(row).encode("ascii")
    return Record(raw, line, "specimens.jsonl", fields.view(shapes.get("messages")))
