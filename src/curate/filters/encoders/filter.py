"""What filters that score texts with an encoder have in common: options, and how one opens."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from pydantic import Field

from curate.api import Context, Filter, Judge, Scope
from curate.errors import UsageError
from curate.filters.encoders.encoder import Encoder
from curate.filters.encoders.framing import frame
from curate.filters.encoders.machine import Device, Precision, resolve
from curate.filters.encoders.passes import Passes
from curate.filters.encoders.pooling import Pool
from curate.filters.encoders.scoring import EncoderJudge, Reading, Scored


class EncoderFilter(Filter):
    """Scores the probability of a label with an encoder; long texts in overlapping windows."""

    tolerance: ClassVar[float] = 0.01
    """In fp32 about 1e-6; in bf16 padding and batch size choose other kernels."""
    timeout: ClassVar[float] = 24 * 3600.0
    """A segment of long texts can take hours on a processor; this only ends what is truly stuck."""

    scope: Scope = Field("assistant", description="which text of a record is read")
    window: int | None = Field(
        None,
        ge=3,
        description="tokens in a window, special ones included; default: as many as the model "
        "can read",
    )
    overlap: int = Field(
        64, ge=0, description="tokens that neighbouring windows of a long text share"
    )
    pool: Pool = Field(
        "max", description="the score of a text: the highest of its windows, or their mean"
    )
    max_windows: int | None = Field(
        None, ge=1, description="abstain from texts of more windows; default: no limit"
    )
    device: Device = Field("auto", description="auto: a GPU where there is one")
    precision: Precision = Field(
        "auto", description="auto: bf16 where the processor or the GPU has it, else fp32"
    )
    parity: float = Field(
        0.01,
        gt=0,
        le=1,
        description="with int8: how far a probability may be from fp32; compared on some windows "
        "of every segment",
    )
    threads: int = Field(
        1,
        ge=1,
        description="processor threads of each worker; more are faster only where there are fewer "
        "workers than cores, and change the last digit of scores",
    )

    @abstractmethod
    def files(self) -> Mapping[str, str]:
        """Return the hash of every file of the model."""

    @abstractmethod
    def load(self, ctx: Context) -> Encoder:
        """Load the model."""

    @abstractmethod
    def scored(self, encoder: Encoder) -> Scored:
        """Return which label is scored.

        Raises:
            UsageError: the model has no such label.
        """

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of every file, and the kind of device and precision chosen here."""
        return {**self.files(), **resolve(self.device, self.precision)._asdict()}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        """Load the model and yield the judge.

        Raises:
            UsageError: a package is missing, the model cannot be loaded, it has no such label, or
                its windows are too short for the overlap.
        """
        machine = resolve(self.device, self.precision)
        encoder = self.load(ctx)
        scored = self.scored(encoder)
        framed = frame(encoder)
        room = framed.room(self.window)
        if self.overlap >= room:
            raise UsageError(
                f"overlap: {self.overlap} must be less than the {room} tokens of text in a window"
            )
        parity = self.parity if machine.precision == "int8" else None
        reading = Reading(self.scope, room, self.overlap, self.pool, self.max_windows, parity)
        passes = Passes(encoder, framed, machine, self.threads)
        yield EncoderJudge(encoder.tokenizer, passes, reading, scored)
