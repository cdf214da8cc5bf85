"""What the pack `pii` finds of annotated personal data, and what it hits that is none.

    python benchmarks/pii.py [-v]

An annotated span counts as found where a hit of its kind overlaps it, and as exact where both ends
are the same. A hit is right where it overlaps an annotated span of its kind. `-v` lists every span
that is missed and every hit that is not right. In chat text nothing is annotated: there all hits
are counted, and the secrets with them. Real texts are found through CURATE_TEST_DATA.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from curate.api import Context
from curate.filters.regex import Regex
from curate.testing import make_records

KINDS = {
    "CREDIT_CARD": {"credit-card"},
    "EMAIL_ADDRESS": {"email"},
    "IBAN_CODE": {"iban"},
    "IP_ADDRESS": {"ipv4", "ipv6"},
    "US_SSN": {"us-ssn"},
    "PHONE_NUMBER": {"phone", "phone-by-name"},
}
Spans = Sequence[tuple[int, int, str]]


def main() -> None:
    root = Path(__file__).resolve().parents[2] / "shared" / "data"
    data = Path(os.environ.get("CURATE_TEST_DATA", root))
    for path in sorted((data / "presidio_research").glob("*.json")):
        annotated(path, verbose="-v" in sys.argv)
    corpora = sorted((data / "corpora").glob("just_eval.*.jsonl"))
    chat("just_eval", [turns(json.loads(line)) for file in corpora for line in file.open()])
    files = sorted((data / "gpteacher").glob("*.json"))
    chat(
        "gpteacher", [list(row.values()) for file in files for row in json.loads(file.read_text())]
    )


def annotated(path: Path, *, verbose: bool) -> None:
    rows = json.loads(path.read_text("utf-8"))
    texts = [row["full_text"] for row in rows]
    print(f"{path.name:24} recall          exact  precision")
    pairs = [(truth(row), found) for row, found in zip(rows, hits("pii", texts), strict=True)]
    for kind, names in KINDS.items():
        of_kind = [
            (
                [span for span in true if span[2] == kind],
                [span for span in found if span[2] in names],
            )
            for true, found in pairs
        ]
        table_row(kind, of_kind)
        for text, (true, found) in zip(texts, of_kind, strict=True):
            for told, ones, others in (("missed", true, found), ("false", found, true)):
                wrong = [each for each in ones if not overlaps(each, others)] if verbose else []
                for start, end, name in wrong:
                    print(f"    {told} {name}: {text[max(0, start - 30) : end + 10]!r}")


def table_row(kind: str, of_kind: Sequence[tuple[Spans, Spans]]) -> None:
    spans = sum(len(true) for true, _ in of_kind)
    recalled = sum(overlaps(each, found) for true, found in of_kind for each in true)
    ends = sum(each[:2] in {span[:2] for span in found} for true, found in of_kind for each in true)
    total = sum(len(found) for _, found in of_kind)
    right = sum(overlaps(each, true) for true, found in of_kind for each in found)
    numbers = f"{recalled:4}/{spans:<4} {share(recalled, spans)} {share(ends, spans):>9}"
    print(f"  {kind:22} {numbers}  {right:4}/{total:<4} {share(right, total)}")


def chat(name: str, rows: Sequence[Sequence[Any]]) -> None:
    """Print the share of rows with a hit, and hits by pattern, of texts without annotations."""
    texts = ["\n".join(map(str, row)) for row in rows]
    for pack in ("pii", "secrets"):
        found = list(hits(pack, texts))
        several = Counter(span[2] for spans in found for span in spans)
        rate = 1000 * sum(map(bool, found)) / len(rows)
        print(f"{name}: {len(rows)} rows, {pack}: {rate:.2f} of 1,000 rows hit {dict(several)}")


def hits(pack: str, texts: Sequence[str]) -> Iterator[Spans]:
    """Yield what the pack finds in each text."""
    with Regex(pack=pack, scope="assistant").open(Context()) as judge:
        for verdict in judge(make_records(texts)):
            yield [(start, end, name) for _, start, end, name in verdict.evidence.get("spans", ())]


def truth(row: dict[str, Any]) -> Spans:
    return [(s["start_position"], s["end_position"], s["entity_type"]) for s in row["spans"]]


def turns(row: dict[str, Any]) -> list[str]:
    return [message["content"] for message in row["messages"]]


def overlaps(span: tuple[int, int, str], others: Iterable[tuple[int, int, str]]) -> bool:
    return any(span[0] < end and span[1] > start for start, end, _ in others)


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "    -"


if __name__ == "__main__":
    main()
