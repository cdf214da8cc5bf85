"""Encoders that classify: long texts in windows, windows in batches, windows pooled again."""
