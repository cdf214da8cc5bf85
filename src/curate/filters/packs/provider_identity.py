"""A response that says which model or company it comes from: a claim about itself, no mention.

"I am NAME", "my name is NAME", "I was trained by MAKER", "as an AI assistant made by MAKER" are
claims, in English and Chinese; "I am not NAME", "I can tell you about NAME" and "a library made by
MAKER" are not. Names that are also words or people (Claude, Gemini, Yi) must stand capitalised
right where the name belongs, without a surname.
"""

import re
from typing import NamedTuple

from curate.filters.packs.pack import Pack, either, words


class _Provider(NamedTuple):
    """What one provider is called, as comma-separated regular expressions."""

    makers: str
    names: str = ""
    also_words: str = ""
    """Names that are also words or people; case counts."""


_PROVIDERS = {
    "openai": _Provider(
        "Open ?AI", r"Chat ?GPT[\w.-]*, (?:Instruct)?GPT ?-?[2-5][\w.-]*, text-davinci-\w+"
    ),
    "anthropic": _Provider("Anthropic", r"Claude ?[1-4][\w.-]*", "Claude"),
    "google": _Provider(
        "Google(?: DeepMind| AI| Brain| Research)?, DeepMind, Alphabet",
        "Gemma, LaMDA, PaLM ?2",
        "Gemini, Bard",
    ),
    "meta": _Provider(
        "Meta(?: AI| Platforms)?, Facebook(?: AI)?, FAIR",
        r"(?:Code ?)?Llama ?-?[2-4][\w.-]*, Meta AI",
        "LLaMA, Llama",
    ),
    "deepseek": _Provider("Deep ?Seek(?:[ -]AI)?, 深度求索", r"Deep ?Seek[\w.-]*"),
    "alibaba": _Provider(
        "Alibaba(?: Cloud| Group| DAMO Academy)?, 阿里巴巴(?:集团|云)?, 阿里云, 通义实验室",
        r"Qwen[\w.-]*, QwQ[\w.-]*, Tongyi(?: Qianwen)?, 通义千问, 千问",
    ),
    "mistral": _Provider("Mistral(?: AI)?", r"Mi[sx]tral[\w.-]*, Le Chat, Codestral"),
    "xai": _Provider(r"xAI, x\.ai", "Grok ?-?[1-5]", "Grok"),
    "moonshot": _Provider(
        "Moonshot(?: AI)?, 月之暗面", r"Kimi[ -](?:AI|Chat|K[0-9][\w.-]*)", "Kimi"
    ),
    "zhipu": _Provider(r"Zhipu ?(?:AI)?, Z\.ai, 智谱(?:AI)?", r"(?:Chat)?GLM[\w.-]*, 智谱清言"),
    "01-ai": _Provider(r"0?1\.AI, 零一万物", r"Yi-[0-9]+B[\w-]*, Yi-(?:Large|Chat)", "Yi"),
    "lmsys": _Provider("LMSYS(?: Org)?, Large Model Systems Organi[sz]ation", r"Vicuna[\w.-]*"),
    "stanford": _Provider("Stanford(?: University| CRFM)?", "Alpaca-?[0-9]+B"),
    "hugging-face": _Provider(
        "Hugging ?Face(?: H4)?", r"Zephyr-[\w.-]+, Hugging ?Chat, SmolLM[\w.-]*"
    ),
    "microsoft": _Provider(
        "Microsoft(?: Research| Corporation)?",
        r"Bing Chat, Phi-[1-4][\w.-]*, Orca-[\w.-]+, WizardLM",
        "Copilot, Bing, Sydney",
    ),
    "baidu": _Provider("Baidu, 百度", r"Ernie ?Bot[\w.-]*, 文心一言, 文心"),
    "tencent": _Provider("Tencent, 腾讯", r"Hunyuan[\w.-]*, 混元"),
    "bytedance": _Provider("Byte ?Dance, 字节跳动", r"Doubao[\w.-]*, 豆包"),
    "minimax": _Provider("MiniMax", r"MiniMax[\w.-]*, abab[0-9][\w.-]*"),
    "cohere": _Provider("Cohere(?: ?For AI| Labs)?", r"Command[ -]R\+?, Aya-[\w.-]+", "Coral"),
    "amazon": _Provider("Amazon(?: Web Services)?, AWS", "Amazon Nova, Amazon Titan", "Alexa"),
    "nvidia": _Provider("NVIDIA", r"Nemotron[\w.-]*"),
    "ai2": _Provider(
        "Ai2, AllenAI, Allen Institute for (?:AI|\\w+)", r"OLMo[\w.-]*, T[uü]lu[\w.-]*"
    ),
    "open-assistant": _Provider("LAION", "Open ?Assistant"),
    "tii": _Provider("TII, Technology Innovation Institute", "Falcon-?[0-9]+B"),
    "ibm": _Provider("IBM", r"IBM Granite, Granite-[\w.-]+"),
}

