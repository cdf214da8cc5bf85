"""Where a student with some rows switched stands between all clean, 0, and untouched, 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from curate.audits.locating.probes import Probe, Probes
from curate.audits.statistics.student import quantile
from curate.traits.intervals import Interval

LEVEL = 0.95


@dataclass(frozen=True)
class Scale:
    """Positions by paired seeds, the same for everything that is compared on it."""

    probes: Probes
    everything: frozenset[str]
    """The rows of the clean arm."""
    seeds: tuple[int, ...]

    def gap(self) -> Interval:
        """Return untouched minus clean, in scores."""
        return interval([a - b for a, b in zip(*self._ends(), strict=True)])

    def position(self, switched: Iterable[str]) -> Interval:
        """Return where students stand for whom these rows are switched.

        Each seed's distance from its own clean student is measured, in units of the mean gap.
        """
        untouched, clean = self._ends()
        unit = fmean(untouched) - fmean(clean)
        shown = self._show(frozenset(switched))
        return interval([(one - zero) / unit for one, zero in zip(shown, clean, strict=True)])

    def _ends(self) -> tuple[list[float], list[float]]:
        """Return what untouched and clean students show."""
        ends = [
            Probe(rows, seed) for rows in (frozenset[str](), self.everything) for seed in self.seeds
        ]
        shown = self.probes.show(ends)
        return shown[: len(self.seeds)], shown[len(self.seeds) :]

    def _show(self, switched: frozenset[str]) -> list[float]:
        return self.probes.show([Probe(switched, seed) for seed in self.seeds])


def interval(values: Sequence[float]) -> Interval:
    """Return the mean over seeds with its 95 % interval (Student)."""
    mean, many = fmean(values), len(values)
    half = quantile((1 + LEVEL) / 2, many - 1) * stdev(values) / many**0.5
    return Interval(mean, mean - half, mean + half)
