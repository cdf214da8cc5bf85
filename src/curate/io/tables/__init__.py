"""Tables as input: Parquet, Arrow, saved `datasets`; a row becomes one JSON line."""
