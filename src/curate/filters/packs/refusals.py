"""An assistant that refuses: it says that it cannot, will not or may not do what was asked.

Each way of refusing is a pattern. An apology without a refusal, "I cannot help but" and "as an AI
I have no feelings" before an answer are none.
"""

import re

from curate.filters.packs.pack import Pack, either, words

_ADVERB = words(
    "simply, just, ethically, legally, morally, safely, responsibly, currently, also, personally, "
    "directly, actually, really, knowingly, in good conscience, ever, and, or, will not, won['’]t"
)
_ADVERBS = rf"(?: {_ADVERB},?){{0,4}}"
_UNABLE = words(
    "unable, not able, not allowed, not permitted, not authori[sz]ed, not programmed, "
    "not designed, not going, not willing"
)
_CANNOT = either(
    words("can['’]?t, can ?not, won['’]?t, will not, would not, wouldn['’]t"),
    rf"(?:am|['’]m|are|['’]re) {_UNABLE} to",
    r"(?:am|['’]m) not capable of",
)
_DO_NOT = words("do not, don['’]t, cannot, can['’]t, never, will not, would never")
_SERVE = words(
    "assist(?:ing)?, comply(?:ing)?, fulfil(?:l|ling)?, participat(?:e|ing), engag(?:e|ing), "
    "condon(?:e|ing), endors(?:e|ing), promot(?:e|ing), encourag(?:e|ing), facilitat(?:e|ing), "
    "satisfy(?:ing)?, accommodat(?:e|ing), provid(?:e|ing), "
    "help(?:ing)? (?:you )?(?:with|to|in|you)"
)
"""What is refused as such."""
_SAY = words(
    "honou?r, answer(?:ing)?, respond(?:ing)? to, generat(?:e|ing), creat(?:e|ing), writ(?:e|ing), "
    "offer(?:ing)?, giv(?:e|ing), shar(?:e|ing), discuss(?:ing)?, suggest(?:ing)?, "
    "recommend(?:ing)?, advis(?:e|ing), support(?:ing)?, tell(?:ing)? you, do, "
    "continue(?: with)?, help"
)
"""What is refused only together with one of the next."""
_THING = words(
    r"requests?, questions?, inquir\w+, topics?, that, this, it, instructions?, guidance, advice, "
    r"information, assistance, suggestions?, ideas?, recommendations?, support, help, content, "
    r"materials?, details, insults?, jokes?, tips, ways, any(?:thing)?, such, harm\w*, illegal, "
    r"violen\w+, activit\w+, behaviou?rs?, actions?"
)
_WRONG = words(
    "ethical, appropriate, acceptable, productive, respectful, responsible, okay, unethical, "
    "inappropriate, illegal"
)
_ACT = words(
    "provide, generate, discuss, encourage, promote, suggest, create, share, make fun, engage in, "
    "give, offer, assist, help, support, condone, use (?:derogatory|offensive|insult)"
)
_RULES = words("programming, guidelines?, polic(?:y|ies), principles, terms, capabilities, code")
_CONDONE = words("condone, endorse, encourage, promote, support, engage in, participate in")
_AN_AI = (
    r"(?:(?:as|being) an?|I(?:['’]m| am)(?: just| only| simply| merely| but)? an?) "
    r"(?:[\w-]+ ){0,4}?(?:AI|intelligence|language model|LLM|chat ?bot)(?: [\w-]+){0,2}?"
)
_ACCESS = words("access, ability, capability, real-time, information")

PACK = Pack(
    name="refusals",
    version="1",
    about="responses that refuse: cannot, will not, not appropriate, against my guidelines",
    flags=re.IGNORECASE,
    patterns={
        "sorry-cannot": either(
            r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|regrettably|regret|afraid)\b"
            rf"[^.!?\n]{{0,80}}?\b(?:I|we){_ADVERBS} ?{_CANNOT}{_ADVERBS} (?!help but\b)",
            r"\bsorry,? but (?:as an?\b|that['’]s not)",
        ),
        "cannot-serve": rf"\bI{_ADVERBS} ?{_CANNOT}{_ADVERBS} "
        + either(
            rf"{_SERVE}\b",
            rf"{_SAY}(?:[ ,/]+(?!but\b)[\w'’-]+){{0,4}}?[ ,]+{_THING}\b(?! enough| more)",
        ),
        "must-decline": (
            r"\bI(?:['’]m going to| am going to| must|(?: will|['’]ll)?(?: have to)?| need to"
            r"|['’]d (?:have|need|like|prefer) to)?(?: respectfully| politely| kindly)? "
            r"(?:declin(?:e|ing)|refus(?:e|ing)) (?:to|this|that|your|the request|any)\b"
        ),
        "do-not-condone": either(
            rf"\b(?:I|and|we)(?: strongly)?(?: condemn and)? {_DO_NOT} {_CONDONE}\b",
            r"\bI (?:strongly |must |firmly )*(?:condemn|discourage|advise against)\b",
        ),
        "not-appropriate": (
            r"\b(?:it|that|this)(?:['’]s| is| would be| wouldn['’]t be| isn['’]t)"
            r"(?: simply| also| neither)?(?: not| never| un\w+| in\w+)* ?"
            rf"{_WRONG}(?:,? (?:and|or|nor) (?:\w+ )?\w+)* (?:for me )?to {_ACT}"
        ),
        "guidelines": either(
            r"\b(?:against|violates?|violation of|outside(?: of)?|contrary to|beyond|prohibited by)"
            rf"(?: \w+){{0,2}} my (?:\w+ (?:or|and) )?(?:\w+ )?{_RULES}\b",
            r"(?:not|n['’]t|cannot) (?:be |fall )?within(?: \w+){0,2} my (?:\w+ (?:or|and) )?"
            rf"(?:\w+ )?{_RULES}\b",
            r"\b(?:against|violates?|violation of) (?:\w+ ){0,3}"
            r"(?:content|usage|use|safety|community) (?:guidelines|polic(?:y|ies))\b",
            r"\bmy (?:purpose|primary function|goal|role)\b[^.!?\n]{0,90}?,? (?:and )?not to ",
        ),
        "not-comfortable": (
            r"\bI(?:['’]m| am| do|['’]d| would)?(?: not|n['’]t)(?: be| feel)? comfortable "
            r"(?!unless|until)"
        ),
        "as-an-ai": rf"\b{_AN_AI}(?:,? (?:and|so|but))?,? (?:I{_ADVERBS} ?)?"
        + either(
            _CANNOT,
            rf"(?:do not|don['’]t) {either(_SERVE, _SAY, f'have (?:the |any )?{_ACCESS}')}\b",
        ),
        "chinese": either(
            r"(?:抱歉|对不起|很遗憾|不好意思)[^。！？\n]{0,20}(?:无法|不能|不会|没有办法|没办法|不便)",
            r"我(?:无法|不能|不会|不可以)(?:为您|为你|帮您|帮你|直接)?"
            r"(?:提供|协助|回答|满足|帮助|参与|执行|讨论|生成|编写)",
            r"作为(?:一个|一款|一名)?(?:AI|人工智能|语言模型|大语言模型)[^。！？\n]{0,16}"
            r"我(?:无法|不能|不会|没有)",
        ),
    },
)
