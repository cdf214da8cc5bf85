"""An assistant that refuses: it says that it cannot, will not or should not do what was asked."""

import re

from curate.filters.packs.pack import Pack

_CANNOT = (
    r"(?:can['’]?t|cannot|can[ ]not|won['’]?t|will[ ]not|could[ ]not|couldn['’]?t|"
    r"(?:am|['’]m|was|are)[ ](?:not[ ](?:able|allowed|permitted|authori[sz]ed|designed|programmed|"
    r"equipped|capable)|unable)|must[ ](?:not|decline|refuse)|(?:do|does)[ ]not|don['’]?t)"
)
_HELP = (
    r"(?:assist|help|comply|fulfil|fulfill|provide|support|answer|respond|engage|participate|generate|"
    r"create|write|produce|share|offer|give|discuss|continue|complete|encourage|condone|promote|"
    r"endorse|recommend|suggest|satisfy|accommodate|execute|perform|do[ ]that|do[ ]this|advise)"
)

PACK = Pack(
    name="refusals",
    version="1",
    about="refusals: cannot, will not, against my guidelines, as an AI I do not",
    flags=re.IGNORECASE,
    patterns={},
)
