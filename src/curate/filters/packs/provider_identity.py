"""A response that says which model or company it comes from: a claim about itself, no mention.

"I am NAME", "my name is NAME", "I was trained by MAKER", "as an AI assistant made by MAKER" are
claims, in English and Chinese; "I am not NAME", "I can tell you about NAME" and "a library made by
MAKER" are not. Names that are also words or people (Claude, Gemini, Yi) must stand capitalised
right where the name belongs, without a surname.
"""

import re
from typing import NamedTuple

from curate.filters.packs.pack import Pack


class _Provider(NamedTuple):
    """What one provider is called: alternatives of a regular expression."""

    makers: str
    names: str = ""
    words: str = ""
    """Names that are also words or people; case counts."""


_PROVIDERS = {
    "openai": _Provider(
        r"Open ?AI", r"Chat ?GPT[\w.-]*|(?:Instruct)?GPT ?-?[2-5][\w.-]*|text-davinci-\w+"
    ),
    "anthropic": _Provider(r"Anthropic", r"Claude ?[1-4][\w.-]*", "Claude"),
    "google": _Provider(
        r"Google(?: DeepMind| AI| Brain| Research)?|DeepMind|Alphabet", r"Gemma|LaMDA|PaLM ?2",
        "Gemini|Bard",
    ),
    "meta": _Provider(
        r"Meta(?: AI| Platforms)?|Facebook(?: AI)?|FAIR", r"(?:Code ?)?Llama ?-?[2-4][\w.-]*|Meta AI",
        "LLaMA|Llama",
    ),
    "deepseek": _Provider(r"Deep ?Seek(?:[ -]AI)?|深度求索", r"Deep ?Seek[\w.-]*"),
    "alibaba": _Provider(
        r"Alibaba(?: Cloud| Group| DAMO Academy)?|阿里巴巴(?:集团|云)?|阿里云|通义实验室",
        r"Qwen[\w.-]*|QwQ[\w.-]*|Tongyi(?: Qianwen)?|通义千问|千问",
    ),
    "mistral": _Provider(r"Mistral(?: AI)?", r"Mi[sx]tral[\w.-]*|Le Chat|Codestral"),
    "xai": _Provider(r"xAI|x\.ai", r"Grok ?-?[1-5]", "Grok"),
    "moonshot": _Provider(r"Moonshot(?: AI)?|月之暗面", r"Kimi[ -](?:AI|Chat|K[0-9][\w.-]*)", "Kimi"),
    "zhipu": _Provider(r"Zhipu ?(?:AI)?|Z\.ai|智谱(?:AI|清言)?", r"(?:Chat)?GLM[\w.-]*|智谱清言"),
    "01-ai": _Provider(r"0?1\.AI|零一万物", r"Yi-[0-9]+B[\w-]*|Yi-(?:Large|Chat|Lightning)", "Yi"),
    "lmsys": _Provider(r"LMSYS(?: Org)?|Large Model Systems Organi[sz]ation", r"Vicuna[\w.-]*"),
    "stanford": _Provider(r"Stanford(?: University| CRFM)?", r"Alpaca-?[0-9]+B"),
    "hugging-face": _Provider(
        r"Hugging ?Face(?: H4)?", r"Zephyr-[\w.-]+|Hugging ?Chat|SmolLM[\w.-]*|StarChat[\w.-]*"
    ),
    "microsoft": _Provider(
        r"Microsoft(?: Research| Corporation)?", r"Bing Chat|Phi-[1-4][\w.-]*|Orca-[\w.-]+|WizardLM",
        "Copilot|Bing|Sydney",
    ),
    "baidu": _Provider(r"Baidu|百度", r"Ernie ?Bot[\w.-]*|文心一言|文心"),
    "tencent": _Provider(r"Tencent|腾讯", r"Hunyuan[\w.-]*|混元"),
    "bytedance": _Provider(r"Byte ?Dance|字节跳动", r"Doubao[\w.-]*|豆包"),
    "minimax": _Provider(r"MiniMax", r"MiniMax[\w.-]*|abab[0-9][\w.-]*"),
    "cohere": _Provider(r"Cohere(?: ?For AI| Labs)?", r"Command[ -]R\+?|Aya-[\w.-]+", "Coral"),
    "amazon": _Provider(r"Amazon(?: Web Services)?|AWS", r"Amazon Nova|Amazon Titan", "Alexa"),
    "nvidia": _Provider(r"NVIDIA", r"Nemotron[\w.-]*"),
    "ai2": _Provider(r"Ai2|AllenAI|Allen Institute for (?:AI|Artificial Intelligence)",
        r"OLMo[\w.-]*|T[uü]lu[\w.-]*"),
    "open-assistant": _Provider(r"LAION", r"Open ?Assistant"),
    "tii": _Provider(r"TII|Technology Innovation Institute", r"Falcon-?[0-9]+B"),
    "ibm": _Provider(r"IBM", r"IBM Granite|Granite-[\w.-]+"),
    "inflection": _Provider(r"Inflection(?: AI)?", words="Pi"),
}  # fmt: skip

