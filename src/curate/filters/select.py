"""`select`: these records, whatever they say: by name, by prompt, by chance, or all of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from curate.api import Context, Judge, Record, Rule, Signer, Study, StudyingFilter, Verdict
from curate.errors import InputError
from curate.filters.selecting import draws, sketches
from curate.filters.selecting.clusters import Gathering

Id = Annotated[str, StringConstraints(min_length=1), Field(coerce_numbers_to_str=True)]

_SEEN = Verdict(1.0, "selected")
_LISTED = Verdict(1.0, "listed")
_MISS = Verdict(0.0)


class Clusters(BaseModel):
    """Prompts in clusters, and those of them that are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    k: int = Field(ge=2, le=1000, description="how many clusters")
    numbers: list[int] = Field(
        default=[],
        description="the clusters that are hits, from 0, the largest; none: only look",
    )
    seed: int | None = Field(None, description="of the clusters; default: the plan's seed")

    @model_validator(mode="after")
    def _numbers_exist(self) -> Self:
        if wrong := [n for n in self.numbers if not 0 <= n < self.k]:
            raise ValueError(
                f"numbers: there is no cluster {wrong[0]}; with k: {self.k} they go "
                f"from 0 to {self.k - 1}"
            )
        return self


class Select(StudyingFilter):
    """Scores 1 a record that the plan picks by something other than what is said in it, else 0.

    Without options it picks every record it sees, so `only: STEP` makes another step's hits its
    own. `ids` and `ids_file` pick by a row's id or the digest of its line; a name that no row has
    is no error, so compare the step's hits with the length of the list. `share` and `random_like`
    draw at random; three steps that differ in `draw` make three controls of one size:

        steps:
          - use: select
            with: {random_like: flagged, draw: 1}
            do: drop

    That hits exactly as many records as the step `flagged` did, its own hits not excluded, from
    all that get here, whatever the workers. A draw depends on the seed, on `draw`, on a line's
    bytes and its number: equal draws of two sizes lie within each other, a line that moves is
    drawn anew, a file that moves is not. Digests and bytes are those of the line as it was read:
    a rewritten record is found and drawn as if it had not been.

    `cluster` sorts prompts by their words into `k` clusters (k-means on their n-grams) and picks
    those of the given `numbers`; cluster 0 has the most different prompts. Leave `numbers` out for
    a look: every record gets the reason `cluster_N`, nothing is hit, and
    `curate show RUN --step cluster --reason cluster_3` shows examples of one. The clusters are
    those of the prompts that get here, as they are by then, so they change with what earlier steps
    drop, or rewrite in a prompt. The first
    4,000 characters of a prompt count, and of many prompts a sample of 50,000 is clustered; a
    prompt that has no words in common with them is in no cluster: the filter abstains.

    `random_like` and `cluster` read the corpus once more, up to their step, and remember 16 bytes
    a record, or a fixed number of prompts.
    """

    name: ClassVar[str] = "select"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    ids: list[Id] | None = Field(None, min_length=1, description="ids or digests of the records")
    ids_file: Path | None = Field(None, description="a file of ids or digests, one a line")
    share: float | None = Field(None, gt=0, le=1, description="a random share of the records")
    random_like: str | None = Field(
        None, description="as many records at random as this earlier step hit"
    )
    draw: int = Field(0, ge=0, description="which random choice: another number, other records")
    cluster: Clusters | None = Field(None, description="prompts on the same topics, by k-means")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = ("ids", "ids_file", "share", "random_like", "cluster")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) > 1:
            raise ValueError(f"give one of {', '.join(ways)}, not {' and '.join(given)}")
        if self.draw and self.share is None and self.random_like is None:
            raise ValueError("draw belongs to share or random_like")
        return self

    def label(self) -> str:
        """`random_N` and `share_N` for draw N, `cluster`, or `select`."""
        if self.random_like is not None:
            return f"random_{self.draw}"
        if self.share is not None:
            return f"share_{self.draw}"
        return "cluster" if self.cluster else self.name

    def selects(self) -> bool:
        """Say that no rewrite changes what it picks: it goes by the line as it was read.

        Clusters go by the prompt, which a redaction may change; what is redacted there is no
        reason to ask again whether the record was meant.
        """
        return True

    def fingerprint(self) -> Mapping[str, str]:
        """Return the SHA-256 of the list of ids.

        Raises:
            OSError: it is missing or cannot be read.
        """
        if self.ids_file is None:
            return {}
        return {"ids_file": hashlib.sha256(self.ids_file.read_bytes()).hexdigest()}

    def studies(self) -> bool:
        """Say whether the whole corpus decides: of a draw's size, or of the clusters."""
        return self.random_like is not None or self.cluster is not None

    def like(self) -> str | None:
        """Return the step whose number of hits is the size of the draw."""
        return self.random_like

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        """Yield the judge.

        Raises:
            InputError: the file of ids cannot be read or names nothing.
            UsageError: the options need a look at the whole corpus.
        """
        if self.studies():
            return super().open(ctx)
        if self.share is not None:
            return nullcontext(_share(draws.Draw(ctx.seed, self.draw), self.share))
        if self.ids is not None:
            return nullcontext(_among(self.ids))
        if self.ids_file is not None:
            return nullcontext(_among(_read(self.ids_file)))
        return nullcontext(lambda records: [_SEEN] * len(records))

    def noter(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Yield what notes a record's place in the draw, or what its prompt is about."""
        return sketches.noter() if self.cluster else draws.noter(ctx.seed, self.draw)

    def study(self, ctx: Context) -> Study:
        """Return an empty study."""
        if self.cluster is None:
            return draws.Size(ctx.seed, self.draw, self.random_like or "")
        seed = ctx.seed if self.cluster.seed is None else self.cluster.seed
        return Gathering(self.cluster.k, self.cluster.numbers, replace(ctx, seed=seed))


def _share(draw: draws.Draw, share: float) -> Judge:
    return lambda records: [draws.DRAWN if draw.part(r) < share else draws.MISSED for r in records]


def _among(names: Iterable[str]) -> Judge:
    wanted = frozenset(names)

    def judge(records: Sequence[Record]) -> list[Verdict]:
        return [_LISTED if r.id in wanted or r.origin in wanted else _MISS for r in records]

    return judge


def _read(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"{path}: the ids cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: the ids are not UTF-8: {error.reason}") from None
    names = [name for line in lines if (name := line.strip())]
    if not names:
        raise InputError(f"{path}: names no record; it needs an id or digest a line")
    return names
