"""Looking at a finished run: show its records, sweep a threshold, verify it, give its inputs back.

Everything here reads the run directory (see `curate.ledger`) and changes nothing in it.
"""
