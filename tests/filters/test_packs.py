"""What the packs find and leave alone, in cases made up here."""

import re
import warnings
from collections.abc import Mapping
from typing import Any

import pytest

from curate.filters.packs import PACKS
from pack_hits import found, opened

NAMES = {"provider-identity", "refusals", "date-claims", "secrets", "pii", "special-tokens"}


def test_the_packs_are_these() -> None:
    assert PACKS.keys() == NAMES
    for pack in PACKS.values():
        assert pack.checks.keys() <= pack.patterns.keys()
        assert pack.about
        assert pack.version


@pytest.mark.parametrize("pack", sorted(NAMES))
def test_every_pattern_is_a_clean_regular_expression(pack: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern in PACKS[pack].patterns.values():
            assert re.compile(pattern, PACKS[pack].flags).search("") is None


LETTERS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 6
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"

HITS = {
    "secrets": [
        ("private-key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"),
        ("private-key", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----"),
        ("aws-access-key", "id AKIA" + "QWERTYUIOPASDF27"),
        ("aws-secret-key", "aws_secret_access_key = " + LETTERS[:40]),
        ("github-token", "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"),
        ("github-fine-grained-token", "github_pat_" + LETTERS[:22] + "_" + LETTERS[:59]),
        ("gitlab-token", "glpat-" + LETTERS[:20]),
        ("slack-token", "xoxb-" + "123456789012-123456789012-" + LETTERS[:24]),
        ("slack-webhook", f"hooks.slack.com/services/T{LETTERS[:8]}/B{LETTERS[:8]}/{LETTERS[:24]}"),
        ("google-api-key", "AIza" + LETTERS[:35]),
        ("google-oauth-token", "ya29." + LETTERS[:60]),
        ("anthropic-key", "sk-ant-" + "api03-" + LETTERS[:95]),
        ("openai-key", "sk-" + LETTERS[:48]),
        ("openai-key", "sk-proj-" + LETTERS[:60]),
        ("huggingface-token", "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH"),
        ("stripe-key", "sk_live_" + LETTERS[:24]),
        ("npm-token", "npm_" + LETTERS[:36]),
        ("pypi-token", "pypi-AgEIcHlwaS5vcmc" + LETTERS[:60]),
        ("sendgrid-key", "SG." + LETTERS[:22] + "." + LETTERS[:43]),
        ("azure-account-key", "AccountKey=" + LETTERS[:86] + "=="),
        ("telegram-bot-token", "123456789:AA" + LETTERS[:33]),
        ("jwt", "eyJ" + LETTERS[:20] + ".eyJ" + LETTERS[:30] + "." + LETTERS[:43]),
        ("url-password", "postgres://app:" + LETTERS[:16] + "@db.internal/main"),
        ("assignment", 'MY_API_KEY: "' + LETTERS[:32] + '"'),
        ("gitlab-token", "gloas-" + LETTERS[:64]),
        ("slack-token", "xapp-" + "1-A0123456789-0123456789012-" + HEX),
        ("discord-token", "MT" + LETTERS[:24] + "." + LETTERS[:6] + "." + LETTERS[:38]),
        ("discord-webhook", f"https://discord.com/api/webhooks/{'1' * 18}/{LETTERS[:68]}"),
        ("openai-key", "sk-or-v1-" + HEX + HEX),
        ("huggingface-token", "hf_" + LETTERS[:34]),
        ("groq-key", "gsk_" + LETTERS[:52]),
        ("xai-key", "xai-" + LETTERS[:80]),
        ("perplexity-key", "pplx-" + LETTERS[:48]),
        ("replicate-token", "r8_" + LETTERS[:37]),
        ("docker-token", "dckr_pat_" + LETTERS[:27]),
        ("shopify-token", "shpat_" + HEX),
        ("azure-account-key", "SharedAccessKey=" + LETTERS[:43] + "="),
        ("azure-client-secret", "aB1" + "8Q~" + LETTERS[:34]),
        ("digitalocean-token", "dop_v1_" + HEX + HEX),
        ("databricks-token", "dapi" + HEX),
        ("vault-token", "hvs." + LETTERS[:90]),
        ("grafana-token", "glsa_" + LETTERS[:32] + "_" + HEX[:8]),
        ("bearer-token", 'curl -H "Authorization: Bearer ' + LETTERS[:40] + '"'),
        ("bearer-token", '{"authorization": "Basic ' + LETTERS[:40] + '"}'),
        ("connection-string", "Server=db;User Id=app;Password=" + LETTERS[:16] + ";Encrypt=true"),
        ("env-file", "DEBUG=1\nexport DB_PASSWORD=" + LETTERS[:20] + "\nPORT=80"),
    ],
    "pii": [
        ("email", "Write to Jo.Doe+x@sub.mail.co.uk."),
        ("credit-card", "4111 1111 1111 1111"),
        ("credit-card", "card 378282246310005, thanks"),
        ("iban", "GB82 WEST 1234 5698 7654 32"),
        ("iban", "pay de89370400440532013000 now"),
        ("iban", "AT61 1904 3002 3457 3201 paid"),
        ("us-ssn", "SSN 078-05-1120"),
        ("ipv4", "from 8.8.8.8."),
        ("ipv6", "host 2a00:1450:4001:81b::200e up"),
        ("mac-address", "00:1A:2b:3C:4d:5E"),
        ("phone", "call (212) 555-0187"),
        ("phone", "+44 20 7946 0958"),
        ("phone", "tel. 01.84.17.61.18"),
        ("email", "jörg.müller@straßenbahn.at"),
        ("email", "иван@почта.рф"),
        ("email", "请联系li.na@mail.cn谢谢"),
        ("email", "info@xn--mller-kva.xn--p1ai"),
        ("credit-card", "4111.1111.1111.1111"),
        ("credit-card", "4111\u00a01111\u00a01111\u00a01111"),
        ("credit-card", "3502162941615515"),
        ("iban", "GB82-WEST-1234-5698-7654-32"),
        ("iban", "GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032"),
        ("us-ssn", "078 05 1120"),
        ("us-ssn", "078.05.1120"),
        ("us-ssn", "my social security number is 078051120."),
        ("ipv6", "2a00:1450::"),
        ("ipv6", "dig AAAA gives 2606:4700::1111"),
        ("phone-by-name", "Mobile: 699 956 915"),
        ("phone-by-name", "call me on 9472 7916?"),
    ],
    "special-tokens": [
        ("piped", "<|im_start|>assistant"),
        ("piped", "<|eot_id|>"),
        ("deepseek", "<｜end▁of▁sentence｜>"),
        ("llama", "[INST] hi [/INST]"),
        ("llama", "<<SYS>>\nbe kind"),
        ("gemma", "<start_of_turn>model"),
        ("mistral", "[TOOL_CALLS]"),
        ("glm", "[gMASK]"),
        ("sentence", "Bye.</s>"),
        ("sentence", "<s>[INST] x"),
        ("sentinel", "<extra_id_0>"),
        ("prompt-header", "a\n### Response:\nb"),
        ("template-field", "I am {{name}}."),
    ],
    "provider-identity": [
        ("openai", "I'm ChatGPT."),
        ("openai", "As a large language model trained by OpenAI, I cannot do that."),
        ("openai", "I am based on the GPT-4 architecture"),
        ("openai", "OpenAI created me to help."),
        ("anthropic", "I'm Claude, an AI assistant made by Anthropic."),
        ("anthropic", "I was created by a team of researchers at Anthropic"),
        ("google", "I am a large language model, trained by Google."),
        ("google", "My name is Gemini."),
        ("meta", "I'm just an AI assistant trained by Meta AI, and"),
        ("deepseek", "I'm DeepSeek-V3, an assistant independently developed by DeepSeek."),
        ("alibaba", "I'm Qwen, created by Alibaba Cloud."),
        ("alibaba", "我是通义千问，由阿里云开发。"),
        ("mistral", "I’m an AI developed by Mistral AI"),
        ("xai", "I am Grok, built by xAI."),
        ("moonshot", "I'm Kimi, a large language model trained by Moonshot AI"),
        ("zhipu", "I am an AI assistant named ChatGLM"),
        ("01-ai", "You can call me Yi, the assistant"),
        ("lmsys", "You can call me Vicuna"),
        ("microsoft", "I am Phi-3, a language model trained by Microsoft"),
        ("ai2", "I am OLMo, made by Ai2"),
    ],
    "refusals": [
        ("sorry-cannot", "I'm sorry, but I can't do this for you."),
        ("sorry-cannot", "Unfortunately, I am not able to go on."),
        ("cannot-serve", "I cannot assist with that request."),
        ("cannot-serve", "I won't write such content."),
        ("must-decline", "I must respectfully decline to answer."),
        ("do-not-condone", "I do not condone violence."),
        ("not-appropriate", "It is not appropriate to discuss this."),
        ("guidelines", "It's not within my programming or ethical guidelines."),
        ("guidelines", "That goes against my guidelines."),
        ("not-comfortable", "I don't feel comfortable writing that."),
        ("as-an-ai", "As an AI language model, I cannot feel it."),
        ("chinese", "抱歉，我无法回答这个问题。"),
    ],
    "date-claims": [
        ("knowledge-cutoff", "My knowledge cutoff is April 2023."),
        ("knowledge-cutoff", "I was last trained on data up to September 2021."),
        ("as-of", "As of my last update, none."),
        ("as-of", "As of early 2023, three."),
        ("no-current-date", "I don't have access to real-time information."),
        ("no-current-date", "I cannot tell you the current date."),
        ("current-date", "The current date is May 11, 2023."),
        ("current-date", "It is currently 2024."),
        ("current-date", "Today is Monday, 3 June 2024."),
        ("future-date", "The date you mention, January 2026, is in the future."),
        ("future-date", "The year 2026 must be a typo."),
        ("future-date", "The 2026 election has not yet taken place."),
        ("chinese", "截至我的知识更新"),
    ],
}  # fmt: skip

NEAR = {
    "secrets": [
        "sk-learn-style-hyphenated-package-name",
        "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq18",
        "api_key = 'your-api-key-goes-here'",
        "password: 'correct horse battery staple'",
        "https://user:{password}@host.org/",
        "-----BEGIN CERTIFICATE-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        'api_key = "your_1st_api_key_goes_here"',
        "Authorization: Bearer YOUR_TOKEN_2_GOES_HERE",
        "OPENAI_API_KEY=$(cat /run/secrets/openai_key_2)",
        "PRIMARY_KEY=customer_identifier",
        "Server=db;Password={password};",
        "hvs.is_short_for_high_voltage_supply",
    ],
    "pii": [
        "user@example.com and me@host.test",
        "you@gmail.com, your.name@company.com, jane@domain.co.uk, doe@example2.com",
        "decorated with @app.route and @property",
        "4111 1111.1111-1112",
        "060426070011",
        "1234567890 and 123456789",
        "120 45 6789 0",
        "GB82-WEST-1234-5698-7654-33",
        "2001:db8::1, fe80::1, 2a00:1450::/32, 12:30, 2024:10:12 and 3fff",
        "Phone: 12 34, the phone number is 7.",
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "GB82 WEST 1234 5698 7654 33",
        "000-12-3456 and 666-12-3456 and 987-65-4321",
        "127.0.0.1, 192.168.1.1, 255.255.255.0, 10.0.0.0/8, 999.1.1.1",
        "at 12:30:45 on 2024-05-06, version 1.2.3",
        "std::vector::size, a::b and ::1",
        "pi is 3.14159265358979 and 1,234,567.89",
    ],
    "special-tokens": [
        "a < b | c > d",
        "<s>struck</s> out",
        "### Instructions:\n1. Heat",
        "{ name }",
    ],
    "provider-identity": [
        "ChatGPT is an AI language model developed by OpenAI.",
        "I'm happy to help you with React, a library developed by Facebook.",
        "I am not ChatGPT, and I was not trained by OpenAI.",
        "I can tell you about Claude, an AI made by Anthropic.",
        "I am a software engineer at Google.",
        "My name is Claude Monet and I paint.",
        "I am a Gemini, born in June; she is a bard.",
        "As a Microsoft Excel user, I would try a pivot table.",
        "I'm an AI, and unlike models developed by OpenAI I run at home.",
        "I use TensorFlow, an AI library developed by Google.",
        "I was released by Amazon last week.",
        "The painter is known as Claude.",
        "我不是 OpenAI 开发的 ChatGPT。",
        "ChatGPT是由OpenAI开发的人工智能助手。",
        "我知道ChatGPT是OpenAI开发的",
    ],
    "refusals": [
        "I cannot help but admire it.",
        "I can't recommend it enough!",
        "I'm sorry to hear that. Try this.",
        "You cannot provide two keys.",
        "As an AI language model, I don't have feelings, but here is a poem.",
        "Is there anything else within my capabilities?",
        "I declined the offer and refused dessert.",
    ],
    "date-claims": [
        "The war began in 1914 and ended in 1918.",
        "According to Statista, as of 2021, there are 174 million.",
        "Plants cannot live without light.",
        "Save for your future needs.",
        "The last update from the studio was in 2017.",
        "The cut-off point is 5 volts.",
    ],
}


def cases(listed: Mapping[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(pack, case, id=f"{pack}-{number}")
        for pack, each in listed.items()
        for number, case in enumerate(each)
    ]


@pytest.mark.parametrize(("pack", "case"), cases(HITS))
def test_finds(pack: str, case: tuple[str, str]) -> None:
    name, text = case
    assert name in found(pack, text)


@pytest.mark.parametrize(("pack", "text"), cases(NEAR))
def test_leaves_alone(pack: str, text: str) -> None:
    assert found(pack, text) == set()


def test_every_pattern_has_a_case() -> None:
    named = {(pack, name) for pack, rows in HITS.items() for name, _ in rows}
    every = {(pack.name, name) for pack in PACKS.values() for name in pack.patterns}
    assert {pack for pack, _ in every - named} <= {"provider-identity"}


def test_a_secret_is_reported_without_its_surroundings() -> None:
    text = 'token: "' + LETTERS[:32] + '"'
    assert opened("secrets")(text).evidence["spans"] == [[0, 8, 40, "assignment"]]
