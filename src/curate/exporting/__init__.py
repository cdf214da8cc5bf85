"""Rows of a run, or of files, written as a table, and read back before they count."""
