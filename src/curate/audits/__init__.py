"""Audits: whether what was done to a corpus did what it was meant to do."""
