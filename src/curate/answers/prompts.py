"""Prompts as plain values, for keys, files and messages."""

from collections.abc import Iterable, Mapping

_SHOWN = 80


def plain(messages: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Return messages as the mappings every chat format has."""
    return [{"role": role, "content": content} for role, content in messages]


def words(messages: Iterable[Mapping[str, str]]) -> str:
    """Return the beginning of what is said last, to name a prompt in a message."""
    said = [message["content"] for message in messages]
    text = " ".join(said[-1].split()) if said else ""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def sendable(text: str) -> str:
    """Return `text` with lone surrogates replaced, which servers refuse as broken UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
