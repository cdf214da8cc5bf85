"""Teachers that may carry the same traits are of one family."""

import pytest

from curate.rewriters.families import family, related

JUST_EVAL = {
    "Llama-2-70B-chat-GPTQ": "llama",
    "Llama-2-7b-chat-hf": "llama",
    "Mistral-7B-Instruct-v0.1": "mistral",
    "Yi-34B-Chat": "yi",
    "gpt-3.5-turbo-0301": "gpt",
    "gpt-4-0314": "gpt",
    "vicuna-7b-v1.5": "llama",
    "zephyr-7b-beta": "mistral",
}
HOSTED = {
    "openai/gpt-oss-120b": "gpt",
    "chatgpt-4o-latest": "gpt",
    "gpt4o": "gpt",
    "o3": "gpt",
    "o4-mini-2025-04-16": "gpt",
    "text-davinci-003": "gpt",
    "claude-3-opus-20240229": "claude",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0": "claude",
    "models/gemini-1.5-pro": "gemini",
    "google/gemma-3-27b-it": "gemini",
    "moonshotai/Kimi-K2.5": "kimi",
    "xai/grok-4": "grok",
    "mistral-large-latest": "mistral",
    "command-r-plus": "cohere",
}
OPEN = {
    "meta-llama/Meta-Llama-3-8B-Instruct": "llama",
    "meta.llama3-70b-instruct-v1:0": "llama",
    "llama3:8b": "llama",
    "codellama/CodeLlama-7b-Instruct-hf": "llama",
    "mistralai/Mixtral-8x7B-Instruct-v0.1": "mistral",
    "Qwen/QwQ-32B": "qwen",
    "Qwen3.5-9B-Base": "qwen",
    "deepseek-ai/DeepSeek-V3": "deepseek",
    "THUDM/chatglm3-6b": "glm",
    "zai-org/GLM-5.1": "glm",
    "CohereForAI/c4ai-command-r-v01": "cohere",
    "microsoft/phi-4": "phi",
    "tiiuae/falcon-40b-instruct": "falcon",
    "allenai/OLMo-2-1124-7B-Instruct": "olmo",
    "EleutherAI/gpt-neox-20b": "eleuther",
    "gpt-j-6b": "eleuther",
    "nvidia/Nemotron-4-340B-Instruct": "nemotron",
    "TinyLlama/TinyLlama-1.1B-Chat-v1.0": "tinyllama",
}
FINE_TUNED = {
    "allenai/tulu-2-7b": "llama",
    "allenai/Llama-3.1-Tulu-3-8B": "llama",
    "NousResearch/Nous-Hermes-2-Mistral-7B-DPO": "mistral",
    "NousResearch/Hermes-3-Llama-3.1-8B": "llama",
    "teknium/OpenHermes-2.5": "mistral",
    "openchat/openchat_3.5": "mistral",
    "openchat-3.6-llama3-8b": "llama",
    "stabilityai/stablelm-zephyr-3b": "stablelm",
    "nvidia/Llama-3.1-Nemotron-70B-Instruct": "llama",
    "WizardLM-13B-V1.2": "llama",
}
DISTILLED = {
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": "deepseek+qwen",
    "DeepSeek-R1-Distill-Llama-70B": "deepseek+llama",
    "Qwen3-14B-Claude-Distill": "qwen+claude",
}
UNLISTED = {"our-model-7": "our", "7": "7", "": "", "some/folder/": "folder"}
ALL = JUST_EVAL | HOSTED | OPEN | FINE_TUNED | DISTILLED | UNLISTED


@pytest.mark.parametrize(("teacher", "expected"), ALL.items(), ids=lambda text: text or "empty")
def test_family(teacher: str, expected: str) -> None:
    assert family(teacher) == expected
    assert family(teacher.upper()) == expected


def test_the_teachers_of_a_real_data_set_are_of_four_families() -> None:
    assert set(map(family, JUST_EVAL)) == {"llama", "mistral", "yi", "gpt"}


@pytest.mark.parametrize("teacher", ALL)
def test_a_teacher_is_related_to_itself_both_ways_and_never_to_none(teacher: str) -> None:
    assert related(teacher, teacher, {})
    assert not related(teacher, None, {})
    assert not related(None, teacher, {})


def test_nobody_known_is_related_to_nobody_known() -> None:
    assert not related(None, None, {})


@pytest.mark.parametrize(
    ("one", "other", "kin"),
    [
        ("gpt-4-0314", "gpt-3.5-turbo", True),
        ("gpt-4-0314", "openai/gpt-oss-120b", True),
        ("gpt-4-0314", "gpt-neox-20b", False),
        ("vicuna-7b-v1.5", "Llama-2-70B-chat-GPTQ", True),
        ("zephyr-7b-beta", "Mistral-7B-Instruct-v0.1", True),
        ("zephyr-7b-beta", "vicuna-7b-v1.5", False),
        ("DeepSeek-R1-Distill-Qwen-7B", "qwen2.5-7b", True),
        ("deepseek-chat", "DeepSeek-R1-Distill-Qwen-7B", True),
        ("DeepSeek-R1-Distill-Qwen-7B", "Llama-2-7b-chat-hf", False),
        ("gemini-3-flash", "gemma-3-27b-it", True),
    ],
)
def test_related(one: str, other: str, kin: bool) -> None:
    assert related(one, other, {}) is kin
    assert related(other, one, {}) is kin


def test_the_user_knows_better() -> None:
    families = {"our-model": "llama", "gpt-4-0314": "mine+yours"}
    assert related("our-model", "vicuna-7b-v1.5", families)
    assert not related("gpt-4-0314", "gpt-4", families)
    assert related("gpt-4-0314", "x", families | {"x": "yours"})
