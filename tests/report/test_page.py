"""The page is well formed, asks for nothing, runs nothing, and is read without eyes or mouse."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile_rows
from curate.report import counting
from curate.report.gathering import gather
from curate.report.model import Report
from curate.report.page import style
from curate.report.page.document import POLICY, document
from curate.report.page.html import element, join, trusted
from curate.visible import visible
from fake_runs import make_run, row
from parsed_pages import Page, check
from rewritten_runs import make

HOSTILE_PLAN = """
input: {max_unreadable: 1}
steps:
  - {use: secrets, name: '</h3><script>', do: flag}
  - {use: size, when: {at_least: 300}, do: drop}
  - {use: quoting, do: flag}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    run = make_run(tmp_path_factory.mktemp("hostile"), hostile_rows.rows(), HOSTILE_PLAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "EXAMPLES", 20)  # all of them
        return gather(run, unmask=True)


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Report:
    rows = [row(f"r{n}", answer="bad " * n, model="m", source="s") for n in range(1, 9)]
    rows += [b"no json\n", row("sk", answer="sk-12345678 none bad")]
    plan = """
input: {max_unreadable: 1}
steps:
  - {use: secrets, do: flag}
  - use: holds
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100]}
  - {use: size, when: {at_least: 12}, do: flag}
"""
    return gather(make(tmp_path_factory.mktemp("run"), {"c.jsonl": b"".join(rows)}, plan))


def test_hostile_texts_are_shown_and_not_obeyed(hostile: Report) -> None:
    page = check(document(hostile))
    for text in hostile_rows.TEXTS:
        said = visible(text)
        assert any(said in found for _, found in page.texts), said
    assert "owned" not in "".join(found for around, found in page.texts if "title" in around)


def test_the_check_of_a_page_has_power(hostile: Report) -> None:
    html = document(hostile)
    for damage in (
        html.replace("</p>", "", 1),
        html.replace("<h2", "<script>1</script><h2", 1),
        html.replace("<h2", '<a href="https://example.org">x</a><h2', 1),
        html.replace("<p", '<p onclick="x"', 1),
        html.replace("</style>", "body{background:url(x)}</style>", 1),
        html.replace('href="#', 'href="#no', 1),
    ):
        assert damage != html
        with pytest.raises(AssertionError):
            check(damage)


def test_nothing_may_be_loaded(rewritten: Report) -> None:
    html = document(rewritten)
    page = check(html)
    policy = [found for tag, found in page.attributes if tag == "meta" and "http-equiv" in found]
    assert [each["content"] for each in policy] == [POLICY]
    assert "default-src 'none'" in POLICY
    assert "script-src" not in POLICY
    assert not re.search(r"https?:|//[a-z]", html)


def test_headings_tables_and_drawings_can_be_heard(rewritten: Report) -> None:
    page = check(document(rewritten))
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    assert page.tags.count("caption") == page.tags.count("table")
    assert all(
        found.get("scope") in ("col", "row") for tag, found in page.attributes if tag == "th"
    )
    drawings = [
        found
        for tag, found in page.attributes
        if tag == "svg" and found.get("aria-hidden") != "true"
    ]
    assert drawings
    assert all(found["role"] == "img" and found["aria-labelledby"] for found in drawings)
    assert page.tags.count("desc") == len(drawings)
    assert [page.tags.count(tag) for tag in ("main", "nav")] == [1, 1]
    first = next(found for tag, found in page.attributes if tag == "a")
    assert (first["class"], first["href"]) == ("skip", "#report")


def test_figures_stand_where_they_belong(rewritten: Report) -> None:
    text = check(document(rewritten)).text
    assert "dropped by" in text
    assert "turn 2, assistant, as read" in text
    assert "s•••••••••8" in text.replace("sk-", "s••")
    for step in rewritten.steps:
        assert f"{step.hits} hits" in text


def test_both_versions_of_a_turn_stand_side_by_side(rewritten: Report) -> None:
    page = check(document(rewritten))
    assert [found for _, found in page.attributes if found.get("class") == "pair"]


def test_a_run_without_steps_has_a_page(tmp_path: Path) -> None:
    report = gather(make_run(tmp_path, [row("a")], "steps: []"))
    assert "no steps" in check(document(report)).text


def test_an_empty_run_has_a_page(tmp_path: Path) -> None:
    check(document(gather(make_run(tmp_path, [], "steps: [{use: size, when: {at_least: 1}}]"))))


@given(st.text(), st.text())
def test_any_text_comes_back_as_it_is_printable(text: str, value: str) -> None:
    page = Page(element("p", text, title=value))
    # a parser ends lines at \r, which `visible` has made a picture of
    assert "".join(found for _, found in page.texts) == visible(text)
    assert page.attributes == [("p", {"title": visible(value)})]


def test_only_what_is_known_to_be_html_is_taken_as_html() -> None:
    assert join(["<", trusted("<br>"), element("p", "&")]) == "&lt;<br><p>&amp;</p>"


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(part * each for part, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_words_stand_out_from_their_ground_by_day_and_night() -> None:
    day, night = (
        dict(re.findall(r"--(\w+):#([0-9a-f]+)", block))
        for block in re.findall(r":root\{(.*?)\}", style.CSS, re.DOTALL)
    )
    for colours in (day, {**day, **night}):
        for ground in ("paper", "tint"):
            for ink in ("ink", "soft", "accent", "red", "amber", "green"):
                light, dark = sorted(
                    (luminance(colours[ink]), luminance(colours[ground])), reverse=True
                )
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
