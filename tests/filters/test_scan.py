import re
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curate.filters.literals import fold, required
from curate.filters.outline import _cased, outline
from curate.filters.scan import Scanner

ODD = "aAbkKsSiIz09 _-.,'\n\r\t\x0b\x1c\x85\xa0éÉßẞſ\u212aİ\u0131Σσςµμ中文١\u0301\u200d😀𐐀𐐨ﬅﬆᲀвВ"
LONE = "\ud800\udfff"
FLAGS = [0, re.I, re.M, re.S, re.A, re.I | re.A, re.I | re.M, re.X]

texts = st.text(st.sampled_from(ODD + LONE), max_size=10)
literal = st.text(st.sampled_from(ODD), min_size=1, max_size=3).map(re.escape)
one = st.sampled_from(ODD).map(re.escape)
span = st.tuples(one, one).map(lambda ends: "-".join(sorted(ends, key=lambda c: c[-1])))
member = st.one_of(one, span, st.sampled_from([r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"]))
charset = st.tuples(st.sampled_from(["[", "[^"]), st.lists(member, min_size=1, max_size=3)).map(
    lambda parts: parts[0] + "".join(parts[1]) + "]"
)
edge = st.sampled_from([r"\b", r"\B", "^", "$", r"\A", r"\Z", "."])
look = st.tuples(st.sampled_from(["(?=", "(?!", "(?<=", "(?<!"]), one).map(
    lambda parts: f"{parts[0]}{parts[1]})"
)
counts = st.sampled_from(
    ["*", "+", "?", "{2}", "{0,3}", "*?", "+?", "*+", "++", "?+", "{40}", "{0,40}", "{3,}"]
)
bounded = st.sampled_from(["?", "{2}", "{0,3}", "??", "?+"])
opening = st.sampled_from(["(?:", "(", "(?i:", "(?-i:", "(?s:", "(?m:", "(?a:", "(?>"])
counted = st.tuples(st.one_of(literal, charset, look), counts).map(
    lambda parts: f"(?:{parts[0]}){parts[1]}"
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(opening, inner).map(lambda parts: f"{parts[0]}{parts[1]})"),
        st.tuples(inner, bounded).map(lambda parts: f"(?:{parts[0]}){parts[1]}"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda parts: rf"({parts[0]})?{parts[1]}(?(1)\1|{parts[1]})"),
    )


patterns = st.recursive(st.one_of(literal, charset, edge, look, counted), combined, max_leaves=6)
"""Unbounded repeats are never nested: `re` itself would take exponential time."""


def compiled(source: str, flags: int) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(source, flags)
    except (re.error, OverflowError):
        assume(False)
        raise


@pytest.fixture(scope="module", autouse=True)
def fast_installed() -> None:
    pytest.importorskip("re2", reason="the extra `fast` is not installed")


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.tuples(patterns, st.sampled_from(FLAGS)), min_size=1, max_size=4),
    st.lists(texts, min_size=1, max_size=8),
)
def test_whatever_re_finds_is_a_candidate(sources: list[tuple[str, int]], seen: list[str]) -> None:
    known = [compiled(source, flags) for source, flags in sources]
    fast, plain = Scanner(known), Scanner(known, fast=False)
    assert (fast.engine, plain.engine) == ("re2", "re")
    for text in seen:
        matching = {n for n, pattern in enumerate(known) if pattern.search(text)}
        for scanner in (fast, plain):
            candidates = scanner.candidates(text)
            assert list(candidates) == sorted(set(candidates))
            assert matching <= set(candidates)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)sins", "ſINſ"),
        ("(?i)kelvin", "\u212aELVIN"),
        ("(?i)istanbul", "İstanbul"),
        ("(?i)istanbul", "\u0131stanbul"),
        ("(?i)[a-z]{4}", "ſ\u212aİ\u0131"),
        ("(?i)ΣΑΣ", "σας"),
        ("(?i)ﬅ", "ﬆ"),
        ("(?i)𐐀", "𐐨"),
        ("(?i)[^𐐀x]", "𐐀"),
        ("(?i)straße", "STRAẞE"),
        (r"\bcafé\b", "un café."),
        (r"\w+@\w+", "é@ü"),
        (r"\d{3}", "١٢٣"),
        (r"a\sb", "a\xa0b"),
        (r"a\sb", "a\x1cb"),
        (r"a\Sb", "a\x1cb"[:1] + "\u200db"),
        (r"[^\W\d]", "é"),
        ("^b", "a\nb"[2:]),
        ("(?m)^b$", "a\nb\nc"),
        ("a$", "a\n"),
        ("a$\nb?", "a\n"),
        (r"a\Z", "ba"),
        (r"(a)(b)?\1", "aa"),
        (r"(?P<q>['\"]).*?(?P=q)", "say 'x'"),
        (r"(?<=€)\d+(?!%)", "€12"),
        (r"(?<!\.)\Z", "no full stop"),
        (r"a++b", "aab"),
        (r"(?>ab|a)c", "abc"),
        ("(?s)a.b", "a\nb"),
        (r"x{1001}", "x" * 1001),
        (r"(?:[a-z]{3}-){40}", "abc-" * 40),
        (r"(?x) a  b # comment", "ab"),
        ("\ud800", "a\ud800b"),
        ("a.b", "a\ud800b"),
        ("[^a]", "\udfff"),
        ("", ""),
    ],
)
def test_hard_pattern(pattern: str, text: str) -> None:
    known = [re.compile(pattern)]
    assert known[0].search(text), "the case itself"
    assert list(Scanner(known).candidates(text)) == [0]
    assert list(Scanner(known, fast=False).candidates(text)) == [0]


