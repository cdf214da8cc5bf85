"""What a survey must find, counted again with nothing but json and hashes of texts."""

import json
import unicodedata
from collections import Counter
from typing import Any


def records(lines: list[bytes]) -> tuple[list[dict[str, Any]], int, int]:
    """The rows of messages, and how many lines are unreadable or no such rows."""
    found, unreadable, strangers = [], 0, 0
    for line in lines:
        try:
            row = json.loads(line.decode())
        except ValueError:
            unreadable += 1
            continue
        if isinstance(row, dict) and isinstance(row.get("messages"), list) and row["messages"]:
            found.append(row)
        else:
            strangers += 1
    return found, unreadable, strangers


def parts(row: dict[str, Any]) -> dict[str, list[tuple[str, str]] | None]:
    """Roles and texts of the conversation, the prompt and the response."""
    turns = [(each["role"], each["content"]) for each in row["messages"]]
    last = max((n for n, (role, _) in enumerate(turns) if role == "assistant"), default=None)
    return {
        "conversation": turns,
        "prompt": turns[:last],
        "response": None if last is None else [turns[last]],
    }


def normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def comparable(turns: list[tuple[str, str]] | None, normalised: bool) -> str | None:
    """What two equal parts have in common; None where there is no text."""
    said = [(role, normal(text) if normalised else text) for role, text in turns or []]
    return json.dumps(said) if any(text.strip() for _, text in said) else None


def repeats(rows: list[dict[str, Any]], part: str, normalised: bool) -> tuple[int, int]:
    """Rows with such a text, and those that say what an earlier one says."""
    texts = [comparable(parts(row)[part], normalised) for row in rows]
    told = [text for text in texts if text is not None]
    return len(told), len(told) - len(set(told))


def new_answers(rows: list[dict[str, Any]], normalised: bool) -> int:
    """Rows whose prompt was there before, and their conversation was not."""
    prompts, conversations, found = set(), set(), 0
    for row in rows:
        prompt, conversation = (
            comparable(parts(row)[part], normalised) for part in ("prompt", "conversation")
        )
        if prompt is not None and prompt in prompts:
            found += conversation is None or conversation not in conversations
        prompts.add(prompt)
        conversations.add(conversation)
    return found


def shared(rows: list[dict[str, Any]]) -> tuple[int, Counter[str]]:
    """Prompts that two teachers answered, and how many of these each teacher answered."""
    answered: dict[str, set[str]] = {}
    for row in rows:
        prompt, teacher = comparable(parts(row)["prompt"], True), row.get("teacher")
        if prompt is not None and teacher is not None:
            answered.setdefault(prompt, set()).add(teacher)
    several = [teachers for teachers in answered.values() if len(teachers) > 1]
    return len(several), Counter(teacher for teachers in several for teacher in teachers)


def quantiles(numbers: list[int]) -> list[int]:
    """Min, 5, 50, 95, 99 % and max: the smallest number that so many are not above."""
    ordered = sorted(numbers)
    shares = (0.05, 0.5, 0.95, 0.99)
    inner = [
        next(n for n in ordered if sum(m <= n for m in ordered) >= share * len(ordered) - 1e-9)
        for share in shares
    ]
    return [ordered[0], *inner, ordered[-1]]


def lengths(rows: list[dict[str, Any]], part: str) -> tuple[list[int], list[int]]:
    """Characters and words of a part, of the rows that have one."""
    found = [turns for row in rows if (turns := parts(row)[part])]
    return (
        [sum(len(text) for _, text in turns) for turns in found],
        [sum(len(text.split()) for _, text in turns) for turns in found],
    )
