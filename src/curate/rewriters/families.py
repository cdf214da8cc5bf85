"""Which teachers are of one family: two that may carry the same traits.

A model passes its traits on through what it writes, even where a text is about something else, and
even where it only rephrases what another model wrote (Cloud et al. 2025; Gisler et al. 2026,
2603.09517). A fine-tuned model has the traits of its base, and one distilled from another model
has those of both. So a family is a line of descent, not a company: Vicuna is a Llama, Zephyr a
Mistral, and DeepSeek-R1-Distill-Qwen is of two families.
"""

import functools
import re
from collections.abc import Mapping

_MODELS = {
    "claude": "claude",
    "cohere": "cohere|command|aya",
    "deepseek": "deepseek",
    "eleuther": "gpt-?(?:j|neox?)|pythia",
    "gemini": "gemini|(?:med|code)?gemma|bard|palm|bison",
    "glm": "(?:chat)?glm|codegeex",
    "gpt": r"(?:chat)?gpt(?!-?(?:j|neo))|o(?=\d)|davinci|babbage|codex",
    "kimi": "kimi|moonshot",
    "llama": "(?:code)?llama|vicuna|alpaca|koala|guanaco|wizardlm",
    "mistral": "mi[sx]tral|ministral|magistral|codestral|devstral|pixtral",
    "qwen": "(?:code)?qwen|qwq|qvq",
    "stablelm": "stablelm",
}
"""Family -> the names its models go by, where their first letters do not tell it."""

_RECIPES = {
    "llama": "tulu|hermes",
    "mistral": "zephyr|openchat|openhermes|starling",
}
"""Family -> ways of fine-tuning that mostly had its models for a base.

They count in names that do not say the base themselves, as Llama-3.1-Tulu-3-8B does.
"""


@functools.lru_cache(maxsize=1024)
def family(teacher: str) -> str:
    """Return the family of a teacher; several with `+` between where its name says several.

    The organisation before a slash does not count. A name nobody has listed is known by its first
    letters: `grok-4` is `grok`.
    """
    name = teacher.rstrip("/").rpartition("/")[2].lower()
    return _listed(name, _MODELS) or _listed(name, _RECIPES) or _first_letters(name)


def related(one: str | None, other: str | None, families: Mapping[str, str]) -> bool:
    """Say whether two teachers are of one family; None, a teacher not known, never is.

    Args:
        one: A teacher's name.
        other: Another's.
        families: Teacher -> family, where the user knows better than `family`.
    """
    if one is None or other is None:
        return False
    ours, theirs = (set(families.get(each, family(each)).split("+")) for each in (one, other))
    return not ours.isdisjoint(theirs)


def _listed(name: str, lines: Mapping[str, str]) -> str:
    """Return the families whose names stand in `name`, in the order in which they do."""
    found = {
        line: match.start()
        for line, names in lines.items()
        if (match := re.search(rf"(?<![a-z])(?:{names})(?![a-z])", name))
    }
    return "+".join(sorted(found, key=found.__getitem__))


def _first_letters(name: str) -> str:
    found = re.search(r"[a-z]+", name)
    return found[0] if found else name
