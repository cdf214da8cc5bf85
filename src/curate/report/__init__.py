"""The report of a run: what became of every record, why, and what audits say of it.

Everything is gathered once into frozen data (`model.py`); the page, the summary in Markdown and the
dataset card are functions of these data alone.
"""