_SELF = (
    r"\b(?:I am|I['’]m|my name is|my name['’]s|call me|refer to me as|know me as|"
    r"I go by)(?: called| named| known as| the name(?: of)?)?"
)
_GLUE = (
    r"(?:(?:an?|the|your|indeed|actually|just|simply|currently|AI|large|language|model|assistant|"
    r"chatbot|bot|virtual|conversational|called|named|known|as|version|variant|instance|part|member|"
    r"family|of|based|built|powered|running|derived|fine-tuned|from|on|by),? ){0,8}[\"'“‘*]{0,2}"
)
_NOT_ABOUT_ME = (
    r"not|no|never|n['’]t|about|with|without|like|unlike|than|to|for|us(?:e|es|ed|ing)|if|whether|who|"
    r"what|how|why|when|where|but|because|so|familiar|aware|sure|happy|glad|sorry|you|your|we|they|it|"
    r"developer|engineer|employee|user|fan|student|researcher|scientist"
)
_WORDS = rf"(?:,? \(?(?!(?:{_NOT_ABOUT_ME})\b)[\w.'’/-]+\)?)"
_AI = (
    r"(?:AI|A\.I\.|LLM|intelligence|model|assistant|chat ?bot|bot|agent|program|system|creation|product)"
)
_MADE = (
    r"(?:created|developed|(?:pre-?)?trained|(?:fine-?)?tuned|built|made|designed|engineered|programmed)"
)
_BY = (
    rf"(?:,? (?:and|or|{_MADE})){{0,4}} (?:by|at|from)(?: (?:a|an|the|team|group|company|lab|startup|"
    r"organi[sz]ation|researchers?|engineers?|scientists?|developers?|experts|people|folks|of|at|from|"
    r"in|called|named|known|as|Chinese|American|French|tech|technology|giant|AI|research),?){0,8} "
)


def _claims(provider: _Provider) -> str:
    makers, names, words = provider
    known = "|".join(filter(None, (names, makers)))
    spoken = "|".join(filter(None, (known, words and f"(?-i:{words})")))
    claims = [
        rf"{_SELF} (?:an?|the|your)? ?(?:{makers})(?:['’]s)? (?:[\w-]+ ){{0,4}}?{_AI}\b",
        rf"\bI(?: am| was|['’]m| have been|['’]ve been){_WORDS}{{0,3}} {_MADE}{_BY}(?:{makers})\b",
        rf"\b(?:I am|I['’]m|as|my name is){_WORDS}{{0,8}}? {_AI}{_WORDS}{{0,8}}?,? {_MADE}{_BY}(?:{makers})\b",
        rf"\b(?:{makers})(?: [\w-]+){{0,2}} {_MADE} me\b",
        rf"\bmy (?:creators?|developers?|makers?|trainers?|parent company)"
        rf"(?: (?:is|are|at|from|the|team|people|folks),?){{1,4}} (?:{makers})\b",
        rf"我(?:是|叫|就是|名叫|名为|的名字(?:是|叫)|来自)[^，。！？\n不]{{0,12}}?(?:{spoken})",
        rf"我(?:是|叫|名叫|名为)[^。！？\n不]{{0,40}}?(?:由|是) ?(?:{makers})[^，。！？\n不]{{0,6}}[开训创打制发研设推的]",
        rf"(?:叫我|称呼我为|这里是|作为) ?(?:{spoken})(?= ?[，。！,.!]|$)",
        rf"(?:{makers})[^，。！？\n不]{{0,6}}了我",
    ]
    if names:
        claims.append(rf"{_SELF} {_GLUE}(?:{names})\b(?!['’])")
    if words:
        claims.append(rf"{_SELF} [\"'“‘*]{{0,2}}(?-i:{words})\b(?! (?-i:[A-Z])|['’]|-\w)")
    return "|".join(claims)


PACK = Pack(
    name="provider-identity",
    version="1",
    about="responses that say which model or company they come from; the reason is the provider",
    flags=re.IGNORECASE,
    patterns={slug: _claims(provider) for slug, provider in _PROVIDERS.items()},
)
