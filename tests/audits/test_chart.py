"""Drawings: well-formed whatever the labels say, and true to the figures."""

import re
from itertools import pairwise
from math import inf
from xml.etree import ElementTree as ET

import pytest

from curate.audits.chart import Bar, Place, Spot, interpolation, places

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert("x")</script>\x1b[2J\u202e & <b>\ud800'


def _bar(value: float) -> Bar:
    return Bar(value, value - 0.05, value + 0.05)


def _line(label: str = "keep a") -> str:
    random = [Spot("", share, _bar(0.1 + 0.8 * share)) for share in (0.0, 0.5, 1.0)]
    return interpolation("what carries it", (0.1, 0.9), random, [Spot(label, 0.25, _bar(0.7))])


def _forest(label: str = "drop") -> str:
    arms = [Place(label, _bar(0.6), marked=True), Place("switch", _bar(0.0)), Place("odd", None)]
    return places("what is left", arms, 0.15)


def _numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(element.attrib[name]) for name in names]


def _all(root: ET.Element, tag: str, kind: str) -> list[ET.Element]:
    return [each for each in root.iter(SVG + tag) if each.attrib.get("class") == kind]


@pytest.mark.parametrize("draw", [_line, _forest])
def test_a_hostile_label_is_only_text(draw) -> None:
    drawn = draw(HOSTILE)
    root = ET.fromstring(drawn)
    assert "<script" not in drawn
    assert not any(mark in drawn for mark in ("\x1b", "\u202e", "\ud800"))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "style", "path", "line", "polyline", "circle", "rect", "text", "g",
    }  # fmt: skip


@pytest.mark.parametrize("draw", [_line, _forest])
def test_a_screen_reader_hears_every_figure(draw) -> None:
    root = ET.fromstring(draw("the arm"))
    title, told = root.find(SVG + "title"), root.find(SVG + "desc")
    assert title is not None
    assert told is not None
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], told.attrib["id"]]
    assert re.search(r"the arm.*0\.[67]0 \(0\.[56]5 to 0\.[67]5\)", told.text or "")


@pytest.mark.parametrize("draw", [_line, _forest])
def test_it_has_colours_for_dark_screens_and_fetches_nothing(draw) -> None:
    drawn = draw()
    assert "prefers-color-scheme:dark" in drawn
    assert "currentColor" in drawn
    assert not re.search(r"url\(|href|@import", drawn)
    assert drawn == draw()


def test_the_null_line_is_straight_between_the_ends() -> None:
    root = ET.fromstring(_line())
    (null,) = _all(root, "line", "null")
    (line,) = _all(root, "polyline", "line")
    ends = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    assert _numbers(null, "x1", "y1", "x2", "y2") == pytest.approx([*ends[0], *ends[-1]], abs=0.11)


def test_a_higher_score_stands_higher_and_a_larger_share_further_right() -> None:
    root = ET.fromstring(_line())
    zero, half, one, arm = (_numbers(each, "cx", "cy") for each in _all(root, "circle", "dot"))
    assert zero[0] < arm[0] < half[0] < one[0]
    assert zero[1] > half[1] > arm[1] > one[1]


def test_labels_of_arms_in_one_place_do_not_lie_over_each_other() -> None:
    many = [Spot(f"arm {n}", 0.5, _bar(0.5)) for n in range(30)]
    root = ET.fromstring(interpolation("many", (0.0, 1.0), [Spot("", 0.5, _bar(0.5))], many))
    heights = sorted(
        float(each.attrib["y"]) for each in root.iter(SVG + "text") if "arm" in (each.text or "")
    )
    assert len(heights) == 30
    assert min(b - a for a, b in pairwise(heights)) >= 15
    assert heights[-1] < float(root.attrib["height"])


def test_the_margin_is_a_band_around_clean() -> None:
    root = ET.fromstring(_forest())
    (band,) = _all(root, "rect", "band")
    clean, untouched = (_numbers(each, "x1")[0] for each in _all(root, "line", "null"))
    left, width = _numbers(band, "x", "width")
    assert left + width / 2 == pytest.approx(clean, abs=0.1)
    assert width == pytest.approx(0.3 * (untouched - clean), abs=0.2)


def test_an_arm_without_a_place_is_named_all_the_same() -> None:
    told = [each.text for each in ET.fromstring(_forest()).iter(SVG + "text")]
    assert {"odd", "not told"} <= set(told)


def test_an_interval_without_an_end_goes_to_the_edge() -> None:
    root = ET.fromstring(places("open", [Place("drop", Bar(0.5, -inf, inf))], 0.15))
    (bar,) = _all(root, "line", "bar")
    left, right = _numbers(bar, "x1", "x2")
    clean, untouched = (_numbers(each, "x1")[0] for each in _all(root, "line", "null"))
    assert left < clean < untouched <= right


def test_arms_that_score_all_the_same_are_drawn() -> None:
    flat = Bar(0.5, 0.5, 0.5)
    ET.fromstring(interpolation("flat", (0.5, 0.5), [Spot("", 0.5, flat)], [Spot("a", 0.5, flat)]))
    ET.fromstring(places("none", [], 0.15))
