"""The engine: segments in, row files and a ledger out, nothing lost.

`run` is the whole story; `flow` is what happens to one segment; `executors` decide where it
happens; `rundir` makes it last.
"""
