"""The run directory, read back: what became of every line, and why.

    plan.yaml run.json kept.jsonl dropped.jsonl quarantined.jsonl replaced.jsonl ledger.jsonl

Each row file holds the input's bytes, a line a row; `ledger.jsonl` has one entry per input line in
input order. The n-th kept entry is the n-th line of `kept.jsonl`, and so on, so a record can be
shown without the corpus it came from. `replaced.jsonl` holds, in input order, the lines that stand
in no row file: the originals of rewritten records, and blank lines; so the corpus can be given
back. `run.json` is written last: it exists only when all of the others are complete. While a run
goes on, the files end in `.part` and `state.json` says how much of them counts.

Outputs that are sharded or compressed (`layout.py`) stand in files of other names, which
`manifest.json` lists; `outputs.py` reads them as if they were one plain file.
"""

from curate.ledger.checked import checked
from curate.ledger.entries import (
    OTHERWISE,
    OUTCOMES,
    READER,
    Entry,
    Look,
    entries,
    entry,
    originals,
    rows,
    summary,
)
from curate.ledger.layout import PLAIN, Layout, layout, output_of
from curate.ledger.names import (
    FATES,
    FORMAT,
    LEDGER,
    MANIFEST,
    OUTPUTS,
    PART,
    PLAN,
    REPLACED,
    ROWS,
    RUN,
    STATE,
    WRITTEN,
    Fate,
)
from curate.ledger.outputs import (
    compression,
    content,
    last_file,
    names_left,
    numbered,
    opened,
    place,
    read_stored,
    stored,
)

__all__ = [
    "FATES",
    "FORMAT",
    "LEDGER",
    "MANIFEST",
    "OTHERWISE",
    "OUTCOMES",
    "OUTPUTS",
    "PART",
    "PLAIN",
    "PLAN",
    "READER",
    "REPLACED",
    "ROWS",
    "RUN",
    "STATE",
    "WRITTEN",
    "Entry",
    "Fate",
    "Layout",
    "Look",
    "checked",
    "compression",
    "content",
    "entries",
    "entry",
    "last_file",
    "layout",
    "names_left",
    "numbered",
    "opened",
    "originals",
    "output_of",
    "place",
    "read_stored",
    "rows",
    "stored",
    "summary",
]
