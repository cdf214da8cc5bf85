"""How many at once: numbered slots in an event loop, given first to those who come back."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Slots:
    """Slots 0 to `size` - 1, each held by one at a time.

    Those who wait are served by rank, highest first, then in their order: a request that is tried
    again goes before one that has never been tried, so nothing grows old.
    """

    def __init__(self, size: int) -> None:
        self._free = list(range(size))
        self._waiting: list[tuple[int, int, asyncio.Future[int]]] = []
        self._order = count()

    @asynccontextmanager
    async def slot(self, rank: int = 0) -> AsyncIterator[int]:
        """Wait for a slot, hold it, and yield its number."""
        number = await self._take(rank)
        try:
            yield number
        finally:
            self._give(number)

    async def _take(self, rank: int) -> int:
        if self._free:
            return self._free.pop()
        turn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-rank, next(self._order), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was ours already
                self._give(turn.result())
            raise

    def _give(self, number: int) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(number)
                return
        self._free.append(number)
