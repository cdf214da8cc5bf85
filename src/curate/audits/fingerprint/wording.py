"""The report of an audit in plain words and short tables."""

from collections.abc import Iterator, Sequence

from curate.audits.fingerprint import wording_of_changes
from curate.audits.fingerprint.arms import Arm
from curate.audits.fingerprint.estimates import Estimate
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.phrases import bounds, percent, points
from curate.audits.fingerprint.report import Report
from curate.audits.fingerprint.shift import Source
from curate.audits.fingerprint.strangers import Strangers
from curate.audits.fingerprint.telltales import Telltale
from curate.audits.wording import Section

_LEVEL = "(95 %)"
_WIDEST = 12
"""Teachers whose confusion matrix fits on a line."""


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, in the order they are read."""
    yield _rows(report)
    if report.accuracy_interval is not None:
        yield _separation(report)
        yield _confusion(report)
        if report.carriers:
            yield _alone(report.carriers)
        yield _telltales(report.telltales)
        if report.robustness:
            yield _robustness(report.robustness)
    if report.strangers is not None:
        yield _strangers(report.strangers)
    if report.sources:
        yield _sources(report.sources)
    for mixture in report.mixtures:
        yield _mixture(mixture)
    if report.changes is not None:
        yield Section("Before and after", *wording_of_changes.parts(report.changes))
    if report.cautions:
        yield Section("Mind", [f"- {caution.told}." for caution in report.cautions])


def _rows(report: Report) -> Section:
    rows = report.corpora
    told = [
        f"{len(rows.files)} files, {rows.rows:,} rows; used: {rows.used:,} responses of "
        f"{len(report.recall) or len(rows.teachers)} teachers to {rows.prompts:,} prompts"
    ]
    if rows.unusable:
        told.append(f"{rows.unusable:,} rows have no response that can be read")
    if rows.unlabelled:
        told.append(f"{rows.unlabelled:,} responses name no teacher")
    return Section("", told)


def _separation(report: Report) -> Section:
    whole = report.accuracy_interval
    assert whole is not None and report.chance is not None  # noqa: S101, PT018  (the caller looked)
    verdict = "can be told" if whole.low > report.chance else "is not shown to be tellable"
    bags = [
        f"{bag.size} responses of one teacher together: {percent(bag.accuracy)} "
        f"({bounds(bag.accuracy)}; {bag.accuracy.count:,} disjoint bags)"
        for bag in report.bags
        if bag.accuracy is not None
    ]
    return Section(
        "Who wrote it?",
        [
            f"Who wrote a response {verdict}: {percent(whole)} of the responses to unseen prompts "
            f"are named rightly ({bounds(whole)}); guessing: {report.chance:.1%}.",
            *bags,
            f"Mean of {report.splits} splits that hold out 30 % of the prompts; in brackets 95 % "
            "intervals over prompts.",
        ],
    )


def _confusion(report: Report) -> Section:
    """Return who is taken for whom; where there are too many teachers, the commonest mistake."""
    teachers = list(report.confusion)
    wide = len(teachers) > _WIDEST
    letters = [_letter(place) for place in range(len(teachers))]
    head = [
        "",
        "teacher",
        "named rightly",
        _LEVEL,
        *(["most often taken for"] if wide else letters),
    ]
    table = [head]
    for letter, teacher in zip(letters, teachers, strict=True):
        named, recall = report.confusion[teacher], report.recall[teacher]
        whole = max(sum(named.values()), 1)
        others = {name: count for name, count in named.items() if name != teacher}
        worst = max(others, key=lambda name: others[name])
        cells = [f"{worst} ({others[worst] / whole:.0%})"]
        if not wide:
            cells = [f"{named[name] / whole:.0%}" for name in teachers]
        table.append([letter, teacher, *_both(recall), *cells])
    return Section("Taken for whom (rows: who wrote it; columns: who is named)", table=table)


def _alone(arms: Sequence[Arm]) -> Section:
    table = [["kind of sign", "named rightly", _LEVEL]]
    table += [[arm.told, *_both(arm.accuracy)] for arm in arms]
    return Section("What carries it: a probe that sees one kind of sign", table=table)


def _telltales(found: Sequence[Telltale]) -> Section:
    title = "Signs of a teacher, chosen on training rows and counted on others"
    if not found:
        return Section(title, ["No single sign is surely more common in one teacher's responses."])
    table = [["teacher", "sign", "its responses", "the others'"]]
    last = ""
    for each in found:
        sign = each.sign if each.kind in ("layout", "length") else f'"{each.sign}"'
        sign = f"opens with {sign}" if each.kind == "opening" else sign
        name = "" if each.teacher == last else each.teacher
        table.append([name, sign, f"{each.share:.1%}", f"{each.others:.1%}"])
        last = each.teacher
    return Section(title, table=table)


def _robustness(arms: Sequence[Arm]) -> Section:
    table = [["texts changed to", "named rightly", _LEVEL, "change", "probe of unchanged texts"]]
    table += [
        [arm.told, *_both(arm.accuracy), points(arm.change), percent(arm.transfer)] for arm in arms
    ]
    return Section("What survives: training and test texts both changed", table=table)


def _strangers(found: Strangers) -> Section:
    table = [["left out", "named, wrongly", _LEVEL, "others, rightly", _LEVEL]]
    table += [
        [each.teacher, *_both(each.named), *_both(each.known_named)] for each in found.teachers
    ]
    sure = f"{found.confident:.0%}"
    return Section(
        "A teacher it has never seen",
        [
            f"Each teacher left out in turn. Named with a stated confidence of {sure} or more, "
            f"always wrongly: {percent(found.named)} of its responses ({bounds(found.named)}).",
            f"Of the rightly named responses of known teachers, {percent(found.known_named)} "
            f"({bounds(found.known_named)}) reach that confidence.",
        ],
        table,
    )


def _sources(found: Sequence[Source]) -> Section:
    table = [["left out", "rows", "expected", "reached", _LEVEL, "trained on it too"]]
    for each in found:
        rows, stated = f"{each.rows:,}", f"{each.stated:.1%}"
        table.append([each.source, rows, stated, *_both(each.accuracy), percent(each.at_home)])
    worse = sum(each.shifted for each in found)
    told = (
        f"Worse than at home on {worse} of {len(found)} sources: expect less on prompts of another "
        "kind."
        if worse
        else "No source is shown to be worse than at home."
    )
    return Section("A source it was not trained on", [told], table)


def _mixture(found: Mixture) -> Section:
    table = [["teacher", "share", "90 % interval"]]
    table += [
        [name, f"{each.value:.1%}", f"{each.low:.1%} to {each.high:.1%}"]
        for name, each in found.shares.items()
    ]
    return Section(
        f"Who wrote {found.name}?",
        [
            f"{found.rows:,} rows, {found.judged:,} of them judged (on prompts not trained on). "
            f"Corrected for what is taken for what. Expected accuracy on single rows: "
            f"{found.stated:.1%}.",
            "Unlike any mixture of these teachers: do not trust the shares."
            if found.unlike
            else "The shares hold if nobody else wrote any of it; half a stranger's rows may pass "
            "unnoticed.",
        ],
        table,
    )


def _both(found: Estimate | None) -> tuple[str, str]:
    return percent(found), bounds(found)


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)
