"""Audits in a report: files that audits wrote with `--out` or printed with `--json`, read back."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from curate.audits.diffing import report as diffing
from curate.audits.diffing import wording as diffing_wording
from curate.audits.fingerprint import report as fingerprint
from curate.audits.fingerprint import wording as fingerprint_wording
from curate.audits.installing import report as installing
from curate.audits.installing import wording as installing_wording
from curate.audits.locating import report as locating
from curate.audits.locating import wording as locating_wording
from curate.audits.residue import report as residue
from curate.audits.residue import wording as residue_wording
from curate.audits.subliminal import report as subliminal
from curate.audits.subliminal import wording as subliminal_wording
from curate.audits.transfer import picture
from curate.audits.transfer import report as transfer
from curate.audits.transfer import wording as transfer_wording
from curate.audits.wording import Section
from curate.errors import InputError
from curate.report.model import Audit
from curate.report.passages import named
from curate.visible import visible

LIMITS = ("Mind", "Not tested")
"""Titles of the parts that say what an audit does not."""


class _Kind(NamedTuple):
    told: str
    """What it asks."""
    keys: frozenset[str]
    """What only its report has."""
    report: type[BaseModel]
    sections: Callable[[Any], Iterator[Section]]
    headline: Callable[[Any, Sequence[Section]], str]
    limits: Callable[[Any, Sequence[Section]], Iterator[str]]
    drawing: Callable[[Any], str] = lambda _report: ""


def _first_line(_report: Any, sections: Sequence[Section]) -> str:
    return sections[0].before[0]


def _second_part(_report: Any, sections: Sequence[Section]) -> str:
    """Return the answer, which stands below what was read, if there is one."""
    return sections[1].before[0] if len(sections) > 1 and sections[1].before else "nothing to say"


def _hypotheses(report: diffing.Report, _sections: Sequence[Section]) -> str:
    said = [
        f"{each.hypothesis} {each.name}: {each.word.value}"
        for each in report.hypotheses
        if each.evidence
    ]
    prefix = "exploratory: " if report.exploratory else ""
    return f"{prefix}{report.card}: what the arms say of {'; '.join(said) or 'no hypothesis'}"


def _probed(report: residue.Report, _sections: Sequence[Section]) -> str:
    found = report.probe.positives if report.probe is not None and report.probe.tells else None
    if found is None:
        return f"{report.kept:,} kept rows: no model tells them from those that were dropped"
    value, low, high = (f"{100 * each:.1f}" for each in found)
    return f"{value} % of {report.kept:,} kept rows read like dropped ones ({low} to {high})"


def _said(_report: Any, sections: Sequence[Section]) -> Iterator[str]:
    """Yield what the parts say that are about limits."""
    for each in sections:
        if each.title in LIMITS:
            yield from (line.removeprefix("- ") for line in each.before)


def _not_tested(report: diffing.Report, _sections: Sequence[Section]) -> Iterator[str]:
    for each in report.hypotheses:
        if each.needs:
            yield f"hypothesis {each.hypothesis} ({each.name}) needs {'; '.join(each.needs)}"


def _last_line(_report: Any, sections: Sequence[Section]) -> Iterator[str]:
    yield sections[0].before[-1]


def _drawn_line(report: diffing.Report) -> str:
    return diffing_wording.drawing(report) if report.line else ""


def _one_section(report: subliminal.Report) -> Iterator[Section]:
    yield Section("", [line for line in subliminal_wording.lines(report) if line])


_KINDS: Mapping[str, _Kind] = {
    "transfer": _Kind(
        "Is the trait left in what the run kept?",
        frozenset({"verdicts", "controls", "effects"}),
        transfer.Report,
        transfer_wording.sections,
        _first_line,
        _said,
        picture.svg,
    ),
    "diff": _Kind(
        "Prompts, teacher, base or some of the rows: what gives the trait?",
        frozenset({"cells", "line", "hypotheses"}),
        diffing.Report,
        diffing_wording.sections,
        _hypotheses,
        _not_tested,
        _drawn_line,
    ),
    "residue": _Kind(
        "What is left in the rows that were kept?",
        frozenset({"masses", "probe", "trained"}),
        residue.Report,
        residue_wording.sections,
        _probed,
        _said,
    ),
    "install": _Kind(
        "Can these rows alone install the trait?",
        frozenset({"suspects", "oftener", "differences"}),
        installing.Report,
        installing_wording.sections,
        _first_line,
        _said,
    ),
    "locate": _Kind(
        "Which rows carry the trait?",
        frozenset({"switchable", "validation", "gap"}),
        locating.Report,
        locating_wording.sections,
        _first_line,
        _said,
    ),
    "fingerprint": _Kind(
        "Who wrote the rows, and was that changed?",
        frozenset({"corpora", "confusion", "telltales"}),
        fingerprint.Report,
        fingerprint_wording.sections,
        _second_part,
        _said,
    ),
    "subliminal": _Kind(
        "Is transfer without any sign visible on this machine?",
        frozenset({"recipe", "most_left", "beyond"}),
        subliminal.Report,
        _one_section,
        _first_line,
        _last_line,
    ),
}


class Told(NamedTuple):
    """What an audit says, ready to be laid out."""

    question: str
    headline: str
    """The verdict in one line."""
    sections: Sequence[Section]
    limits: Sequence[str]
    """What the verdict does not say."""
    drawing: str
    """SVG, every text in it escaped; empty where there is nothing to draw."""


def read(path: Path) -> Audit:
    """Return the audit that a file holds.

    Raises:
        InputError: it cannot be read, or is no report of an audit.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}") from None
    keys = data.keys() if isinstance(data, dict) else ()
    kind = next((name for name, each in _KINDS.items() if each.keys <= set(keys)), None)
    if kind is None:
        raise InputError(
            f"{path}: not the report of an audit; give what `curate audit … --json` prints"
        )
    audit = Audit(file=named(str(path)), kind=kind, report=_open_ends(data))
    try:
        tell(audit)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{path}: not a report of `audit {kind}`: {place}: {first['msg']}"
        ) from None
    except (StopIteration, LookupError, TypeError, ValueError) as error:
        raise InputError(f"{path}: not a whole report of `audit {kind}`: {error!r}") from None
    return audit


def tell(audit: Audit) -> Told:
    """Return what an audit says."""
    kind = _KINDS[audit.kind]
    report = kind.report.model_validate(_open_ends(audit.report))
    sections = list(kind.sections(report))
    return Told(
        kind.told,
        kind.headline(report, sections),
        sections,
        list(kind.limits(report, sections)),
        kind.drawing(report),
    )


def _open_ends(value: Any) -> Any:
    """Return JSON with the bounds of open intervals, null in a file, and its texts made safe."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list | tuple):
        if len(value) == 3 and isinstance(value[0], int | float):
            return [_open_ends(value[0]), *_bounds(value[1], value[2])]
        return [_open_ends(each) for each in value]
    if isinstance(value, Mapping):
        found = {visible(str(key)): _open_ends(each) for key, each in value.items()}
        if {"value", "low", "high"} <= found.keys():
            found["low"], found["high"] = _bounds(found["low"], found["high"])
        return found
    return value


def _bounds(low: Any, high: Any) -> tuple[Any, Any]:
    return (-math.inf if low is None else low), (math.inf if high is None else high)
