"""An audit from samples to report: collect every probe that is needed, fit them, read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from curate import __version__
from curate.audits.fingerprint import (
    arms,
    cautions,
    changes,
    mixtures,
    separation,
    shift,
    strangers,
    telltales,
)
from curate.audits.fingerprint.matching import Matched
from curate.audits.fingerprint.material import Material, choose
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.probes import Answer, Fit, Job, answers, fit
from curate.audits.fingerprint.report import Report, Rows
from curate.audits.fingerprint.separation import Split
from curate.audits.fingerprint.texts import CARRIERS, ROBUSTNESS
from curate.fitting.extra import need_numpy
from curate.fitting.fingerprint.samples import Corpus, Sample

UNLABELLED = "rows that name no teacher"
"""What the unlabelled rows of the corpora are called among the mixtures."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How an audit is done."""

    seed: int = 0
    splits: int = 5
    most: int = 2000
    """Rows of one teacher that are used."""
    workers: int = 1
    arms: bool = True
    """Measure the robustness arms and what carries the fingerprint."""
    strangers: bool = True
    """Leave each teacher out in turn."""
    sources: bool = True
    """Leave each source out in turn."""


def audit(
    corpus: Corpus,
    settings: Settings = Settings(),
    mixed: Mapping[str, Sequence[Sample]] | None = None,
    matched: Matched | None = None,
    fit: Fit = fit,
    progress: Progress = lambda _: None,
) -> Report:
    """Return what the responses of a corpus, and what was made of it, tell about their teachers.

    Args:
        corpus: Responses with their teachers.
        settings: How it is done.
        mixed: Name -> responses whose teacher shares are wanted; what they declare is not read.
        matched: Rows before and after a filter or a rewrite.
        fit: Fits a probe.
        progress: Told what is being done.

    Raises:
        UsageError: numpy is not installed.
    """
    need_numpy("an audit of fingerprints")
    material = choose(corpus.samples, settings.most, settings.seed)
    early = tuple(cautions.before(material))
    report = Report(
        curate=__version__,
        seed=settings.seed,
        splits=settings.splits,
        most=settings.most,
        corpora=_rows(corpus, material),
        cautions=early,
    )
    if len(material.teachers) < 2:
        return report
    mixed = dict(mixed or {})
    if material.unlabelled:
        mixed[UNLABELLED] = material.unlabelled
    drawn = separation.splits(material, settings.splits, settings.seed)
    jobs = _jobs(material, drawn, settings, mixed, matched)
    found = answers(
        jobs,
        settings.seed,
        settings.workers,
        lambda done, of: progress(f"{done} of {of} probes fitted"),
        fit,
    )
    return report.model_copy(update=_read(material, drawn, found, settings, mixed, matched, early))


def _rows(corpus: Corpus, material: Material) -> Rows:
    return Rows(
        files=dict(corpus.files),
        rows=corpus.rows,
        unusable=corpus.unreadable + corpus.not_records + corpus.no_response,
        unlabelled=corpus.unlabelled,
        teachers=material.counts,
        used=len(material.samples),
        prompts=len({sample.prompt for sample in material.samples}),
    )


def _jobs(
    material: Material,
    drawn: Sequence[Split],
    settings: Settings,
    mixed: Mapping[str, Sequence[Sample]],
    matched: Matched | None,
) -> dict[str, Job]:
    first = drawn[0]
    jobs = {split.name: _split_job(material, split, mixed, matched) for split in drawn}
    if settings.arms:
        more = arms.ask(material, first)
        jobs[first.name] = jobs[first.name]._replace(ask={**jobs[first.name].ask, **more})
        jobs |= arms.jobs(material, first, (*ROBUSTNESS, *CARRIERS))
    if settings.strangers:
        jobs |= strangers.jobs(material, first)
    if settings.sources:
        jobs |= shift.jobs(material)
    return jobs


def _split_job(
    material: Material,
    split: Split,
    mixed: Mapping[str, Sequence[Sample]],
    matched: Matched | None,
) -> Job:
    job = separation.job(material, split)
    ask = dict(job.ask)
    for name, samples in mixed.items():
        ask |= mixtures.ask(material, split, _key(name), samples)
    names = set(map(_key, mixed))
    if matched is not None:
        ask |= changes.ask(material, split, matched)
        names |= {changes.BEFORE, changes.AFTER}
    return job._replace(ask=ask, mixtures=frozenset(names))


def _read(
    material: Material,
    drawn: Sequence[Split],
    found: Mapping[str, Answer],
    settings: Settings,
    mixed: Mapping[str, Sequence[Sample]],
    matched: Matched | None,
    early: Sequence[cautions.Caution],
) -> dict[str, object]:
    """Return the fields of the report that the probes answer."""
    first = drawn[0]
    of_splits = [found[split.name] for split in drawn]
    apart = separation.read(material, drawn, of_splits, settings.seed)
    left_out = shift.read(material, drawn, found) if settings.sources else ()
    shares = {
        name: mixtures.read(material, drawn, found, _key(name), samples, name)
        for name, samples in mixed.items()
    }
    changed = (
        None if matched is None else changes.read(material, drawn, found, matched, apart.recall)
    )
    known: list[Mixture] = [each for each in shares.values() if each is not None]
    early = (*early, *cautions.unjudged([name for name in shares if shares[name] is None]))
    sides = [] if changed is None else [changed.before, changed.after]
    late = cautions.after(apart, left_out, [*known, *filter(None, sides)])
    return {
        "accuracy": apart.accuracy.value,
        "accuracy_interval": apart.accuracy,
        "accuracy_splits": apart.splits,
        "chance": apart.chance,
        "commonest": apart.commonest,
        "bags": apart.bags,
        "recall": apart.recall,
        "confusion": apart.confusion,
        "telltales": telltales.read(material, first),
        "carriers": arms.read(material, first, found, CARRIERS) if settings.arms else (),
        "robustness": arms.read(material, first, found, ROBUSTNESS) if settings.arms else (),
        "strangers": strangers.read(material, first, found) if settings.strangers else None,
        "sources": left_out,
        "mixtures": tuple(known),
        "changes": changed,
        "cautions": (*early, *late),
    }


def _key(mixture: str) -> str:
    """Return what a mixture is asked under, whatever its file is called."""
    return f"mixture {mixture}"
