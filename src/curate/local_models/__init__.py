"""A transformers model on this machine: its files, its loading, its answers."""
