"""The text of a plan as a value, and the line on which each of its parts stands.

The language is the core of YAML 1.2, of which JSON is a part: `no` and `2024-01-01` are texts and
`1e-3` is a number, as in JSON. Keys are always texts. There are no tags. Whatever else is written
by hand, a policy or a trait card, is written in it too; a `Kind` says what messages call it.
"""

import pathlib
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from curate.errors import PlanError
from curate.mistakes import Marks, Mistakes
from curate.records import Path

Model = TypeVar("Model", bound=BaseModel)


class Kind(NamedTuple):
    """What a text is."""

    what: str
    """What messages call it."""
    instead: str
    """What the author of an empty one is told."""


PLAN = Kind("the plan", "one that keeps everything says `steps: []`")

_PARTS = 200_000
"""A few aliases can repeat a plan until memory is full; nothing written by hand is this long."""

_TAG = "tag:yaml.org,2002:"
_CORE = [
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
]
"""What a word without quotes means: type, pattern, the characters it may begin with."""


class _Loader(yaml.SafeLoader):
    # Not YAML 1.1's, where `no` is false and 12:30 is 750.
    yaml_implicit_resolvers = {}  # noqa: RUF012  (the name and its place are PyYAML's)


class _Dumper(yaml.SafeDumper):
    """Quotes a word that YAML 1.1 or 1.2 would not take for a text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (the signature is PyYAML's)
        return True


def _quote(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML writes U+0085 and its like as they are, and reads them back as line breaks.
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar(_TAG + "str", text, style=style)


_Dumper.add_representer(str, _quote)
for _name, _pattern, _first in _CORE:
    for _language in (_Loader, _Dumper):
        _language.add_implicit_resolver(
            _TAG + _name, re.compile(rf"(?:{_pattern})\Z"), [*_first, ""]
        )


def text_of(path: str | pathlib.Path, kind: Kind = PLAN) -> str:
    """Return the text in a file.

    Raises:
        PlanError: it cannot be read, or is not UTF-8.
    """
    try:
        data = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise PlanError(f"{path}: {kind.what} cannot be read: {error.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError(f"{path}:{line}: {kind.what} is not UTF-8: {error.reason}") from None


def read_as(model: type[Model], text: str, name: str, kind: Kind = PLAN) -> tuple[Model, Mistakes]:
    """Return what a text says as a model, and the marks of its parts.

    Args:
        model: What it must be.
        text: The text.
        name: Stands for the file in messages.
        kind: What it is.

    Raises:
        PlanError: lists every mistake by `name:line`.
    """
    value, mistakes = read(text, name, kind)
    try:
        found = model.model_validate(value)
    except ValidationError as error:
        mistakes.explain(error, model)
        mistakes.raise_any()
        raise
    mistakes.raise_any()
    return found, mistakes


def read(text: str, name: str, kind: Kind = PLAN) -> tuple[Any, Mistakes]:
    """Return the value of a text, and the mistakes found so far with its marks.

    Raises:
        PlanError: the text is not YAML, or empty.
    """
    if name.endswith(".json"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        detail = ", ".join(filter(None, (error.context, error.problem)))
        raise PlanError(f"{name}:{line}: not YAML: {detail}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PlanError(f"{name}:{line}: not YAML: {error.reason}") from None
    except RecursionError:
        raise PlanError(f"{name}:1: {kind.what} is nested too deeply") from None
    if node is None:
        raise PlanError(f"{name}:1: {kind.what} is empty; {kind.instead}")
    builder = _Builder(name, kind.what)
    return builder.build(node, (), ()), builder.mistakes


def write(value: Any) -> str:
    """Return a value made of mappings, lists and scalars as YAML that `read` reads back."""
    return str(
        yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2)
    )


class _Builder:
    def __init__(self, name: str, what: str) -> None:
        self.lines: dict[Path, int] = {}
        self.mistakes = Mistakes(Marks(name, self.lines, what))

    def build(self, node: yaml.Node, path: Path, around: tuple[yaml.Node, ...]) -> Any:
        """Return the value of `node`, which stands at `path` inside the nodes `around`."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node in around:
            raise PlanError(f"{self._place(path)}: an alias to what it stands in")
        if len(self.lines) > _PARTS:
            what = self.mistakes.marks.what
            raise PlanError(f"{self._place(path)}: {what} has more than {_PARTS:,} parts")
        around = (*around, node)
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, path, around)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.build(item, (*path, n), around) for n, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self.mistakes.add(path, _no_meaning(node.tag))
        return None

    def _place(self, path: Path) -> str:
        return self.mistakes.marks.place(path)

    def _mapping(self, node: yaml.MappingNode, path: Path, around: tuple[yaml.Node, ...]) -> Any:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.mistakes.add(path, "a key must be a text")
                continue
            name, line = _whole(key.value), key.start_mark.line + 1
            at = (*path, name)
            if name in found:
                told = f"stands here for the second time; first on line {self.lines[at]}"
                self.mistakes.add(at, told, line)
                continue
            self.lines[at] = line
            found[name] = self.build(value, at, around)
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        convert = _SCALARS.get(node.tag.removeprefix(_TAG))
        if convert is None:
            self.mistakes.add(path, _no_meaning(node.tag))
            return None
        try:
            return convert(node.value)
        except ValueError as error:
            self.mistakes.add(path, f"not readable: {error}")
            return None


def _no_meaning(tag: str) -> str:
    return f"tags such as {tag!r} have no meaning here"


def _float(word: str) -> float:
    return float(word.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _whole(text: str) -> str:
    """Join the two halves in which JSON may escape a character beyond U+FFFF."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": _whole,
    "null": lambda _: None,
    "bool": lambda word: word.lower() == "true",
    "int": lambda word: int(word, 0) if word[:2] in ("0o", "0x") else int(word),
    "float": _float,
}
