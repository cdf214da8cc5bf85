"""What a run did, in words: the balance, the waterfall, the rewrites, how the hits overlap."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.ledger import OUTCOMES
from curate.visible import inline, visible

FILES = 20
"""Inputs whose counts are shown."""


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
    yield from _files(facts["inputs"])
    if steps:
        yield ""
        yield from _table(_waterfall(counts, steps))
        for step in steps:
            if "rewrite" in step:
                yield from _rewrites(step)
        yield from _shares(facts.get("teachers", ()))
        yield from _overlaps(steps, facts["overlap"])
    if facts["status"] == "over_budget":
        yield ""
        yield f"NOT CLEAN (exit 3): over budget: {', '.join(facts['over_budget'])}"


def _inputs(inputs: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> Iterator[str]:
    for file in inputs[:20]:
        yield f"  {inline(file['name'])}: {_extent(file)}"
        yield from _table_read(file.get("table", {}))
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


def _files(inputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say what became of each input where there are several, those that lost most first."""
    counted = [file for file in inputs if file.get("read")]
    if len(inputs) < 2 or not counted:
        return
    lost = sorted(counted, key=lambda file: (file["kept"] / file["read"], file["name"]))
    rows: list[tuple[str, ...]] = [("file", "read", "kept", "dropped", "quarantined", "kept %")]
    for file in lost[:FILES]:
        numbers = (f"{file[name]:,}" for name in ("read", "kept", "dropped", "quarantined"))
        rows.append((inline(file["name"]), *numbers, _share(file["kept"], file["read"])))
    yield ""
    yield from _table(rows)
    if len(counted) > FILES:
        yield f"  … and {len(counted) - FILES:,} more, see run.json"


def _table_read(told: Mapping[str, Any]) -> Iterator[str]:
    """Say what became of a table's columns on their way to JSON."""
    converted = [
        f"{each['path']} {each['type']} → {each['said']}" for each in told.get("converted", ())
    ]
    nulls = [
        f"{each['path']} {each['nulls']:,} of {each['of']:,}" for each in told.get("nulls", ())
    ]
    for name, found in (("converted", converted), ("nulls, or keys there were not", nulls)):
        if found:
            more = f", and {len(found) - 10} more in run.json" if len(found) > 10 else ""
            yield f"    {name}: {inline(', '.join(found[:10]))}{more}"
    for note in told.get("notes", ()):
        yield f"    {inline(note)}"


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


def _rewrites(step: Mapping[str, Any]) -> Iterator[str]:
    told = step["rewrite"]
    counts = [(outcome, told[outcome]) for outcome in OUTCOMES]
    hits = sum(count for _, count in counts)
    yield ""
    yield f"{step['name']}: {hits:,} hit{'s' * (hits != 1)} for {told['use']} to rewrite"
    said = [f"{outcome} {count:,} ({_share(count, hits)})" for outcome, count in counts if count]
    yield f"  {', '.join(said) or 'nothing to do'}"
    for name, why in (("not rewritten", "reasons"), ("texts refused", "refused")):
        if told[why]:
            yield f"  {name}: {', '.join(f'{slug} {n:,}' for slug, n in told[why].items())}"
    for before, after, count in told["teachers"][:10]:
        yield f"  {_teacher(before)} -> {_teacher(after)}: {count:,}"
    if len(told["teachers"]) > 10:
        yield f"  … and {len(told['teachers']) - 10} more pairs of teachers"
    left = told["seen"] - step["dropped"] - step["quarantined"]
    open_ = told["kept"] + told["flagged"]
    if told["unnamed"]:
        yield f"  rows without a place for the new teacher's name: {told['unnamed']:,}"
    yield (
        f"  hits: {_share(hits, told['seen'])} of the rows seen before, "
        f"{_share(open_, left)} of those left after"
    )


def _shares(teachers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say who wrote how much of what was read and of what was kept."""
    if not teachers:
        return
    read, kept = (
        sum(row[column] for row in teachers) for column in ("characters_read", "characters_kept")
    )
    rows: list[tuple[str, ...]] = [("written by (share of characters)", "read", "kept")]
    rows += [
        (
            _teacher(row["teacher"]),
            _share(row["characters_read"], read),
            _share(row["characters_kept"], kept),
        )
        for row in teachers[:20]
    ]
    yield ""
    yield from _table(rows)
    if len(teachers) > 20:
        yield f"  … and {len(teachers) - 20} more teachers"


def _teacher(name: str | None) -> str:
    return "(not named)" if name is None else inline(name)


def _share(part: int, whole: int) -> str:
    """Return a share in per cent; what is there at all is not shown as nothing."""
    share = 100 * part / whole if whole else 0.0
    return f"{share:.1f} %" if share >= 0.05 or not part else "<0.1 %"


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
