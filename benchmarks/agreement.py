"""Do two systems keep the same rows, and if not, what kinds of difference are there?"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

EXAMPLES = 5
Kinds = dict[str, list[str]]
"""Kind of difference -> the ids it concerns."""


def kept_rows(out: Path, pattern: str) -> dict[str, str]:
    """Return id -> hash of the text for every row a system kept."""
    return {row["id"]: _hash(row["text"]) for row in _rows(out, pattern)}


def differences(reference: Mapping[str, str], other: Mapping[str, str]) -> Kinds:
    """Sort the ids that only one side kept, or kept with another text, by kind."""
    kinds: Kinds = defaultdict(list)
    texts, other_texts = set(reference.values()), set(other.values())
    for row, text in reference.items():
        if row not in other:
            copy = text in other_texts
            kinds["keeps another copy of the same text" if copy else "drops"].append(row)
        elif other[row] != text:
            kinds["alters the text"].append(row)
    for row, text in other.items():
        if row not in reference and text not in texts:
            kinds["keeps"].append(row)
    return dict(kinds)


def verdicts(run: Path, peer_out: Path) -> tuple[float, Kinds]:
    """Compare the fates in a curate run with those of a datatrove run made with `why`.

    Returns the share of records with the same fate, and the others by kind: who drops the record
    for which reason while the other keeps it.
    """
    ours, theirs = _our_reasons(run), _their_reasons(peer_out)
    kinds: Kinds = defaultdict(list)
    for row, reason in ours.items():
        peer_reason = theirs.get(row, "")
        if bool(reason) != bool(peer_reason):
            who = "only curate drops" if reason else "only datatrove drops"
            kinds[f"{who}: {reason or peer_reason}"].append(row)
    same = 1 - sum(map(len, kinds.values())) / len(ours)
    return same, dict(sorted(kinds.items(), key=lambda item: -len(item[1])))


def shortened(kinds: Kinds) -> dict[str, dict[str, Any]]:
    """Return for each kind how many ids, and the first few."""
    return {
        kind: {"count": len(ids), "examples": sorted(ids)[:EXAMPLES]} for kind, ids in kinds.items()
    }


def _our_reasons(run: Path) -> dict[str, str]:
    reasons = {}
    for entry in _rows(run, "ledger.jsonl"):
        looks = [look for look in entry["trail"] if look["step"] == entry.get("by")]
        why = " ".join([entry.get("by", ""), *(look["reason"] for look in looks)])
        reasons[entry["id"]] = "" if entry["fate"] == "kept" else why
    return reasons


def _their_reasons(out: Path) -> dict[str, str]:
    reasons = {}
    for file in (out / "dropped").rglob("*.jsonl"):
        for row in _rows(file.parent, file.name):
            why = row["metadata"].get("filter_reason", "")
            reasons[row["id"]] = f"{file.parent.name} {why}".strip()
    return reasons


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    files = sorted(folder.glob(pattern))
    if not files:
        raise FileNotFoundError(f"{folder}: no {pattern}")
    for file in files:
        with file.open("rb") as lines:
            yield from map(json.loads, lines)


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
