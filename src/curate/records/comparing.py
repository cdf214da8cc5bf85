"""What makes two lines, or two texts, the same."""

import hashlib
import unicodedata


def digest(raw: bytes) -> str:
    """Return the 32 hex digits that identify a line: SHA-256 of its bytes, cut to 128 bits."""
    return hashlib.sha256(raw).hexdigest()[:32]


def normalise(text: str) -> str:
    """Return `text` for comparing: NFKC, case folded, runs of white space made one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
