"""Text of a corpus made safe to print: what a terminal would obey is made visible instead.

Records come from anywhere. An escape sequence could clear the screen or forge lines of our own
output, and a bidirectional override shows text in an order it does not have.
"""

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and overrides
    "\u00ad\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # not seen at all
    "\ud800-\udfff\U000e0000-\U000e007f]"  # lone surrogates, invisible tags
)
_LINE_ENDS = str.maketrans({"\n": "␊", "\t": "␉"})
_OBEYED = re.compile(r"^([^\S\n]*):(?=:)|##(?=\[)", re.MULTILINE)
"""What a runner of GitHub obeys in a log: lines that begin with `::`, and `##[` anywhere."""
_NOT_PRINTABLE_ASCII = re.compile(rb"[^\x20-\x7e]")


def visible(text: str) -> str:
    r"""Return `text` with control characters as pictures (␛), other unsafe ones as `\u202e`.

    Newlines and tabs stay. Joiners and variation selectors stay too: scripts and emoji need them.
    """
    return _UNSAFE.sub(_picture, text)


def inline(text: str) -> str:
    """Return `text` safe to print on one line: newlines and tabs become pictures as well."""
    return visible(text).translate(_LINE_ENDS)


def unobeyed(text: str) -> str:
    r"""Return `text` safe to print in the log of a CI job: `\x3a:error::` for `::error::`."""
    return _OBEYED.sub(lambda m: r"#\x23" if m[1] is None else rf"{m[1]}\x3a", visible(text))


def escaped(raw: bytes) -> str:
    r"""Return bytes as printable ASCII, everything else as `\xNN`."""
    return _NOT_PRINTABLE_ASCII.sub(lambda m: b"\\x%02x" % m[0][0], raw).decode("ascii")


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
