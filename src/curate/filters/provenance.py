"""`provenance`: which teacher wrote this record, and which collection is it from?"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from curate.api import Context, Judge, Record, RecordFilter, Rule, Verdict

Pattern = Annotated[str, StringConstraints(min_length=1)]
"""A name with `*`, `?` and `[abc]` as wildcards; case does not matter."""

_TEACHER_UNKNOWN = Verdict(None, "teacher_unknown")
_SOURCE_UNKNOWN = Verdict(None, "source_unknown")
_MISS = Verdict(0.0)


class Provenance(RecordFilter):
    """Scores 1 a record whose teacher or source is one the plan names, else 0.

    Where a row does not name what it is asked for, its teacher or its source, the filter abstains
    and `unsure:` says what that means; `unknown: true` makes an unknown teacher a hit instead. The
    reason of a hit is `teacher_unknown`, `teacher_listed`, `teacher_not_allowed` or
    `source_listed`, the first that holds; its evidence gives `teacher` and `source`.

        steps:
          - use: provenance
            with: {teachers: ["gpt-4*", "claude-*"], unknown: true}
            do: drop

    Teachers are compared after the plan's `input.aliases`.
    """

    name: ClassVar[str] = "provenance"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    teachers: list[Pattern] = Field(default=[], description="a teacher like one of these is a hit")
    allow: list[Pattern] = Field(default=[], description="a teacher like none of these is a hit")
    unknown: bool = Field(False, description="a row that names no teacher is a hit")
    sources: list[Pattern] = Field(default=[], description="a source like one of these is a hit")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.teachers or self.allow or self.unknown or self.sources):
            raise ValueError("give at least one of teachers, allow, unknown, sources")
        return self

    def selects(self) -> bool:
        """Say whether it asks for sources alone: no rewrite changes them, as it does teachers."""
        return bool(self.sources) and not (self.teachers or self.allow or self.unknown)

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002
        """Yield a judge that works out each pair of teacher and source once."""
        about = lru_cache(maxsize=4096)(self._about)
        return nullcontext(lambda records: [about(r.teacher, r.source) for r in records])

    def judge(self, record: Record) -> Verdict:
        """Judge one record."""
        return self._about(record.teacher, record.source)

    def _about(self, teacher: str | None, source: str | None) -> Verdict:
        reason = self._hit(teacher, source)
        if reason:
            return Verdict(1.0, reason, {"teacher": teacher, "source": source})
        if teacher is None and (self.teachers or self.allow):
            return _TEACHER_UNKNOWN
        return _SOURCE_UNKNOWN if source is None and self.sources else _MISS

    def _hit(self, teacher: str | None, source: str | None) -> str | None:
        if teacher is None:
            if self.unknown:
                return "teacher_unknown"
        elif _like(teacher, self.teachers):
            return "teacher_listed"
        elif self.allow and not _like(teacher, self.allow):
            return "teacher_not_allowed"
        return "source_listed" if source is not None and _like(source, self.sources) else None


def _like(name: str, patterns: Iterable[str]) -> bool:
    folded = name.casefold()
    return any(fnmatchcase(folded, pattern.casefold()) for pattern in patterns)
