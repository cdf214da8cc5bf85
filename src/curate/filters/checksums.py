"""Checks that a matched number or token is what it looks like. Each takes the matched text."""

import ipaddress
import math
import re
import zlib
from collections import Counter

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_SET_ASIDE = re.compile(
    r"(?:.*\.)?(?:example|invalid|test|localhost)"
    r"|(?:.*\.)?(?:example[0-9]*|sample|(?:your|my)?(?:domain|company))\.(?:[a-z]{2,3}\.)?[a-z]{2,3}"
)
"""Domains of nobody: RFC 2606, and what authors write in their place."""
_NOBODY = re.compile(r"you|your.*|example.*|user(?:name)?|(?:first|last)?name|someone")
"""Names in front of the @ that stand for a name."""

_PLACEHOLDER = re.compile(
    r"your|example|placeholder|change_?me|dummy|sample|secret_?here|(?:xx|\*\*|\.\.){2}",
    re.IGNORECASE,
)
"""What stands in a credential that a manual made up."""


def luhn(text: str) -> bool:
    """Whether the digits of `text` pass the Luhn check (ISO/IEC 7812-1 annex B)."""
    digits = [int(char) for char in text if char in "0123456789"]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def iban(text: str) -> bool:
    """Whether `text` passes the check of ISO 13616: the rotated number is 1 modulo 97."""
    compact = "".join(filter(str.isalnum, text)).upper()
    rotated = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in rotated)) % 97 == 1


def public_ip(text: str) -> bool:
    """Whether `text` is an address on the public Internet; private and example ranges are not."""
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


def deliverable(text: str) -> bool:
    """Whether an e-mail address may be somebody's, and is not one made for an example."""
    name, _, domain = text.lower().rpartition("@")
    return not (_NOBODY.fullmatch(name) or _SET_ASIDE.fullmatch(domain))


def phone(text: str) -> bool:
    """Whether `text` has as many digits as a phone number may have (ITU-T E.164: at most 15)."""
    return 7 <= sum(map(str.isdigit, text.partition("x")[0])) <= 15


def github_token(text: str) -> bool:
    """Whether the last six characters of a GitHub token are its CRC-32 in base 62.

    Source: "Behind GitHub's new authentication token formats", github.blog, April 2021.
    """
    body, claimed = text.partition("_")[2][:-6], text[-6:]
    left, encoded = zlib.crc32(body.encode()), ""
    for _ in range(6):
        left, digit = divmod(left, 62)
        encoded = _BASE62[digit] + encoded
    return encoded == claimed


def no_placeholder(text: str) -> bool:
    """Whether a credential says nowhere that it stands for another."""
    return not _PLACEHOLDER.search(text)


def random_looking(text: str) -> bool:
    """Whether `text` looks drawn at random: digits among letters, 3 bits or more a character.

    What says that it is a placeholder does not.
    """
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return mixed and entropy(text) >= 3.0 and no_placeholder(text)


def entropy(text: str) -> float:
    """Return the Shannon entropy of the characters of `text`, in bits a character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
