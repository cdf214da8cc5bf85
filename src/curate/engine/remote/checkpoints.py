"""How far a run is that is sent away, as one object that counts only if it is whole.

    <out>/.checkpoint/state-00000007               how far it is, after the SHA-256 of that
    <out>/.checkpoint/<file>/<start>-<end>-<hash>  bytes of a file that still grows

No object is ever changed. No two states have the same number; the highest whole one counts.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FOLDER = ".checkpoint"
_STATE = re.compile(r"state-(\d{8,})")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of a file, from `start` up to `end`, as one object."""

    start: int
    end: int
    sha256: str

    def name(self, file: str) -> str:
        """Return the name of its object: with the hash in it, it never holds other bytes."""
        return f"{FOLDER}/{file}/{self.start}-{self.end}-{self.sha256[:16]}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a run is."""

    number: int
    writer: str
    """Drawn by who wrote it, to tell its own from another's."""
    state: Mapping[str, Any] | None = None
    """`state.json`; None where nothing was committed yet."""
    chunks: Mapping[str, tuple[Chunk, ...]] = field(default_factory=dict)
    """File that still grows -> all of its bytes, in order."""

    @property
    def name(self) -> str:
        """Return the name of its object."""
        return f"{FOLDER}/{state_name(self.number)}"

    def objects(self) -> Iterator[str]:
        """Yield the names of its chunks."""
        for file, chunks in self.chunks.items():
            yield from (chunk.name(file) for chunk in chunks)

    def encode(self) -> bytes:
        """Return its object: the SHA-256 of the rest on the first line, then JSON."""
        chunks = {file: [asdict(chunk) for chunk in of] for file, of in self.chunks.items()}
        told = {"writer": self.writer, "state": self.state, "chunks": chunks}
        content = json.dumps(told).encode("ascii")
        return hashlib.sha256(content).hexdigest().encode("ascii") + b"\n" + content


def decode(number: int, data: bytes) -> Checkpoint | None:
    """Return the checkpoint that an object holds, None where it is torn or damaged."""
    sha256, _, content = data.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode("ascii") != sha256:
        return None
    told = json.loads(content)
    chunks = {file: tuple(Chunk(**chunk) for chunk in of) for file, of in told["chunks"].items()}
    return Checkpoint(number, told["writer"], told["state"], chunks)


def state_name(number: int) -> str:
    """Return the name of a state, in its folder."""
    return f"state-{number:08}"


def state_number(name: str) -> int | None:
    """Return the number in the name of a state; None: it is none."""
    found = _STATE.fullmatch(name)
    return int(found[1]) if found else None
