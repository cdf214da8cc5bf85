"""A look at a corpus before anything is decided: what is in it, counted in one pass.

`survey` makes the pass and holds what was found; every aspect has a file of its own.
"""
