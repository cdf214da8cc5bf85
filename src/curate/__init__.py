"""Curate SFT data with filters that leave a complete ledger."""

__version__ = "0.1.0"
