"""Personal data that has a form of its own: addresses, numbers and accounts.

Card numbers, IBANs, IP addresses and US social-security numbers must be valid, not only look so;
e-mail addresses must not be placeholders. Names and street addresses have no form and need the
`entities` filter.
"""

from curate.filters.checksums import deliverable, iban, luhn, phone, public_ip
from curate.filters.packs.pack import Pack, either

_IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FO FI FK GL NL SD", 19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK", 21: "CH CR HR LI LV",
    22: "BG BH DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA",
    30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
"""Characters of an IBAN -> countries: the registry of ISO 13616."""

_IBAN = either(
    *(
        rf"{either(*countries.split())}[0-9]{{2}}(?:[ \u00a0-]?[0-9A-Z]){{{length - 4}}}"
        for length, countries in _IBAN_LENGTHS.items()
    )
)
_GAP = "[ \u00a0.-]?"
_MASTERCARD = r"(?:5[1-5][0-9]{2}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720))"
_DISCOVER_JCB_UNIONPAY = r"(?:35[0-9]{2}|6(?:011|4[4-9][0-9]|5[0-9]{2}|2[0-9]{2}))"
"""JCB issues 3528 to 3589; numbers made for tests are from anywhere behind 35."""
_MAESTRO = r"(?:50|5[6-8]|6[0-9])[0-9]{2}"
_CARD = either(
    rf"4[0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{2}}{_GAP}[0-9](?:[0-9]{{3}}(?:{_GAP}[0-9]{{3}})?)?",  # Visa
    rf"{_MASTERCARD}(?:{_GAP}[0-9]{{4}}){{3}}",
    rf"3[47][0-9]{{2}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{5}}",  # American Express
    rf"3(?:0[0-59]|[689][0-9])[0-9]{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4}}",  # Diners Club
    rf"(?:2131|1800){_GAP}[0-9]{{6}}{_GAP}[0-9]{{5}}",  # JCB with 15 digits
    rf"{_DISCOVER_JCB_UNIONPAY}(?:{_GAP}[0-9]{{4}}){{3}}(?:[0-9]{{3}})?",
    rf"{_MAESTRO}(?:{_GAP}[0-9]{{4}}){{2}}(?:{_GAP}[0-9]{{1,4}})?(?:[0-9]{{3}})?",
)
_SSN = r"(?!000|666|9)[0-9]{3}" + either(
    *(rf"{gap}(?!00)[0-9]{{2}}{gap}(?!0000)[0-9]{{4}}" for gap in ("-", " ", r"\."))
)
_AFTER_SSN = either(
    *(
        rf"(?<={name}{link})"
        for name in ("SSN", "social security number")
        for link in (" ", ":", ": ", " is ", "#", " #")
    )
)
"""What must stand before a social-security number that is nine digits and nothing else."""
_PHONE = either(
    r"(?:\+|\b00)[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{1,4}\)[ .-]?)?"  # international
    r"[0-9]{1,5}(?:[ .-]?[0-9]{2,5}){1,5}",
    r"(?:\b1[ .-])?(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}",  # +1
    r"\(0?[0-9]{2,4}\) ?[0-9]{3,4}[ .-][0-9]{3,4}",
    r"\b0[1-9][0-9]{0,3}(?:[ .-][0-9]{2,4}){2,4}",
    r"\b0[0-9]{2,4}[ -][0-9]{6,8}",
)
_BY_NAME = either(
    r"\b(?:(?:tele)?phone|mobile|cell|tel|fax|desk|whatsapp)(?: (?:number|no\.?))?"
    r"(?: is|\s?[:.#])\s{0,3}",
    r"\b(?:call|text|phone|ring|reach|contact|message) (?:me|us|him|her|them) (?:on|at) ",
)
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u04ff"
"""Latin, Greek and Cyrillic: scripts that set their addresses apart by blanks."""
_EMAIL_NAME = rf"[{_LETTERS}0-9_%+](?:[{_LETTERS}0-9._%+-]{{0,62}}[{_LETTERS}0-9_%+])?"
_EMAIL_LABEL = rf"[{_LETTERS}0-9](?:[{_LETTERS}0-9-]{{0,61}}[{_LETTERS}0-9])?"
_HEX = "[0-9A-Fa-f]"
_IPV6 = either(
    rf"{_HEX}{{1,4}}(?:::?{_HEX}{{1,4}}){{2,7}}(?:::)?",
    rf"[23]{_HEX}{{3}}:(?::{_HEX}{{1,4}}|{_HEX}{{1,4}}::|:)",  # 2000::/3, all that is public
)

PACK = Pack(
    name="pii",
    version="2",
    about="e-mail, phone, card, IBAN, IP, MAC, US social-security numbers, in any turn",
    scope="conversation",
    sensitive=True,
    patterns={
        "email": (
            rf"(?<![{_LETTERS}0-9._%+-]){_EMAIL_NAME}@(?:{_EMAIL_LABEL}\.)+"
            rf"(?:xn--[a-z0-9-]{{2,59}}|[{_LETTERS}]{{2,24}})(?![{_LETTERS}0-9@])"
        ),
        "credit-card": rf"(?<![\w.-]){_CARD}(?![\w-]|\.[0-9])",
        "iban": rf"(?i)(?<![A-Z0-9])(?=[A-Z]{{2}}[0-9]{{2}}){_IBAN}(?![A-Z0-9])",
        "us-ssn": (
            rf"(?i)(?<![\w.-])(?<![0-9] ){_SSN}(?![\w-]|[. ][0-9])"
            rf"|{_AFTER_SSN}(?!000|666|9)[0-9]{{3}}(?!00)[0-9]{{2}}(?!0000)[0-9]{{4}}(?![\w-])"
        ),
        "ipv4": r"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|[./][0-9])",
        "ipv6": rf"(?<![\w:.]){_IPV6}(?![\w:]|/[0-9])",
        "mac-address": (
            rf"(?<![\w:-]){_HEX}{{2}}([:-])(?:{_HEX}{{2}}\1){{4}}{_HEX}{{2}}(?![\w:-])"
        ),
        "phone": (
            rf"(?<![\w.+/-])(?!{_SSN}(?![0-9])){_PHONE}(?: ?(?:x|ext\.? ?)[0-9]{{1,5}})?"
            r"(?!\w|[.-][0-9])"
        ),
        "phone-by-name": rf"(?i:{_BY_NAME})(?P<value>\+?[0-9(][0-9 ().-]{{5,18}}[0-9])(?![\w-])",
    },
    checks={
        "email": deliverable,
        "credit-card": luhn,
        "iban": iban,
        "ipv4": public_ip,
        "ipv6": public_ip,
        "phone": phone,
        "phone-by-name": phone,
    },
)
