"""Looking at a finished run: show its records, sweep a threshold, verify its files.

Everything here reads the run directory (see `curate.ledger`) and writes nothing.
"""
