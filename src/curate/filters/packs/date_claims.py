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
_NOT_HAVE = (
    r"(?:do not|don['’]t|does not|doesn['’]t|can ?not|can['’]t|am unable to|['’]m unable to|"
    r"am not able to|['’]m not able to|have no|lack|without)"
)

PACK = Pack(
    name="date-claims",
    version="1",
    about="knowledge cut-offs, claims about today's date, and disbelief in a date",
    flags=re.IGNORECASE,
    patterns={
        "knowledge-cutoff": (
            r"\b(?:my|knowledge|training|data|information)(?: \w+){0,2} cut-?offs?\b|\bcut-?off date\b"
            r"|\b(?:my|the) (?:last|latest|most recent|final) (?:\w+ )?(?:update|training|trained|"
            r"knowledge)\b|\b(?:my|the) (?:knowledge|training data|training|data|database) "
            r"(?:(?:base|set) )?(?:only )?(?:is current|is limited|was last|was updated|is only|stops|ends|ended|"
            r"extends|goes|reaches|(?:is )?up[ -]to[ -]date|includes|covers)[^.!?\n]{0,40}?"
            rf"\b(?:until|to|in|through|of|as of|only|after)\b[^.!?\n]{{0,20}}{_YEAR}"
            r"|\b(?:trained|updated|knowledge)\b[^.!?\n]{0,30}\b(?:up )?(?:to|until|through) "
            rf"(?:\w+ ){{0,3}}{_YEAR}\b"
        ),
        "as-of": (
            r"\bas of (?:my|our|the (?:time of my|last|latest|current|knowledge|data|training))\b"
            rf"|\bas of (?:(?:early|mid|late)[ -]?)?(?:{_MONTH},? )?(?:[0-9]{{1,2}}, )?{_YEAR}\b"
            r"|\bas of (?:now|today|this writing)\b"
        ),
        "no-current-date": (
            rf"\b{_NOT_HAVE} (?:\w+ ){{0,6}}?(?:the |today['’]s |a )?(?:current|today['’]s|present|exact|actual|real-time) "
            r"(?:date|time|day|year|events|information|data)\b"
            rf"|\b{_NOT_HAVE} (?:\w+ ){{0,3}}(?:real[ -]time|up-to-date|live|current)\b"
            rf"|\b{_NOT_HAVE} (?:know|tell|determine)(?: you)? (?:what |which )?(?:the )?(?:date|day|year|time)\b"
        ),
        "current-date": (
            rf"\b(?:the |today['’]s |current )+(?:date|year|day)(?: today| now)? (?:is|:)[^.!?\n]{{0,30}}?(?:{_DATE}|{_YEAR}|{_DAY})"
            rf"|\btoday(?:['’]s date)?(?: is|['’]s|:)(?: \w+,?){{0,2}}? (?:{_DATE}|{_DAY}\b)"
            rf"|\bit(?: is|['’]s)(?: currently| now| still| only| the year){{1,2}} (?:{_DATE}|{_YEAR})"
            rf"|\b(?:we(?: are|['’]re)|I(?: am|['’]m)) (?:currently |now |still |living )*in (?:the year )?{_YEAR}\b"
        ),
        "future-date": (
            r"\b(?:date|year|event|article|document|text|timeline|scenario|email|source|" + _YEAR + r")\b"
            r"[^.!?\n]{0,60}\b(?:is|are|was|lies|being|appears?|seems?|remains?)\b(?: \w+){0,3} in the future\b"
            rf"|\b(?:future|fictional|hypothetical|speculative|imaginary|fictitious|placeholder|impossible|incorrect|erroneous) (?:date|year|timeline)s?\b"
            rf"|\b(?:has|have)(?: not|n['’]t) (?:yet )?(?:happened|occurred|taken place|been released|been reached)(?: yet)?\b"
            rf"|\b(?:typo|error|mistake|misprint)\b[^.!?\n]{{0,30}}\b(?:date|year|{_YEAR})\b"
            rf"|\b(?:date|year|{_YEAR})\b[^.!?\n]{{0,30}}\b(?:is|be|appears to be|seems to be|likely|probably|might be|may be|must be) (?:a |an )?"
            r"(?:typo|error|mistake|fictional|hypothetical|speculative|incorrect|fabricated|fictitious)\b"
        ),
        "chinese": (
            r"(?:截至|截止到?)[^，。\n]{0,12}(?:我的|知识|训练|更新)|知识(?:截止|库更新)|(?:我的)?训练数据[^，。\n]{0,10}截[止至]"
            r"|(?:今天|现在|当前)(?:的日期)?是[^，。\n]{0,6}20[0-9]{2}年|无法(?:获取|访问|提供)(?:实时|当前(?:日期|时间))"
        ),
    },
)
