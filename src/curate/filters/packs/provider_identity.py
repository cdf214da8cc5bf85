"""A response that says which model or company it is from: a claim about itself, not a mention.

A claim is "I am NAME", "my name is NAME", "I was trained by MAKER", "an AI assistant made by
MAKER, I …" and the like, in English and Chinese. "I am not NAME", "I can tell you about NAME" and
"a library developed by MAKER" are none. Names that are also words or people (Claude, Gemini, Yi)
count only as names: capitalised and right after "I am", without an article or a surname.
"""

import re

from curate.filters.packs.pack import Pack

_NOT_ME = (
    "not|no|never|neither|nor|about|with|without|like|unlike|than|to|for|using|use|uses|used|if|"
    "whether|who|which|that|what|how|why|when|where|and|but|or|because|so|familiar|aware|sure|happy|"
    "glad|sorry|going|trying|writing|working|studying|learning|looking|referring|talking|fan|user|"
    "developer|engineer|employee"
)
_WORD = rf"(?!(?:{_NOT_ME})\b)[\w.'’/-]+"
_MADE = (
    r"(?:created|developed|trained|fine-?tuned|built|made|designed|engineered|produced|released|"
    r"pre-?trained|programmed|deployed|provided|powered|owned|operated)"
)
_AI = (
    r"(?:AI|A\.I\.|artificial intelligence|LLM|model|models|assistant|chat ?bot|bot|agent|program|"
    r"system|intelligence|software|technology|product|creation|service)"
)
_I_AM = r"\b(?:I(?:[ ]am|['’]m|[ ]was|[ ]have[ ]been|['’]ve[ ]been)|as|my[ ]name[ ]is)\b"
_BY = (
    r"(?:[ ](?:and|or|by|at|from|of|in|the|a|an|as|team|teams|group|company|researchers?|engineers?|"
    r"scientists?|developers?|people|folks|part|research|lab|startup|organi[sz]ation|called|Chinese|"
    r"American|French|tech|technology|giant|"
    + _MADE
    + r"),?){1,9}[ ]"
)
_NAMED = (
    r"\b(?:I[ ]am|I['’]m|my[ ]name[ ]is|my[ ]name['’]s|call[ ]me|refer[ ]to[ ]me[ ]as|know[ ]me[ ]as|"
    r"I[ ]go[ ]by|I(?:[ ]am|['’]m)[ ](?:called|named|known[ ]as))[ ](?:the[ ]name[ ](?:of[ ])?)?"
)
_GLUE = (
    r"(?:(?:an?|the|your|indeed|actually|just|simply|in[ ]fact|really|currently|AI|large|language|"
    r"model|assistant|chatbot|virtual|conversational|generative|powerful|called|named|known[ ]as|"
    r"version|variant|instance|part|member|family|of|based[ ]on|built[ ]on|powered[ ]by|running[ ]on|"
    r"derived[ ]from|fine-tuned[ ]from|from),?[ ]){0,8}[\"'“*]{0,2}"
)


def _claims(makers: str, names: str, words: str = "", chinese: str = "") -> str:
    """Return a pattern for claims to be `names` (unmistakable), `words` (also words), by `makers`."""
    makers, names = makers.replace(" ", "[ ]?"), names.replace(" ", "[ ]?")
    both = "|".join(filter(None, (names, makers)))
    claims = [
        rf"{_NAMED}{_GLUE}(?:{both})\b(?!['’]s?[ ](?:not|user|fan))",
        rf"{_I_AM}(?:,?[ ]{_WORD}){{0,4}},?[ ]{_MADE}{_BY}(?:{makers})\b",
        rf"{_I_AM}(?:,?[ ]{_WORD}){{0,8}},?[ ]{_AI}(?:,?[ ]\(?{_WORD}\)?){{0,8}},?[ ](?:{_MADE}|by|from){_BY}(?:{makers})\b",
        rf"\b(?:{makers})(?:[ ]\w+){{0,2}}[ ]{_MADE}[ ]me\b",
        rf"\bmy[ ](?:creators?|developers?|makers?|trainers?|company|parent[ ]company|engineers?)"
        rf"(?:[ ](?:is|are|at|from|in|the|team|people|folks),?){{1,5}}[ ](?:{makers})\b",
    ]
    if words:
        claims.append(rf"{_NAMED}[\"'“*]{{0,2}}(?-i:{words})\b(?![ ](?-i:[A-Z])|['’-])")
        claims.append(rf"{_NAMED}{_GLUE}(?-i:{words})(?=,?[ ](?:an?|the|your)[ ](?:\w+[ ]){{0,4}}{_AI}\b)")
    everything = "|".join(filter(None, (both, f"(?-i:{words})" if words else "", chinese)))
    claims.append(
        rf"(?<!不)我(?:叫|是|名叫|名为|的名字(?:是|叫)|就是|来自)[^，。！？\n不]{{0,12}}?(?:{everything})"
        rf"|(?:作为|叫我|称呼我为)[ ]?(?:{everything})"
        rf"|我[^，。！？\n不]{{0,8}}由[^，。！？\n不]{{0,6}}(?:{everything})"
        rf"|由[ ]?(?:{everything})[^，。！？\n不]{{0,10}}(?:的|我)[^，。！？\n]{{0,8}}(?:模型|助手|AI|人工智能)"
        rf"|(?:{everything})[^，。！？\n不]{{0,6}}(?:开发|训练|创造|打造|制作|发明|研发)了我"
    )
    return "|".join(claims)
PACK = Pack(name="provider-identity", version="1", about="", patterns={})
