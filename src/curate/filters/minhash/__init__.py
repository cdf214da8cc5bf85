"""Near duplicates by MinHash: texts as sets of shingles, bands that find likely pairs, a count.

A text is the set of its shingles, so many words in a row each (`words`, `shingles`). Random
permutations of these sets (Broder 1997) are cut into bands (`banding`, `signatures`): sets that
agree on a whole band are a candidate pair. How similar a pair really is, is then counted on the
hashes themselves (`sketches`). `memory` looks through the bands for what came before.
"""

SCHEME = "1"
"""Of signatures: raise it when the same text would get another one; runs refuse to mix schemes."""
