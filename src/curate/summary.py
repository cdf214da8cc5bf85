"""What a run did, in words: the balance, the waterfall, how much the steps' hits overlap."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.visible import inline, visible


def text(facts: Mapping[str, Any]) -> str:
    """Return the summary of a run from what its `run.json` says."""
    return visible("\n".join(_lines(facts)) + "\n")


def balance(counts: Mapping[str, int]) -> str:
    """Return the line that must add up."""
    read, kept, dropped, quarantined = (
        f"{counts[name]:,}" for name in ("read", "kept", "dropped", "quarantined")
    )
    return f"read {read} = kept {kept} + dropped {dropped} + quarantined {quarantined}"


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    counts, steps = facts["counts"], facts["steps"]
    yield balance(counts)
    yield from _inputs(facts["inputs"], counts)
    if steps:
        yield ""
        yield from _table(_waterfall(counts, steps))
        yield from _overlaps(steps, facts["overlap"])
    if facts["status"] == "over_budget":
        yield ""
        yield f"NOT CLEAN (exit 3): over budget: {', '.join(facts['over_budget'])}"


def _inputs(inputs: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> Iterator[str]:
    for file in inputs[:20]:
        yield f"  {inline(file['name'])}: {_extent(file)}"
    if len(inputs) > 20:
        yield f"  … and {len(inputs) - 20} more inputs"
    apart = {
        "blank line": counts["blank"],
        "CRLF line end": counts["crlf"],
        "byte order mark": sum(file.get("bom", False) for file in inputs),
        "input without a final newline": sum(
            not file.get("final_newline", True) for file in inputs
        ),
    }
    said = [f"{count:,} {name}{'s' if count > 1 else ''}" for name, count in apart.items() if count]
    if said:
        yield f"  counted apart: {', '.join(said)}"
    if counts["unreadable"]:
        yield f"  quarantined by the reader (not UTF-8 JSON): {counts['unreadable']:,}"


def _extent(file: Mapping[str, Any]) -> str:
    if file["shape"] is None:
        return "empty" if file.get("lines") == 0 else "not read"
    if file["sha256"] is None:
        return f"read up to the limit, shape {file['shape']}"
    return f"{file['lines']:,} line{'s' if file['lines'] != 1 else ''}, shape {file['shape']}"


def _waterfall(
    counts: Mapping[str, int], steps: Sequence[Mapping[str, Any]]
) -> list[tuple[str, ...]]:
    left = counts["read"] - counts["unreadable"]
    rows: list[tuple[str, ...]] = [
        ("step", "seen", "hits", "unsure", "dropped", "quarantined", "left")
    ]
    for step in steps:
        left -= step["dropped"] + step["quarantined"]
        numbers = (step[key] for key in ("seen", "hits", "abstained", "dropped", "quarantined"))
        rows.append((step["name"], *(f"{number:,}" for number in numbers), f"{left:,}"))
    return rows


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join(cells)


def _overlaps(steps: Sequence[Mapping[str, Any]], overlap: Mapping[str, Any]) -> Iterator[str]:
    names = [step["name"] for step in steps]
    pairs = [
        (count, names[i], names[j])
        for i, row in enumerate(overlap["together"])
        for j, count in enumerate(row)
        if j > i and count
    ]
    if pairs:
        yield ""
        yield "hits shared by two steps (of the records both saw):"
        for count, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))[:10]:
            yield f"  {one} and {other}: {count:,}"
    alone = [
        f"{name} {count:,}" for name, count in zip(names, overlap["alone"], strict=True) if count
    ]
    if pairs and alone:
        yield f"  hit by one step only: {', '.join(alone)}"
