"""The words of a text for comparing it: what white space separates, or single characters."""

import re

_UNSPACED = re.compile(
    "[\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Tibetan, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Chinese characters
)
"""Characters of scripts that are written without blanks between words."""


def words(text: str) -> list[str]:
    """Return the words in order; none is empty or holds white space.

    Where a script puts no blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese,
    Tibetan), every character is a word: a sentence would else be a single one.
    """
    if text.isascii():
        return text.split()
    return _UNSPACED.sub(r" \g<0> ", text).split()
