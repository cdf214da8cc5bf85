"""The fenced blocks of a Markdown file, and the commands in a block of kind `console`."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/audits.md",
    "docs/index.md",
    "docs/ledger.md",
    "docs/limits.md",
    "docs/plugin.md",
    "docs/recipes/ci.md",
    "docs/recipes/judge.md",
    "docs/recipes/switch.md",
    "docs/scale.md",
    "examples/README.md",
]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is that of its first line of content."""

    file: str
    line: int
    kind: str
    text: str

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command as typed after `$ `, and the output that the document shows."""

    typed: str
    shown: str

    def agrees(self, output: str) -> bool:
        """Say whether `output` is what is shown; a line `...` stands for any lines, or for none."""
        pattern = "".join(
            r"(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in _lines(self.shown)
        )
        return re.fullmatch(pattern, "".join(f"{line}\n" for line in _lines(output))) is not None


def blocks(*kinds: str) -> list[Block]:
    """Return the blocks of these kinds in all documents."""
    found = []
    for file in DOCUMENTS:
        text = (ROOT / file).read_text("utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 2
            found.append(Block(file, line, match[1], match[2]))
    return [block for block in found if block.kind in kinds]


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block; output before the first one is a mistake."""
    first, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not first, f"{block.place}: a console block begins with `$ `"
    split = (part.partition("\n") for part in parts)
    return [Command(typed, shown) for typed, _, shown in split]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]
