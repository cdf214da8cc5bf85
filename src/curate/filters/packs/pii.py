"""Personal data that has a form of its own: addresses, numbers and accounts.

Card numbers, IBANs, IP addresses and US social-security numbers must be valid, not only look so.
Names and street addresses have no form and need the `entities` filter.
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
        rf"{either(*countries.split())}[0-9]{{2}}(?: ?[0-9A-Z]){{{length - 4}}}"
        for length, countries in _IBAN_LENGTHS.items()
    )
)
_MASTERCARD = r"(?:5[1-5][0-9]{2}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720))"
_DISCOVER_JCB_UNIONPAY = r"(?:35[2-8][0-9]|6(?:011|4[4-9][0-9]|5[0-9]{2}|2[0-9]{2}))"
_MAESTRO = r"(?:50|5[6-8]|6[0-9])[0-9]{2}"
_CARD = either(
    r"4[0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9](?:[0-9]{3}(?:[ -]?[0-9]{3})?)?",  # Visa
    rf"{_MASTERCARD}(?:[ -]?[0-9]{{4}}){{3}}",
    r"3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}",  # American Express
    r"3(?:0[0-59]|[689][0-9])[0-9][ -]?[0-9]{6}[ -]?[0-9]{4}",  # Diners Club
    r"(?:2131|1800)[ -]?[0-9]{6}[ -]?[0-9]{5}",  # JCB with 15 digits
    rf"{_DISCOVER_JCB_UNIONPAY}(?:[ -]?[0-9]{{4}}){{3}}(?:[0-9]{{3}})?",
    rf"{_MAESTRO}(?:[ -]?[0-9]{{4}}){{2}}(?:[ -]?[0-9]{{1,4}})?(?:[0-9]{{3}})?",
)
_PHONE = either(
    r"(?:\+|\b00)[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{1,4}\)[ .-]?)?"  # international
    r"[0-9]{1,5}(?:[ .-]?[0-9]{2,5}){1,5}",
    r"(?:\b1[ .-])?(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}",  # +1
    r"\(0?[0-9]{2,4}\) ?[0-9]{3,4}[ .-][0-9]{3,4}",
    r"\b0[1-9][0-9]{0,3}(?:[ .-][0-9]{2,4}){2,4}",
    r"\b0[0-9]{2,4}[ -][0-9]{6,8}",
)
_EMAIL_NAME = r"[A-Za-z0-9_%+](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+])?"
_EMAIL_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HEX = "[0-9A-Fa-f]"

PACK = Pack(
    name="pii",
    version="1",
    about="e-mail, phone, card, IBAN, IP, MAC, US social-security numbers, in any turn",
    scope="conversation",
    sensitive=True,
    patterns={
        "email": (
            rf"(?<![A-Za-z0-9._%+-]){_EMAIL_NAME}@(?:{_EMAIL_LABEL}\.)+[A-Za-z]{{2,24}}"
            r"(?![A-Za-z0-9@])"
        ),
        "credit-card": rf"(?<![\w.-]){_CARD}(?![\w-]|\.[0-9])",
        "iban": rf"(?i)(?<![A-Z0-9])(?=[A-Z]{{2}}[0-9]{{2}}){_IBAN}(?![A-Z0-9])",
        "us-ssn": r"(?<![\w-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-])",
        "ipv4": r"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|[./][0-9])",
        "ipv6": rf"(?<![\w:.]){_HEX}{{1,4}}(?:::?{_HEX}{{1,4}}){{2,7}}(?![\w:])",
        "mac-address": (
            rf"(?<![\w:-]){_HEX}{{2}}([:-])(?:{_HEX}{{2}}\1){{4}}{_HEX}{{2}}(?![\w:-])"
        ),
        "phone": rf"(?<![\w.+/-]){_PHONE}(?: ?(?:x|ext\.? ?)[0-9]{{1,5}})?(?!\w|[.-][0-9])",
    },
    checks={
        "email": deliverable,
        "credit-card": luhn,
        "iban": iban,
        "ipv4": public_ip,
        "ipv6": public_ip,
        "phone": phone,
    },
)
