"""The checks of a gate's promises catch a gate that breaks them; each fault is planted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curate.gate import gating, judging, listening, watching
from curate.gate.describing import Row
from fake_runs import PLAN, SECRET
from gate.gates import BROKEN_ROW, CLEAN, LEAK, corpus, gated, judged, run_of


def check_broken_rows(folder: Path) -> None:
    """A broken row never passes."""
    result = judged([corpus(folder, CLEAN, BROKEN_ROW)], PLAN, " - hits.secrets == 0\n")
    assert result.status == "incomplete"


def check_alike(folder: Path) -> None:
    """A corpus and its run come out alike."""
    run = run_of(folder, [CLEAN, LEAK, BROKEN_ROW])
    assert judged([run]).counts == judged([folder / "c.jsonl"]).counts
    assert judged([run]).rules == judged([folder / "c.jsonl"]).rules


def check_masked(folder: Path) -> None:
    """What is sensitive is not shown."""
    assert SECRET not in judged([corpus(folder, LEAK)]).model_dump_json()


def check_moved(folder: Path) -> None:
    """A row that moved stays accepted, and one more of it is new."""
    baseline = gated([corpus(folder, LEAK)], PLAN, accepting=True).accepted
    assert judged([corpus(folder, CLEAN, LEAK)], PLAN, baseline=baseline).status == "passed"
    assert judged([corpus(folder, LEAK, LEAK)], PLAN, baseline=baseline).status == "failed"


def excused(patch: pytest.MonkeyPatch) -> None:
    """Rows that could not be judged are forgotten."""
    patch.setattr(gating, "unjudged", lambda watch: ())


def not_counted(patch: pytest.MonkeyPatch) -> None:
    """The listener forgets the rows that were dropped."""
    patch.setattr(listening, "FATES", ("kept", "kept", "quarantined"))


def unmasked(patch: pytest.MonkeyPatch) -> None:
    """Findings are described as if nobody minded."""
    init = Row.__init__

    def bare(self: Row, *given: Any, unmask: bool) -> None:
        init(self, *given, unmask=True)

    patch.setattr(Row, "__init__", bare)


def by_line(patch: pytest.MonkeyPatch) -> None:
    """Every finding has a fingerprint of its own."""
    numbers = iter(range(1000))
    patch.setattr(watching, "fingerprint", lambda digest, sighting: f"{next(numbers):032x}")


def without_multiplicity(patch: pytest.MonkeyPatch) -> None:
    """What was accepted once is accepted for ever."""
    patch.setattr(watching.Baseline, "allows", lambda self, key: 99 * (key in self.accepted))


def never_incomplete(patch: pytest.MonkeyPatch) -> None:
    """What is not known counts as good."""
    patch.setattr(gating, "status", lambda rules, _: judging.status(rules, ()))


Check = Callable[[Path], None]


@pytest.mark.parametrize("check", [check_broken_rows, check_alike, check_masked, check_moved])
def test_the_gate_keeps_its_promises(tmp_path: Path, check: Check):
    check(tmp_path)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (excused, check_broken_rows),
        (never_incomplete, check_broken_rows),
        (not_counted, check_alike),
        (unmasked, check_masked),
        (by_line, check_moved),
        (without_multiplicity, check_moved),
    ],
)
def test_a_planted_fault_is_caught(tmp_path: Path, fault, check: Check, monkeypatch):
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        check(tmp_path)
