"""Checks that a matched number or token is what it looks like. Each takes the matched text."""

import ipaddress
import math
import zlib
from collections import Counter

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_RESERVED = (
    ".example",
    ".invalid",
    ".test",
    ".localhost",
    ".example.com",
    ".example.net",
    ".example.org",
)


def luhn(text: str) -> bool:
    """Whether the digits of `text` pass the Luhn check (ISO/IEC 7812-1 annex B)."""
    digits = [int(char) for char in text if char in "0123456789"]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def iban(text: str) -> bool:
    """Whether `text` passes the check of ISO 13616: the rotated number is 1 modulo 97."""
    compact = "".join(text.split()).upper()
    rotated = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in rotated)) % 97 == 1


def public_ip(text: str) -> bool:
    """Whether `text` is an address on the public Internet; private and example ranges are not."""
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


def deliverable(text: str) -> bool:
    """Whether an e-mail address is outside the domains set aside for examples (RFC 2606)."""
    domain = "." + text.rpartition("@")[2].lower()
    return not domain.endswith(_RESERVED)


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


def random_looking(text: str) -> bool:
    """Whether `text` looks drawn at random: digits among letters, 3 bits or more a character."""
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return mixed and entropy(text) >= 3.0


def entropy(text: str) -> float:
    """Return the Shannon entropy of the characters of `text`, in bits a character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)
