"""The promises of filters, rewriters and executors, as one call for a plugin's own tests.

    from curate.testing import check_filter, make_records

    def test_keeps_every_promise_of_a_filter():
        check_filter(Shouting())

A broken promise is an `AssertionError` that says which, on which record, and what to do.
"""

from curate.specimens import make_hits, make_records
from curate.testing.executors import check_executor
from curate.testing.filters import check_filter
from curate.testing.rewriters import check_rewriter

__all__ = ["check_executor", "check_filter", "check_rewriter", "make_hits", "make_records"]
