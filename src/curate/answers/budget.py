"""What a run may spend: money is set aside before a request leaves, settled when it is answered."""

import threading
import weakref

from curate.api import Context
from curate.errors import OutageError


class Budget:
    """An amount shared by everything that spends in one run; may be used from any thread.

    A request is let go only if the most it may cost still fits, so the limit holds as far as
    prices and token counts are true. A request that failed is taken to cost nothing.
    """

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self.spent = 0.0
        self._aside = 0.0
        self._lock = threading.Lock()

    def set_aside(self, amount: float) -> bool:
        """Set money aside; False says: not now, but what is on its way may give some back.

        Raises:
            OutageError: the budget is spent.
        """
        with self._lock:
            if self.limit is None or self.spent + self._aside + amount <= self.limit:
                self._aside += amount
                return True
            if self._aside > _DUST:
                return False
        raise OutageError(
            f"the budget is spent: {self.spent:.4g} of {self.limit:.4g}, and the next request may "
            f"cost {amount:.2g}. What was answered is kept; give a higher --max-cost to go on"
        )

    def settle(self, aside: float, cost: float) -> None:
        """Give back what was set aside and count what was spent."""
        with self._lock:
            self._aside -= aside
            self.spent += cost


def budget_of(ctx: Context) -> Budget:
    """Return the one budget of a run, known by its context."""
    with _LOCK:
        budget = _BUDGETS.get(id(ctx))
        if budget is None:
            budget = _BUDGETS[id(ctx)] = Budget(ctx.max_cost)
            weakref.finalize(ctx, _BUDGETS.pop, id(ctx), None)
        return budget


_DUST = 1e-12
"""What rounding leaves of sums that should be 0."""
_LOCK = threading.Lock()
_BUDGETS: dict[int, Budget] = {}
