"""Train small models from labelled rows: what `curate fit` does, and what reads its files."""