@pytest.mark.parametrize("fast", [True, False], ids=["re2", "re"])
def test_most_texts_are_spared_the_search(fast: bool) -> None:
    known = [re.compile(rf"(?i)\bword{n}\s+\w+", re.I) for n in range(1000)]
    scanner = Scanner(known, fast=fast)
    assert list(scanner.candidates("Nothing of the kind, in a few words.")) == []
    assert 77 in scanner.candidates("here is WORD77 again")
    assert len(scanner.candidates("here is WORD77 again")) < 3
    assert scanner.unaided == ()


@pytest.mark.parametrize("fast", [True, False], ids=["re2", "re"])
def test_says_which_patterns_every_text_is_searched_for(fast: bool) -> None:
    known = [re.compile(source) for source in ("needle", r"(?<!\.)$", r"a*")]
    assert Scanner(known, fast=fast).unaided == (1, 2)


def test_what_re2_refuses_is_still_looked_for() -> None:
    too_many = re.compile("(?:" * 4 + "b{32}" + "){3}" * 4)
    scanner = Scanner([re.compile("needle"), too_many])
    assert list(scanner.candidates("a needle" + "b" * 32 * 81)) == [0, 1]
    assert list(scanner.candidates("needle")) == [0]


@given(texts, texts)
def test_a_part_folds_to_a_part(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("AKIA[0-9A-Z]{16}", {"akia"}),
        ("(?i)i'?m sorry,? but", {"im sorry", "i'm sorry"}),
        ("(?:cat|dogs?) food", {"cat food", "dog food", "dogs food"}),
        ("(?:a long one|short)", {"a long one", "short"}),
        ("[0-9]{3}-[0-9]{4}", {f"{digit}-" for digit in "0123456789"}),
        (r"[^\s@]+@\w+", {"@"}),
        (r"(?:\w+)?", None),
        (r"\bx(?=yz)", {"x"}),
    ],
)
def test_required_strings(pattern: str, strings: set[str] | None) -> None:
    assert required(outline(re.compile(pattern))) == strings


def test_no_character_that_has_case_is_forgotten() -> None:
    cased = _cased()
    others = "".join(char for char in map(chr, range(0x110000)) if char not in cased)
    assert re.findall(f"[{re.escape(cased)}]", others, re.IGNORECASE) == []
