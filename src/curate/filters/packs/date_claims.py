"""What a response claims to know, or not to know, about the date: where date confusion shows.

A claim is about the speaker or about now: "as of my last update", "today is", "we are in 2023",
"that date is in the future". A date in an account of something else is none.
"""

import re

from curate.filters.packs.pack import Pack, either, words

_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = words(
    "jan(?:uary)?, feb(?:ruary)?, mar(?:ch)?, apr(?:il)?, may, june?, july?, aug(?:ust)?, "
    "sep(?:t(?:ember)?)?, oct(?:ober)?, nov(?:ember)?, dec(?:ember)?"
)
_WEEKDAY = words("mon, tues, wednes, thurs, fri, satur, sun") + "day"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DATE = either(
    rf"{_MONTH}\.? {_DAY},? {_YEAR}",
    rf"{_DAY}(?: of)? {_MONTH}\.?,? {_YEAR}",
    rf"{_MONTH}\.?,? {_YEAR}",
    rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}",
    rf"[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.]{_YEAR}",
)
_WHEN = either(_DATE, _YEAR)
_THE_DATE = either("date", "year", _YEAR)

_SENTENCE_START = r"(?:\A|(?<=[.!?] )|(?<=\n)|(?<=\bhowever, ))"
_CANNOT = words(
    "do not, don['’]t, can ?not, can['’]t, am unable to, ['’]m unable to, am not able to, "
    "['’]m not able to"
)
_KNOW = words("have, access, provide, know, tell, determine, check, give, see")
_DO_NOT_KNOW = either(f"{_CANNOT} {_KNOW}", "have no", "lack")
_MY_KNOWLEDGE = r"my (?:knowledge|training|data)(?: data| base| set)?"
_ENDS = words("is, was, stops?, ends?, ended, extends?, goes, reaches, includes, covers, comes")
_TODAY = either(
    "(?:the )?(?:current|present) (?:date|year|day)",
    "today['’]s date",
    "the (?:date|year)(?: today| now)?",
)
_WE_ARE = words("we are, we['’]re, I am, I['’]m")
_DATED = either(_THE_DATE, words("dates, event, article, document, timeline, scenario"))
_SEEMS = words("is, are, was, lies, being, appears?, seems?, remains?")
_MUST_BE = words("is, must be, may be, might be, seems to be, appears to be, looks like")
_UNREAL = words("future, fictional, hypothetical, speculative, fictitious, impossible, erroneous")
_ERROR = words("typo, error, mistake, misprint")

PACK = Pack(
    name="date-claims",
    version="1",
    about="knowledge cut-offs, claims about today's date, and disbelief in a date",
    flags=re.IGNORECASE,
    patterns={
        "knowledge-cutoff": either(
            r"\b(?:knowledge|training|information|data)(?: data)? cut-?offs?\b",
            r"\bmy (?:\w+ )?cut-?offs?\b",
            r"\bmy (?:last|latest|most recent|final|current) (?:\w+ )?"
            r"(?:update|training|knowledge)\b",
            rf"\b{_MY_KNOWLEDGE} (?:only |currently )?{_ENDS}\b[^.!?\n]{{0,40}}\b{_YEAR}\b",
            r"\bI (?:was|am|have been)(?: \w+)? (?:trained|updated)\b[^.!?\n]{0,40}"
            rf"\b(?:to|until|till|through|in|before) (?:\w+ ){{0,3}}{_YEAR}\b",
        ),
        "as-of": either(
            r"\bas of (?:my|the time of my|the last time I was)\b",
            rf"{_SENTENCE_START}as of (?:(?:early|mid|late)[ -])?(?:{_MONTH},? )?{_YEAR}\b",
            rf"{_SENTENCE_START}as of (?:now|today)\b",
        ),
        "no-current-date": either(
            rf"\b{_DO_NOT_KNOW}(?: [\w'’-]+){{0,6}}? real[ -]time\b",
            rf"\b{_DO_NOT_KNOW}(?: [\w'’-]+){{0,6}}? (?:current|today['’]s|present) "
            r"(?:date|time|day|year|events)\b",
            rf"\b{_DO_NOT_KNOW}(?: you)? (?:what |which )?(?:the )?(?:date|day|year)"
            r"(?: it)? (?:is|today)\b",
        ),
        "current-date": either(
            rf"\b{_TODAY}(?: is| would be|:)(?: \w+,?){{0,2}}? {_WHEN}\b",
            rf"\btoday(?: is|['’]s|:) (?:{_WEEKDAY},? )?(?:the )?{_DATE}\b",
            rf"\bit(?: is|['’]s)(?: currently| now| still| only| the year){{1,2}} {_WHEN}\b",
            rf"\b{_WE_ARE} (?:currently |now |still |living )*in (?:the year )?{_YEAR}\b",
            rf"\bcurrent year,? {_YEAR}\b",
        ),
        "future-date": either(
            rf"\b{_DATED},?(?: [\w'’]+,?){{0,6}}? {_SEEMS}(?: \w+){{0,3}} in the future\b",
            rf"\b{_UNREAL} (?:dates?|year|timeline)\b",
            rf"\b{_YEAR}\b[^.!?\n]{{0,80}}\bha(?:s|ve)(?: not|n['’]t) (?:yet )?"
            r"(?:happened|occurred|taken place|been released|been held|come)\b",
            rf"\b{_ERROR} (?:in|about|with) (?:the |your )?{_THE_DATE}\b",
            rf"\b{_THE_DATE}(?: given| shown| mentioned)? {_MUST_BE} (?:likely |probably )?"
            rf"(?:an? )?{either(_ERROR, 'fictional', 'hypothetical', 'fabricated')}\b",
        ),
        "chinese": either(
            r"截(?:至|止到?)[^，。\n]{0,12}(?:我的|知识|训练|更新)",
            r"知识(?:截止|库更新)",
            r"训练数据[^，。\n]{0,10}截[止至]",
            r"(?:今天|现在|当前)(?:的日期)?是[^，。\n]{0,6}20[0-9]{2}年",
            r"无法(?:获取|访问|提供)(?:实时|当前(?:日期|时间))",
        ),
    },
)
