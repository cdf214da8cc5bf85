"""An assistant that refuses: it says that it cannot, will not or may not do what was asked.

Each way of refusing is a pattern. "I cannot help but", "I cannot recommend it enough" and an apology
without a refusal are none; "as an AI I have no feelings" is one, as it declines the question.
"""

import re

from curate.filters.packs.pack import Pack

_ADVERBS = (
    r"(?: (?:simply|just|ethically|legally|morally|safely|responsibly|currently|also|personally|"
    r"directly|actually|really|knowingly|in good conscience|ever|and|or|will not|won['’]t|shall not),?)"
    r"{0,4}"
)
_CANNOT = (
    r"(?:can['’]?t|cannot|can not|won['’]?t|will not|wouldn['’]t|would not|(?:am|['’]m|are|['’]re) "
    r"(?:not (?:able|allowed|permitted|authori[sz]ed|programmed|designed|going|willing)|unable) to|"
    r"(?:am|['’]m) not capable of)"
)
_SERVE = (
    r"(?:assist(?:ing)?|comply(?:ing)?|fulfil(?:l|ling)?|participat(?:e|ing)|engag(?:e|ing)|"
    r"condon(?:e|ing)|endors(?:e|ing)|promot(?:e|ing)|encourag(?:e|ing)|facilitat(?:e|ing)|"
    r"satisfy(?:ing)?|accommodat(?:e|ing)|provid(?:e|ing)|help(?:ing)? (?:you )?(?:with|to|in|you))"
)
_SAY = (
    r"(?:honou?r|answer(?:ing)?|respond(?:ing)? to|generat(?:e|ing)|creat(?:e|ing)|writ(?:e|ing)|"
    r"offer(?:ing)?|giv(?:e|ing)|shar(?:e|ing)|discuss(?:ing)?|suggest(?:ing)?|recommend(?:ing)?|"
    r"advis(?:e|ing)|support(?:ing)?|tell(?:ing)? you|do|continue(?: with)?|help)"
)
_THING = (
    r"(?:requests?|questions?|inquir\w+|topics?|that|this|it|instructions?|guidance|advice|information|"
    r"assistance|suggestions?|ideas?|recommendations?|support|help|content|materials?|details|insults?|"
    r"jokes?|any(?:thing)?|such|harm\w*|illegal|violen\w+|activit\w+|behaviou?rs?|actions?)"
)

PACK = Pack(
    name="refusals",
    version="1",
    about="responses that refuse: cannot, will not, not appropriate, against my guidelines",
    flags=re.IGNORECASE,
    patterns={
        "sorry-cannot": (
            rf"\b(?:sorry|apologi[sz]e|apologies|unfortunately|regrettably|regret|afraid)\b"
            rf"[^.!?\n]{{0,80}}?\b(?:I|we){_ADVERBS} ?{_CANNOT}{_ADVERBS} (?!help but\b)"
            rf"|\bsorry,? but (?:as an?\b|that['’]s not)"
        ),
        "cannot-serve": (
            rf"\bI{_ADVERBS} ?{_CANNOT}{_ADVERBS} (?:{_SERVE}\b|"
            rf"{_SAY}(?:[ ,/]+(?!but\b)[\w'’-]+){{0,4}}?[ ,]+{_THING}\b)"
        ),
        "must-decline": (
            r"\bI(?: am going to|['’]m going to| must| have to| will have to| will|['’]ll(?: have to)?| need to|"
            r"['’]d (?:have|need|like|prefer) to)?(?: respectfully| politely| kindly)? "
            r"(?:declin(?:e|ing)|refus(?:e|ing)) (?:to|this|that|your|the request|any)\b"
        ),
        "do-not-condone": (
            r"\b(?:I|and|we)(?: strongly)?(?: condemn and)? (?:do not|don['’]t|cannot|can['’]t|never|"
            r"will not|would never) (?:condone|endorse|encourage|promote|support|engage in|participate in)"
            r"(?: (?:or|and|,) \w+| in){0,3} "
            r"|\bI (?:strongly |must |firmly )*(?:condemn|discourage|advise against)\b"
        ),
        "not-appropriate": (
            r"\b(?:it|that|this)(?:['’]s| is| would be| wouldn['’]t be| isn['’]t)(?: simply| also| neither)?"
            r"(?: not| never| un\w+| in\w+)* ?(?:ethical|appropriate|acceptable|productive|respectful|"
            r"responsible|okay|ok|unethical|inappropriate|illegal)(?:,? (?:and|or|nor) (?:\w+ )?\w+)* "
            r"(?:for me )?to (?:provide|generate|discuss|encourage|promote|suggest|create|share|make fun|"
            r"engage in|give|offer|assist|help|support|condone|use (?:derogatory|offensive|insult))"
        ),
        "guidelines": (
            r"(?:\b(?:against|violates?|violation of|outside(?: of)?|contrary to|beyond|prohibited by)|"
            r"(?:not|n['’]t|cannot) (?:be |fall )?within)(?: \w+){0,2} my (?:\w+ (?:or|and) )?(?:\w+ )?"
            r"(?:programming|guidelines?|polic(?:y|ies)|principles|terms|capabilities|code)\b"
            r"|\b(?:against|violates?|violation of) (?:\w+ ){0,3}(?:content|usage|use|safety|community) "
            r"(?:guidelines|polic(?:y|ies))"
            r"|\bmy (?:purpose|primary function|goal|role)\b[^.!?\n]{0,90}?,? (?:and )?not to "
        ),
        "not-comfortable": (
            r"\bI(?:['’]m| am| do|['’]d| would)?(?: not|n['’]t)(?: be| feel)? comfortable "
            r"(?!unless|until)"
        ),
        "as-an-ai": (
            rf"\b(?:(?:as|being) an?|I(?:['’]m| am)(?: just| only| simply| merely| but)? an?) "
            rf"(?:[\w-]+ ){{0,4}}?(?:AI|intelligence|language model|LLM|chat ?bot)(?: [\w-]+){{0,2}}?"
            rf"(?:,? (?:and|so|but))?,? (?:I{_ADVERBS} ?)?(?:{_CANNOT}|"
            rf"(?:do not|don['’]t) (?:have (?:the |any )?(?:access|ability|capability|real-time|information)|"
            rf"{_SERVE}))\b"
        ),
        "chinese": (
            r"(?:抱歉|对不起|很遗憾|不好意思)[^。！？\n]{0,20}(?:无法|不能|不会|没有办法|没办法|不便|不可以)"
            r"|我(?:无法|不能|不会|不可以)(?:为您|为你|帮您|帮你|直接)?(?:提供|协助|回答|满足|帮助|参与|执行|讨论|生成|编写)"
            r"|作为(?:一个|一款|一名)?(?:AI|人工智能|语言模型|大语言模型)[^。！？\n]{0,16}我(?:无法|不能|不会|没有)"
        ),
    },
)
