"""The job every peer does with the same Python functions, so that all must keep the same rows.

The curate plans in plans/ say the same thing with shipped filters only. The patterns use nothing
that `re`, RE2 and the Rust regex engine would read differently.
"""

import re
from collections import Counter

PATTERNS = {
    "email": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    "phone": r"\(?[0-9]{3}\)?[ .-][0-9]{3}[.-][0-9]{4}",
    "ssn": r"[0-9]{3}-[0-9]{2}-[0-9]{4}",
    "card": r"(?:[0-9]{4}[ -]){3}[0-9]{4}",
    "ip": r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}",
    "api_key": r"sk-[A-Za-z0-9]{20,}",
    "aws_key": r"AKIA[0-9A-Z]{16}",
    "github_token": r"gh[pousr]_[A-Za-z0-9]{36}",
    "iban": r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}",
    "tracking_link": r"https?://[^\s\"]+utm_[a-z]+=",
    "private_key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "slur": r"(?i)\b(?:slurplaceholder|vileterm|badwordx|hatewordy|nastyterm)\b",
    "as_an_ai": r"(?i)as an ai (?:language )?model",
    "sorry": r"(?i)i'?m sorry,? but i (?:can't|cannot|can not)",
    "cannot_assist": r"(?i)i (?:cannot|can't) (?:assist|help|comply) with",
    "unable": r"(?i)i am unable to (?:fulfil|comply|help|provide)",
    "chat_token": r"<\|(?:im_start|im_end|endoftext)\|>",
    "lorem_ipsum": r"(?i)lorem ipsum",
    "cutoff": r"(?i)my (?:knowledge|training data) (?:cutoff|cut-off)",
    "base64": r"[A-Za-z0-9+/]{120,}={0,2}",
}
COMPILED = [re.compile(pattern) for pattern in PATTERNS.values()]
STOPWORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
TOP_NGRAM_SHARES = ((2, 0.20), (3, 0.18), (4, 0.16))


def no_pattern(text: str) -> bool:
    """Say whether none of the patterns occurs."""
    for pattern in COMPILED:  # noqa: SIM110  (a generator would slow every peer down)
        if pattern.search(text):
            return False
    return True


def good_prose(text: str) -> bool:
    """Say whether the text passes rules in the manner of Gopher, on words between white space."""
    length = len(text)
    if not 200 <= length <= 20_000:
        return False
    words = text.split()
    count = len(words)
    if not 50 <= count <= 5000:
        return False
    if not 3.0 <= sum(map(len, words)) / count <= 10.0:
        return False
    if (text.count("#") + text.count("...")) / count > 0.1:
        return False
    if sum(w.isalpha() or any(map(str.isalpha, w)) for w in words) / count < 0.8:
        return False
    if len(STOPWORDS.intersection(words)) < 2:
        return False
    return not _lines_repeat(text) and not _ngrams_repeat(words, length)


def _lines_repeat(text: str) -> bool:
    """More than 30 % of the lines, or 20 % of the characters, stand in lines seen before."""
    lines = [line for line in text.split("\n") if line]
    seen: set[str] = set()
    repeated = characters = 0
    for line in lines:
        if line in seen:
            repeated += 1
            characters += len(line)
        else:
            seen.add(line)
    return repeated / len(lines) > 0.30 or characters / len(text) > 0.20


def _ngrams_repeat(words: list[str], length: int) -> bool:
    """The most frequent 2-, 3- or 4-gram fills more than its share of the characters.

    Of several equally frequent ones the longest counts, so the order of the text has no say.
    """
    for size, share in TOP_NGRAM_SHARES:
        counts = Counter(zip(*(words[n:] for n in range(size)), strict=False))
        most = max(counts.values())
        longest = max(
            sum(map(len, gram)) + size - 1 for gram, times in counts.items() if times == most
        )
        if longest * most / length > share:
            return True
    return False
