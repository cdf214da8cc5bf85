"""The outcome of fitting a fingerprint as a text to read: what was measured, on what, no more."""

from collections.abc import Iterator
from typing import Any

from curate.fitting.fingerprint.facts import Facts, HeldOut, Training
from curate.fitting.fingerprint.samples import Corpus
from curate.traits.intervals import Interval

_SURE = 0.9
"""The confidence that is told teacher by teacher."""
_SHARED = 0.5
"""Below this share of prompts in common, teachers may be told apart by what they were asked."""


def lines(facts: Facts, corpus: Corpus) -> Iterator[str]:
    """Yield the report, line by line."""
    yield from _read(corpus)
    yield from _fitted(facts.training, facts.held_out)
    yield ""
    yield from _reached(facts.training, facts.held_out)
    yield ""
    yield from _sure(facts.training, facts.held_out)
    yield ""
    yield "These figures hold for prompts like these, and for no others: `curate audit fingerprint`"
    yield "measures what is lost on a collection that was not fitted on."


def dump(facts: Facts, corpus: Corpus) -> dict[str, Any]:
    """Return the report as plain JSON values."""
    told: dict[str, Any] = facts.model_dump(mode="json", exclude={"likeness", "confusion"})
    read = {
        "rows": corpus.rows,
        "responses": len(corpus.samples),
        "unlabelled": corpus.unlabelled,
        "unreadable": corpus.unreadable,
        "not_records": corpus.not_records,
        "no_response": corpus.no_response,
    }
    return {"read": read} | told


def left_out(corpus: Corpus) -> str:
    """Return `; left out: …` for the message of a fit that failed; nothing if nothing was."""
    told = ", ".join(f"{count:,} {what}" for what, count in _left_out(corpus))
    return f"; left out: {told}" if told else ""


def _read(corpus: Corpus) -> Iterator[str]:
    names = list(corpus.files)
    told = ", ".join(names) if len(names) < 4 else f"{names[0]} and {len(names) - 1} more files"
    yield f"{told}: {corpus.rows:,} rows, {len(corpus.samples):,} responses"
    for what, count in _left_out(corpus):
        yield f"  {what}: {count:,}"


def _left_out(corpus: Corpus) -> list[tuple[str, int]]:
    counted = (
        ("rows that are no JSON", corpus.unreadable),
        ("rows of no known shape", corpus.not_records),
        ("rows without a response", corpus.no_response),
        ("responses that name no teacher, not fitted on", corpus.unlabelled),
    )
    return [(what, count) for what, count in counted if count]


def _fitted(training: Training, held: HeldOut) -> Iterator[str]:
    for teacher, count in training.left_out.items():
        yield f"  left out, too few responses: {teacher} ({count:,})"
    yield (
        f"{len(training.rows)} teachers, {training.prompts:,} prompts, {training.shared:,} of them "
        "answered by more than one teacher"
    )
    if training.shared < _SHARED * training.prompts:
        yield "  teachers answer different prompts: they may be told apart by what they were asked,"
        yield "  which these figures cannot show; fit on answers to the same prompts if you can"
    wide = max(map(len, training.rows))
    for teacher, count in training.rows.items():
        right = f"{held.recall[teacher]:.0%}"
        yield f"  {teacher:<{wide}}  {count:>6,} responses   named rightly {right:>4}"


def _reached(training: Training, held: HeldOut) -> Iterator[str]:
    yield f"held out: {training.folds} folds of prompts, each judged by a model of the others"
    yield f"  one response      {_interval(held.accuracy)}   by chance {held.chance:.3f}"
    if held.bags is None:
        yield f"  no teacher has {held.bag} responses for a bag"
    else:
        yield f"  bags of {held.bag:<9} {_interval(held.bags)}"
    if held.accuracy.low <= held.chance:
        yield "  this may be chance: nothing in these texts tells the teachers apart"


def _sure(training: Training, held: HeldOut) -> Iterator[str]:
    yield (
        f"stated confidence, if {training.unknown:.0%} of texts are by teachers not listed above "
        "(--unknown):"
    )
    if not held.strangers:
        yield "  with two teachers nobody can be left out to see what a stranger looks like, so"
        yield f"  no confidence goes beyond {1 - training.unknown:g}"
    for cut in held.cuts:
        right = "  none" if cut.right is None else f"{cut.right:6.1%}"
        told = f"  at least {cut.confidence:<5g} kept {cut.kept:6.1%}   of them right {right}"
        named = [stranger.named[str(cut.confidence)] for stranger in held.strangers]
        if named:
            told += f"   strangers {sum(named) / len(named):6.1%}, at worst {max(named):6.1%}"
        yield told
    yield "  kept: share of the rightly named"
    yield from _strangers(held)


def _strangers(held: HeldOut) -> Iterator[str]:
    if not held.strangers:
        return
    wide = max(len(stranger.teacher) for stranger in held.strangers)
    yield "  strangers: share of a teacher left out of the fit"
    yield f"  left out of the fit, and named with {_SURE} or more; the others' that are kept then:"
    for stranger in held.strangers:
        named, kept = (f"{each[str(_SURE)]:.1%}" for each in (stranger.named, stranger.kept))
        yield (
            f"    {stranger.teacher:<{wide}} {named:>6}   kept {kept:>6}   mostly taken for "
            f"{stranger.taken_for}"
        )


def _interval(found: Interval) -> str:
    return f"{found.value:.3f}  {found.low:.3f} to {found.high:.3f}"
