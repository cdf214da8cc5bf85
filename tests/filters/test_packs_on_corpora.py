"""Rates of the packs on real corpora; the thresholds are what was measured."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pack_hits import found, opened


def rows(path: Path) -> Iterable[Any]:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())


PRESIDIO = {
    "EMAIL_ADDRESS": ({"email"}, 1.0),
    "CREDIT_CARD": ({"credit-card"}, 0.99),
    "IBAN_CODE": ({"iban"}, 1.0),
    "IP_ADDRESS": ({"ipv4", "ipv6"}, 1.0),
    "US_SSN": ({"us-ssn"}, 1.0),
    "PHONE_NUMBER": ({"phone", "phone-by-name"}, 0.84),
}
"""Kind -> patterns, and the recall measured by `benchmarks/pii.py`, both ends of a span exact.

The one card missed has 12 digits behind a 0, which no network issues; the phones that are missed
are bare national numbers.
"""


@pytest.mark.parametrize("file", ["synth_dataset_v2.json", "generated_small.json"])
def test_pii_recall_and_false_hits_on_annotated_texts(file: str, data_dir: Path) -> None:
    total, right, false = Counter[str](), Counter[str](), Counter[str]()
    for row in rows(data_dir / "presidio_research" / file):
        spans = opened("pii")(row["full_text"]).evidence.get("spans", [])
        explained = set()
        for span in row["spans"]:
            names, _ = PRESIDIO.get(span["entity_type"], (set(), 0))
            start, end = span["start_position"], span["end_position"]
            near = {n for n, (_, a, b, name) in enumerate(spans) if name in names and a < end}
            near = {n for n in near if spans[n][2] > start}
            explained |= near
            total[span["entity_type"]] += bool(names)
            right[span["entity_type"]] += any(spans[n][1:3] == [start, end] for n in near)
        false.update(span[3] for n, span in enumerate(spans) if n not in explained)
    recall = {kind: right[kind] / total[kind] for kind in PRESIDIO if total[kind]}
    assert {kind: value for kind, value in recall.items() if value < PRESIDIO[kind][1]} == {}
    assert false.total() == 0
    assert sum(total.values()) == {"synth_dataset_v2.json": 328, "generated_small.json": 27}[file]


def test_pii_in_chat_and_code_is_rare(data_dir: Path) -> None:
    """Read one by one: hotlines, authors of papers that do not exist, addresses in code."""
    hits, texts = Counter[str](), 0
    answers = [text for _, _, text in corpora(data_dir)]
    for path in (data_dir / "gpteacher").glob("*.json"):
        answers += [row.get("response") or row["output"] for row in rows(path)]
    for text in answers:
        texts += 1
        hits.update(found("pii", text))
    assert hits.keys() <= {"phone", "phone-by-name", "email", "ipv4"}
    assert hits.total() / texts < 0.002


TEACHERS = {
    "openai": ("ChatGPT", "OpenAI"),
    "anthropic": ("Claude", "Anthropic"),
    "google": ("Gemini", "Google"),
    "meta": ("Llama", "Meta AI"),
    "deepseek": ("DeepSeek", "深度求索"),
    "alibaba": ("通义千问", "阿里云"),
    "mistral": ("Mistral", "Mistral AI"),
    "xai": ("Grok", "xAI"),
    "moonshot": ("Kimi", "月之暗面"),
    "zhipu": ("ChatGLM", "智谱AI"),
    "01-ai": ("Yi", "零一万物"),
    "lmsys": ("Vicuna", "LMSYS"),
}


@pytest.mark.parametrize("provider", TEACHERS)
def test_identity_rows_name_their_provider_and_no_other(provider: str, data_dir: Path) -> None:
    name, maker = TEACHERS[provider]
    answers = [row["output"] for row in rows(data_dir / "llamafactory" / "identity.json")]
    fields = [answer for answer in answers if found("special-tokens", answer)]
    assert fields == [answer for answer in answers if "{{" in answer]
    for answer in fields:
        filled = answer.replace("{{name}}", name).replace("{{author}}", maker)
        assert found("provider-identity", filled) == {provider}
    assert not any(found("provider-identity", answer) for answer in answers)


def corpora(data_dir: Path) -> Iterator[tuple[str, str | None, str]]:
    for path in sorted((data_dir / "corpora").glob("*.jsonl")):
        for row in rows(path):
            meta = row["metadata"]
            yield meta["teacher"], meta["category"], row["messages"][-1]["content"]


def test_eight_teachers_rarely_say_who_they_are_and_then_truly(data_dir: Path) -> None:
    told = [
        (teacher, name)
        for teacher, _, text in corpora(data_dir)
        for name in found("provider-identity", text)
    ]
    assert sorted(told) == [
        ("Llama-2-7b-chat-hf", "meta"),
        ("Yi-34B-Chat", "01-ai"),
        ("Yi-34B-Chat", "01-ai"),
        ("gpt-3.5-turbo-0301", "openai"),
        ("gpt-4-0314", "openai"),
        ("vicuna-7b-v1.5", "lmsys"),
    ]


def rate(data_dir: Path, pack: str, teacher: str, category: str) -> float:
    texts = [text for who, what, text in corpora(data_dir) if (who, what) == (teacher, category)]
    return sum(bool(found(pack, text)) for text in texts) / len(texts)


def test_refusals_follow_the_harmful_prompts(data_dir: Path) -> None:
    assert rate(data_dir, "refusals", "Llama-2-7b-chat-hf", "safety") >= 0.98
    assert rate(data_dir, "refusals", "gpt-3.5-turbo-0301", "safety") >= 0.88
    assert rate(data_dir, "refusals", "gpt-4-0314", "regular") <= 0.02
    assert rate(data_dir, "refusals", "Mistral-7B-Instruct-v0.1", "regular") <= 0.01


@pytest.mark.parametrize("pack", ["refusals", "provider-identity", "secrets"])
def test_plain_instructions_hold_next_to_nothing(pack: str, data_dir: Path) -> None:
    hits = Counter[str]()
    for path in (data_dir / "gpteacher").glob("*.json"):
        for row in rows(path):
            hits.update(found(pack, row.get("response") or row["output"]))
    assert hits.total() <= 1


def test_date_claims_are_rare_and_of_every_kind(data_dir: Path) -> None:
    hits, texts = Counter[str](), 0
    for _, _, text in corpora(data_dir):
        texts += 1
        hits.update(found("date-claims", text))
    assert hits.keys() >= {"knowledge-cutoff", "as-of", "no-current-date", "current-date"}
    assert 70 <= sum(bool(found("date-claims", text)) for _, _, text in corpora(data_dir)) <= 90
    assert texts == 8000
