"""`curate restore`: the corpus as it was before the run."""

import json
import sys
from pathlib import Path

import click

from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.looking.restored_files import to_folder, to_stream
from curate.looking.restoring import Restored
from curate.visible import inline


@click.command("restore", epilog="Example: curate restore runs/first --out original")
@click.argument("run", type=RUN)
@click.option(
    "--out",
    type=HERE,
    help="A folder for the files; needed where the run had several inputs. Default: standard "
    "output.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about it.")
def command(run: Path, out: Path | None, as_json: bool) -> None:
    """Give back the corpus that RUN read, byte for byte, from the run directory alone.

    Compressed inputs come back unpacked, the rows of a table as JSON lines. Every
    input is held against the hash of what was read; a difference exits 3 and leaves no file. What
    is said about it goes to standard error where the corpus itself goes to standard output.
    """
    if out is None:
        restored = [to_stream(run, sys.stdout.buffer.write)]
        sys.stdout.buffer.flush()
    else:
        restored = to_folder(run, out)
    if as_json:
        click.echo(json.dumps({"inputs": [each.dump() for each in restored]}), err=out is None)
        return
    for each in restored:
        click.echo(inline(_said(each)), err=out is None)


def _said(restored: Restored) -> str:
    where = f" -> {restored.file}" if restored.file else ""
    count = f"{restored.lines:,} line{'s' * (restored.lines != 1)}, {restored.bytes:,} bytes"
    told = {
        "identical": f"{count}, identical to what was read (sha256 {restored.sha256})",
        "elements": f"an array of the same elements ({count}): they are what was read, but what "
        "stood between them is not in the run directory",
        "rows": f"the {count} that were read of its rows, as JSON lines (sha256 "
        f"{restored.sha256}); the table itself is not in the run directory",
        "cut": f"the {count} that the run read (--limit); each is what was read, and there is no "
        "hash of the whole",
        "unread": "nothing of it was read (--limit)",
    }
    return f"{restored.input}: {told[restored.outcome]}{where}"
