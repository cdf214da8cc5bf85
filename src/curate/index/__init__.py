"""Clean rollouts by prompt, on disk: who answered the same question, and what.

`gathering` reads corpora, `building` writes an index, `lookup` finds rollouts in one, `opening`
takes an index or a corpus to make one from, `coverage` says how much of a corpus one could answer.
"""
