"""A run directory on an object store, where nothing is renamed and nothing is appended to."""
