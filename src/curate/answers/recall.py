"""Questions asked before: what is known, what must be asked, what must not be."""

from collections.abc import Mapping, Sequence

from curate.answers.cache import Cache, Value
from curate.api import Context
from curate.errors import OutageError, UsageError


class Recall:
    """What a generator remembers, by the rules of the run.

    Raises:
        UsageError: a replay without a cache.
    """

    def __init__(self, ctx: Context) -> None:
        if ctx.replay and ctx.cache is None:
            raise UsageError("a replay needs a cache to take its answers from: --cache DIR")
        self.replay = ctx.replay
        self._cache = None if ctx.cache is None else Cache(ctx.cache)

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()

    def known(self, questions: Mapping[str, str]) -> dict[str, Value]:
        """Return the known answers by key; `questions` maps keys to words for messages.

        Raises:
            OutageError: in a replay, an answer is missing.
        """
        found = self.find(list(questions))
        missing = [words for key, words in questions.items() if key not in found]
        if self.replay and missing:
            raise OutageError(
                f"{len(missing):,} of {len(questions):,} answers are not in the cache, and a "
                f"replay asks no model; the first: {missing[0]}. Run without --replay to ask for "
                "them, with the same plan and endpoint as before"
            )
        return found

    def find(self, keys: Sequence[str]) -> dict[str, Value]:
        """Return the known answers by key."""
        return {} if self._cache is None else self._cache.get(keys)

    def keep(self, key: str, value: Value) -> Value:
        """Remember an answer and return the one that counts."""
        return value if self._cache is None else self._cache.put(key, value)
