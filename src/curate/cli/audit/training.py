"""The options of every audit that trains students: the trait, the students, the clean teacher."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import click
from pydantic import Field

from curate import ledger
from curate.api import Context, Inner, Plugin, Rewriter, Student
from curate.audits.asking import Questions, questions
from curate.cli import load_registry
from curate.cli.asking import asking
from curate.cli.built import build, spec
from curate.cli.scoring import scoring
from curate.errors import UsageError
from curate.ledger.places import check_offline
from curate.registry import Builder
from curate.traits import loading

Command = TypeVar("Command", bound=Callable[..., Any])


class _Named(Plugin):
    """What is named on the command line."""

    name: ClassVar[str] = "audit"

    student: Inner[Student] | None = Field(None)
    rewriter: Inner[Rewriter] | None = Field(None)


@dataclass(frozen=True)
class Training:
    """What the options say, built."""

    builder: Builder
    ctx: Context
    student: Student
    questions: Questions
    seeds: tuple[int, ...]

    def other(self, base: Path) -> Student:
        """Return the student with another base.

        Raises:
            UsageError: such a student has none.
        """
        return with_base(self.student, str(base), "--other-base")


def training(command: Command) -> Command:
    """Give a command the options that `trained` reads."""
    return _given(command, (*_WHO, *_HOW))


def perhaps_training(command: Command) -> Command:
    """Give a command the same options, for an audit that can do without a card and students."""
    return _given(command, (*_PERHAPS, *_HOW))


def _given(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    for option in reversed(options):
        command = option(command)
    return asking(command)


def trained(options: Mapping[str, Any]) -> Training:
    """Return what the options of `training` say.

    Raises:
        UsageError: one is wrong, or they contradict each other.
    """
    builder = Builder(load_registry())
    ctx = Context(
        seed=options["seed"],
        offline=options["offline"],
        cache=options["cache"],
        replay=options["replay"],
        max_cost=options["max_cost"],
    )
    card = loading.load(options["card"])
    contrast = options["contrast"]
    if contrast is None:  # cheaper and finer than answers, wherever a card has it
        asked_for = options["judge"] is not None or options["scorer"] is not None
        contrast = card.score.contrast is not None and not asked_for
    scored = scoring(
        builder, options["card"], card, options["judge"], options["scorer"], contrast=contrast
    )
    student = _student(builder, options["student"], options["base"])
    asked = questions(card, scored, ctx, options["prompts"], options["samples"])
    seeds = tuple(range(ctx.seed, ctx.seed + options["seeds"]))
    return Training(builder, ctx, student, asked, seeds)


def clean_teacher(
    training: Training, index: str | None, run: Path | None = None
) -> Rewriter | None:
    """Return what gives a clean teacher's answers.

    Args:
        training: The options.
        index: An index or a corpus of rollouts; `none` for none; None for what the run used.
        run: The run directory.

    Raises:
        UsageError: it cannot be built, or the run is on a store and the network must not be used.
    """
    if index == "none":
        return None
    if index is not None:
        return _rewriter(training.builder, {"use": "replay", "with": {"index": index}}, "--index")
    if run is None:
        return None
    check_offline(run, offline=training.ctx.offline)
    for step in ledger.summary(run)["identity"]["plan"]["steps"]:
        do = step["do"]
        if isinstance(do, dict) and do["rewrite"]["use"] == "replay":
            told = {name: do["rewrite"][name] for name in ("use", "with")}
            return _rewriter(training.builder, told, f"step {step['name']!r} of the run")
    return None


def with_base(student: Student, base: str, option: str) -> Student:
    """Return the student with another base.

    Raises:
        UsageError: such a student has none.
    """
    if "base" not in type(student).model_fields:
        raise UsageError(
            f"{option}: a student {student.name!r} begins with nothing, it has no base"
        )
    options = {name: getattr(student, name) for name in type(student).model_fields}
    return type(student).model_validate({**options, "base": base})


def _student(builder: Builder, written: str, base: str | None) -> Student:
    named: dict[str, Any] = {"use": written}
    if not written.isidentifier():
        _, named = spec(written, "--student")
    if base is not None:
        named["with"] = (named.get("with") or {}) | {"base": base}
    student = build(builder, _Named, {"student": named}, "--student").student
    assert student is not None  # noqa: S101  (it was given)
    return student


def _rewriter(builder: Builder, named: Mapping[str, Any], option: str) -> Rewriter:
    rewriter = build(builder, _Named, {"rewriter": dict(named)}, option).rewriter
    assert rewriter is not None  # noqa: S101  (it was given)
    return rewriter


_CARD = "The trait: a built-in card's name, or the path of your own."
_STUDENT = "Who is trained: ngram, tiny_lm, hf, or {use: NAME, with: {...}} as YAML, or a file."
_WHO = (
    click.option("--card", required=True, help=_CARD),
    click.option(
        "--student", default="tiny_lm", show_default=True, metavar="NAME|SPEC", help=_STUDENT
    ),
)
_PERHAPS = (
    click.option("--card", help=_CARD),
    click.option("--student", metavar="NAME|SPEC", help=f"{_STUDENT} Default: nobody."),
)
_HOW = (
    click.option("--base", metavar="MODEL", help="The model every student begins with."),
    click.option(
        "--seeds",
        type=click.IntRange(2),
        default=8,
        show_default=True,
        help="Paired students of each arm.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Of every draw."),
    click.option("--prompts", type=click.IntRange(2), help="Prompts. Default: the card's."),
    click.option(
        "--samples", type=click.IntRange(1), help="Answers a prompt. Default: the card's."
    ),
    click.option(
        "--judge", metavar="SPEC", help="Score by the card's rubric, asked of this model."
    ),
    click.option(
        "--scorer", metavar="SPEC", help="Score with this filter: {use: NAME, with: {...}}."
    ),
    click.option(
        "--contrast/--answers",
        default=None,
        help="Score by the likelihood of the card's two continuations, or by sampled answers. "
        "Default: the continuations, where the card has them.",
    ),
    click.option("--offline", is_flag=True, help="Plugins must not use the network."),
    click.option("--json", "in_json", is_flag=True, help="Print one JSON object."),
)
