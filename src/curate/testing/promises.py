"""What every plugin that answers batches promises: things in, as many answers out, in order."""

import json
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ClassVar, Generic, NamedTuple, NoReturn, TypeVar

from pydantic.errors import PydanticInvalidForJsonSchema

from curate.api import Context, Plugin
from curate.records import Record

Kind = TypeVar("Kind", bound=Plugin)
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Complaint(NamedTuple):
    """A broken promise: which, what was found, what to do."""

    promise: str
    found: str
    advice: str


class Promises(ABC, Generic[Kind, Item, Answer]):
    """Holds one plugin to its promises; a kind of plugin is a subclass.

    Args:
        plugin: Whose promises they are.
        ctx: What it is opened with.
        items: What it is asked about.
    """

    kind: ClassVar[str]
    """The plugin, in messages; `item` is what it is asked about and `answer` what it says."""
    item: ClassVar[str]
    answer: ClassVar[str]
    says_nothing: ClassVar[str]
    """What it does where it has nothing to say about an item."""
    tells: ClassVar[str]
    """What its docstring should say."""

    def __init__(self, plugin: Kind, ctx: Context, items: Sequence[Item]) -> None:
        self.plugin, self.ctx, self.items = plugin, ctx, list(items)
        records = [self.record(item) for item in self.items]
        self._twins = [Record(each.raw, each.line, each.file, each.view) for each in records]

    @abstractmethod
    def record(self, item: Item) -> Record:
        """Return the record of an item."""

    @abstractmethod
    def complaints(self, item: Item, answer: Any) -> Iterator[Complaint]:
        """Say what is wrong with one answer."""

    @abstractmethod
    def equal(self, one: Answer, other: Answer) -> bool:
        """Say whether two answers about one item may both be given."""

    def declares(self) -> None:
        """Check what the class says about itself."""
        cls = type(self.plugin)
        if not (cls.__doc__ or "").strip():
            self.fail("it has a docstring", "none", f"say in one sentence {self.tells}")
        if not cls.model_config.get("frozen"):
            self.fail("its config is frozen", "it is not", "leave `frozen=True` in model_config")
        try:
            cls.model_json_schema()
        except PydanticInvalidForJsonSchema as error:
            advice = "use plain types for options, so that editors and `plugins info` know them"
            self.fail("its options can be described", error.message, advice)

    def travels(self) -> Kind:
        """Return the plugin as it arrives in another process."""
        promise = "its config can be sent to another process"
        advice = "define the class at the top of a module, and keep only options in its fields"
        try:
            copy: Kind = pickle.loads(pickle.dumps(self.plugin))  # noqa: S301  (written here)
        except Exception as error:
            raise self.broken(promise, f"{type(error).__name__}: {error}", advice) from error
        if copy != self.plugin:
            self.fail(promise, f"{short(self.plugin)} arrives as {short(copy)}", advice)
        return copy

    def answers(
        self,
        opening: Callable[[Context], AbstractContextManager[Callable[[Any], Any]]],
        reopening: Callable[[Context], AbstractContextManager[Callable[[Any], Any]]],
    ) -> list[Answer]:
        """Return the answers for all items, having seen that nothing but the item counts."""
        with opening(self.ctx) as ask:
            self.call(ask, [])
            answers = self.call(ask, self.items)
            self._leaves_alone()
            self.check(answers)
            reverse = self.call(ask, self.items[::-1])[::-1]
            self.same("in a reversed batch", answers, reverse)
            self.same("alone", answers, [self.call(ask, [each])[0] for each in self.items])
        with ExitStack() as stack:
            try:
                ask = stack.enter_context(reopening(self.ctx))
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                advice = "release on leaving what `open` took, and keep nothing in the class"
                raise self.broken("it can be opened again", said, advice) from error
            again = self.call(ask, self.items)
            self.same(f"from a copy of the {self.kind}, opened again", answers, again)
        return answers

    def call(self, ask: Callable[[Any], Any], items: Sequence[Item]) -> list[Any]:
        """Return as many answers as there are items."""
        try:
            answers = ask(items)
        except Exception as error:
            said = f"{type(error).__name__}: {error}, for {self._culprit(ask, items)}"
            advice = f"a {self.kind} answers for every text; where it cannot, {self.says_nothing}"
            raise self.broken("it does not raise", said, advice) from error
        if not isinstance(answers, Sequence) or len(answers) != len(items):
            got = len(answers) if isinstance(answers, Sequence) else type(answers).__name__
            said = f"{len(items)} {self.item}s in, {got} out"
            advice = f"return a list; {self.says_nothing} instead of leaving out"
            self.fail(f"one {self.answer} per {self.item}, in order", said, advice)
        return list(answers)

    def check(self, answers: Sequence[Any]) -> None:
        """Check every answer by itself."""
        for item, answer in zip(self.items, answers, strict=True):
            for promise, found, advice in self.complaints(item, answer):
                self.fail(promise, f"{found}, for {self._told(item)}", advice)

    def same(self, how: str, one: Sequence[Any], other: Sequence[Any]) -> None:
        """Check that two askings gave the same answers."""
        for item, expected, found in zip(self.items, one, other, strict=True):
            if not self.equal(expected, found):
                self.fail(
                    f"the same {self.item} gets the same {self.answer}",
                    f"{short(expected)} in a batch, {short(found)} {how}, for {self._told(item)}",
                    self.unlike(),
                )

    def unlike(self) -> str:
        """Return what to do where answers differ."""
        return f"let only the {self.item} decide"

    def fail(self, promise: str, found: str, advice: str) -> NoReturn:
        """Say that a promise is broken.

        Raises:
            AssertionError: always.
        """
        raise self.broken(promise, found, advice)

    def broken(self, promise: str, found: str, advice: str) -> AssertionError:
        """Return the error that says so."""
        name = getattr(self.plugin, "name", type(self.plugin).__name__)
        return AssertionError(
            f"{self.kind} {name!r} breaks a promise: {promise}\n  found: {found}\n  to do: {advice}"
        )

    def _culprit(self, ask: Callable[[Any], Any], items: Sequence[Item]) -> str:
        for item in items:
            try:
                ask([item])
            except Exception:  # the error is known; its item is looked for
                return self._told(item)
        return f"a batch of {len(items)}, though for no {self.item} alone"

    def _leaves_alone(self) -> None:
        for item, twin in zip(self.items, self._twins, strict=True):
            if _contents(self.record(item)) != _contents(twin):
                promise = "records stay as they are"
                self.fail(promise, self._told(item), "copy what you want to change")

    def _told(self, item: Item) -> str:
        record = self.record(item)
        return f"record {record.id[:40]!r} ({record.place})"


def not_json(evidence: Any) -> str:
    """Return why evidence is no JSON object, or the empty text."""
    if not isinstance(evidence, Mapping):
        return type(evidence).__name__
    try:
        json.dumps(evidence, default=_as_dict, allow_nan=False)
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def short(value: object) -> str:
    """Return `repr(value)`, cut to what a message can hold."""
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "..."


def _contents(record: Record) -> tuple[bytes, Any, str]:
    return record.raw, record.turns, str(record.row)  # as text, since a NaN equals nothing


def _as_dict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