_I_AM = (
    r"\b(?:I am|I['’]m|my name is|my name['’]s|call me|refer to me as|know me as|I go by)"
    r"(?: called| named| known as| the name(?: of)?)?"
)
_KIND = words(
    "an?, the, your, indeed, actually, just, simply, currently, AI, large, language, model, "
    "assistant, chatbot, bot, virtual, conversational, called, named, known, as, version, variant, "
    "instance, part, member, family, of, based, built, powered, running, derived, fine-tuned, "
    "from, on, by"
)
_QUOTE = r"[\"'“‘*]{0,2}"
_NOT_ABOUT_ME = words(
    "not, no, never, about, with, without, like, unlike, than, to, for, us(?:e|es|ed|ing), if, "
    "whether, who, what, how, why, when, where, but, because, so, familiar, aware, sure, happy, "
    "glad, sorry, you, your, we, they, it, developer, engineer, employee, user, fan, student, "
    "researcher, scientist"
)
_WORD = rf",? \(?(?!{_NOT_ABOUT_ME}\b)[\w.'’/-]+\)?"
_AI = words(
    r"AI, A\.I\., LLM, intelligence, model, assistant, chat ?bot, bot, agent, program, system, "
    "creation, product"
)
_MADE = words(
    "created, developed, (?:pre-?)?trained, (?:fine-?)?tuned, built, made, designed, engineered, "
    "programmed"
)
_TEAM = words(
    "an?, the, team, group, company, lab, startup, organi[sz]ation, researchers?, engineers?, "
    "scientists?, developers?, experts, people, folks, of, at, from, in, called, named, known, as, "
    "Chinese, American, French, tech, technology, giant, AI, research"
)
_MADE_BY = rf"{_MADE}(?:,? (?:and|or|{_MADE})){{0,4}} (?:by|at|from)(?: {_TEAM},?){{0,8}} "
_MY_MAKERS = words("creators?, developers?, makers?, trainers?, parent company")


def _claims(provider: _Provider) -> str:
    maker = words(provider.makers)
    known = words(", ".join(filter(None, (provider.names, provider.makers))))
    word = f"(?-i:{words(provider.also_words)})" if provider.also_words else ""
    anything = either(known, word) if word else known
    return either(
        rf"{_I_AM} (?:{_KIND},? ){{0,8}}{_QUOTE}{words(provider.names)}\b(?!['’])",
        *([rf"{_I_AM} {_QUOTE}{word}\b(?! (?-i:[A-Z])|['’]|-\w)"] if word else []),
        rf"{_I_AM} (?:an?|the|your)? ?{maker}(?:['’]s)? (?:[\w-]+ ){{0,4}}?{_AI}\b",
        rf"\bI(?: am| was|['’]m| have been|['’]ve been)(?:{_WORD}){{0,3}} {_MADE_BY}{maker}\b",
        rf"\b(?:I am|I['’]m|as|my name is)(?:{_WORD}){{0,8}}? {_AI}(?:{_WORD}){{0,8}}?,? "
        rf"{_MADE_BY}{maker}\b",
        rf"\b{maker}(?: [\w-]+){{0,2}} {_MADE} me\b",
        rf"\bmy {_MY_MAKERS}(?: (?:is|are|at|from|the|team|people|folks),?){{1,4}} {maker}\b",
        rf"我(?:是|叫|就是|名叫|名为|的名字(?:是|叫)|来自)[^，。！？\n不]{{0,12}}?{anything}",
        rf"我(?:是|叫|名叫|名为)[^。！？\n不]{{0,40}}?(?:由|是) ?{maker}"
        r"[^，。！？\n不]{0,6}[开训创打制发研设推的]",
        rf"(?:叫我|称呼我为|这里是|作为) ?{anything}(?= ?[，。！,.!]|$)",
        rf"{maker}[^，。！？\n不]{{0,6}}了我",
    )


PACK = Pack(
    name="provider-identity",
    version="1",
    about="responses that say which model or company they come from; the reason is the provider",
    flags=re.IGNORECASE,
    patterns={slug: _claims(provider) for slug, provider in _PROVIDERS.items()},
)
