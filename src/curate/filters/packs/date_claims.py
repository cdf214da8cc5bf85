"""What a response claims to know, or not to know, about the date: the raw material of date confusion.

A claim is about the speaker or about now ("as of my last update", "today is", "we are in 2023",
"that date is in the future"). A date in an account of something else is none.
"""

import re

from curate.filters.packs.pack import Pack

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = (
    rf"(?:{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}|"
    rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.](?:{_YEAR}|[0-9]{{2}})|{_MONTH},? {_YEAR})"
)
_START = r"(?:\A|(?<=[.!?] )|(?<=\n)|(?<=\bhowever, ))"
_NOT_KNOW = (
    r"(?:(?:do not|don['’]t|can ?not|can['’]t|am unable to|['’]m unable to|am not able to|"
    r"['’]m not able to) (?:have|access|provide|know|tell|determine|check|give|see)|have no|lack)"
)

PACK = Pack(
    name="date-claims",
    version="1",
    about="knowledge cut-offs, claims about today's date, and disbelief in a date",
    flags=re.IGNORECASE,
    patterns={
        "knowledge-cutoff": (
            r"\b(?:knowledge|training|information|data)(?: data)? cut-?offs?\b|\bmy (?:\w+ )?cut-?offs?\b"
            r"|\bmy (?:last|latest|most recent|final|current) (?:\w+ )?(?:update|training|knowledge)\b"
            r"|\bmy (?:knowledge|training|data)(?: data| base| set)? (?:only |currently )?"
            r"(?:is|was|stops?|ends?|ended|extends?|goes|reaches|includes|covers|comes)\b"
            rf"[^.!?\n]{{0,40}}\b{_YEAR}\b"
            r"|\bI (?:was|am|have been)(?: \w+)? (?:trained|updated)\b[^.!?\n]{0,40}"
            rf"\b(?:to|until|till|through|in|before) (?:\w+ ){{0,3}}{_YEAR}\b"
        ),
        "as-of": (
            r"\bas of (?:my|the time of my|the last time I was)\b"
            rf"|{_START}as of (?:(?:early|mid|late)[ -])?(?:{_MONTH},? )?{_YEAR}\b"
            rf"|{_START}as of (?:now|today)\b"
        ),
        "no-current-date": (
            rf"\b(?:{_NOT_KNOW})(?: [\w'’-]+){{0,6}}? (?:real[ -]time\b|(?:current|today['’]s|present) "
            r"(?:date|time|day|year|events)\b)"
            rf"|\b{_NOT_KNOW}(?: you)? (?:what |which )?(?:the )?(?:date|day|year)(?: it)? (?:is|today)\b"
        ),
        "current-date": (
            r"\b(?:(?:the )?(?:current|present) (?:date|year|day)|today['’]s date|the (?:date|year)"
            rf"(?: today| now)?)(?: is| would be|:)(?: \w+,?){{0,2}}? (?:{_DATE}|{_YEAR})\b"
            rf"|\btoday(?: is|['’]s|:) (?:{_DAY},? )?(?:the )?{_DATE}\b"
            rf"|\bit(?: is|['’]s)(?: currently| now| still| only| the year){{1,2}} (?:{_DATE}|{_YEAR})\b"
            rf"|\b(?:we(?: are|['’]re)|I(?: am|['’]m)) (?:currently |now |still |living )*in "
            rf"(?:the year )?{_YEAR}\b|\bin the current year,? {_YEAR}\b|\bcurrent year {_YEAR}\b"
        ),
        "future-date": (
            rf"\b(?:dates?|year|event|article|document|timeline|scenario|{_YEAR}),?(?: [\w'’]+,?){{0,6}}? "
            r"(?:is|are|was|lies|being|appears?|seems?|remains?)(?: \w+){0,3} in the future\b"
            r"|\b(?:future|fictional|hypothetical|speculative|fictitious|impossible|erroneous) "
            r"(?:dates?|year|timeline)\b"
            rf"|\b{_YEAR}\b[^.!?\n]{{0,80}}\bha(?:s|ve)(?: not|n['’]t) (?:yet )?"
            r"(?:happened|occurred|taken place|been released|been held|come)\b"
            rf"|\b(?:typo|error|mistake|misprint) (?:in|about|with) (?:the |your )?(?:date|year|{_YEAR})\b"
            rf"|\b(?:date|year|{_YEAR})(?: given| shown| mentioned)? (?:is|must be|may be|might be|seems to be|appears to be|looks like) "
            r"(?:likely |probably )?(?:a |an )?(?:typo|error|mistake|fictional|hypothetical|fabricated)\b"
        ),
        "chinese": (
            r"(?:截至|截止到?)[^，。\n]{0,12}(?:我的|知识|训练|更新)|知识(?:截止|库更新)|(?:我的)?训练数据[^，。\n]{0,10}截[止至]"
            r"|(?:今天|现在|当前)(?:的日期)?是[^，。\n]{0,6}20[0-9]{2}年|无法(?:获取|访问|提供)(?:实时|当前(?:日期|时间))"
        ),
    },
)
