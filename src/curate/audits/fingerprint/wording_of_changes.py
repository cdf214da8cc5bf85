"""What a filter or a rewrite changed, in plain words."""

from collections.abc import Iterator, Mapping

from curate.audits.fingerprint.changes import Changes, Kept, Rewritten
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.phrases import bounds, percent, points

_LITTLE = 0.05
"""A loss of accuracy, in parts of one, below which a filter is said to have changed little."""
_FEW = 0.01
"""Teachers with smaller shares than this before and after are not printed."""


def parts(found: Changes) -> tuple[list[str], list[list[str]], list[str]]:
    """Return sentences, a table of teacher shares, and sentences."""
    return list(_rows(found)), _shares(found), list(_verdicts(found))


def _rows(found: Changes) -> Iterator[str]:
    yield (
        f"{found.rows_before:,} rows before, {found.rows_after:,} after: {found.unchanged:,} "
        f"unchanged, {found.rewritten:,} rewritten, {found.gone:,} gone, {found.new:,} new."
    )


def _shares(found: Changes) -> list[list[str]]:
    sides = (found.declared_before, found.declared_after, found.before, found.after)
    table = [["teacher", "declared before", "after", "estimated before", "after (90 % interval)"]]
    names = sorted({*sides[0], *sides[1], *_names(found.before), *_names(found.after)})
    for name in names:
        declared = [side.get(name, 0.0) for side in sides[:2]]
        estimated = [_share(side, name) for side in sides[2:]]
        if max(*declared, *(share[0] for share in estimated)) >= _FEW:
            table.append([name, *(f"{each:.1%}" for each in declared)])
            table[-1] += [told for _, told in estimated]
    return table


def _verdicts(found: Changes) -> Iterator[str]:
    if found.strangers:
        yield (
            f"Not in the corpora, so what they wrote is taken for others': "
            f"{', '.join(found.strangers)}."
        )
    if found.before is None or found.after is None:
        yield "Too few rows have a prompt that a probe had not seen to estimate the shares of both."
    if found.kept is not None and found.gone:
        yield from _filtered(found.kept, found)
    elif found.gone:
        yield "Too few rows declare a teacher of the corpora to say what taking rows away changed."
    if found.rewrite is not None:
        yield from _rewritten(found.rewrite)
    elif found.rewritten:
        yield "Too few rows were rewritten, or declare a teacher of the corpora, to say more."


def _filtered(kept: Kept, found: Changes) -> Iterator[str]:
    yield (
        f"Taking {found.gone:,} rows away ({found.gone / found.rows_before:.1%}): the teacher of a "
        f"row was named rightly in {percent(kept.before)} before and is in {percent(kept.after)} "
        f"of what is left, {points(kept.change)} points."
    )
    if kept.change.low > -_LITTLE:
        yield (
            "That is little: the rows that are left show who wrote them as the rows before did. "
            "Taking away rows that show a trait does not take away where the others come from."
        )
    elif kept.after.low > kept.guessing:
        yield (
            f"The rows that are left still show who wrote them: guessing would reach "
            f"{kept.guessing:.1%}."
        )
    elif kept.change.high < 0:
        yield f"What is left is not shown to tell more than guessing would ({kept.guessing:.1%})."
    else:
        yield "There are too few rows to say whether that is a change."


def _rewritten(found: Rewritten) -> Iterator[str]:
    yield (
        f"Rewriting {found.rows:,} rows: they were named as their old teacher's in "
        f"{percent(found.old_before)} before and are in {percent(found.old_after)} now, "
        f"{points(found.old_change)} points."
    )
    if found.new_before is not None and found.new_after is not None:
        yield (
            f"As their new teacher's they were named in {percent(found.new_before)} before and are "
            f"in {percent(found.new_after)} now ({bounds(found.new_after)}); of that teacher's own "
            f"responses in the corpora {_own(found.new_own)} are."
        )
    if found.verdict == "changed":
        yield "The rewrite changed the fingerprint of these rows."
    else:
        yield (
            "The rewrite is not shown to have changed the fingerprint: a paraphrase by the same "
            "teacher, or a change of a few words, looks like this."
        )


def _own(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _names(mixture: Mixture | None) -> Mapping[str, object]:
    return {} if mixture is None else mixture.shares


def _share(mixture: Mixture | None, name: str) -> tuple[float, str]:
    share = None if mixture is None else mixture.shares.get(name)
    if share is None:
        return 0.0, "-"
    return share.value, f"{share.value:.1%} ({100 * share.low:.1f} to {100 * share.high:.1f})"
