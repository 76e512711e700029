"""Charts say what they show to those who cannot see them, and break no policy of the pages."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from services.web.charts.bars import Bar, bar_chart
from services.web.charts.lines import Point, Series, line_chart
from services.web.charts.map.drawing import Map
from services.web.charts.map.things import Line, Spot, square_of
from services.web.charts.scale import scale_for

TITLE = 'In INMSS: "A" & <b>B</b>'
SVG = "{http://www.w3.org/2000/svg}"
WIDEST_LETTER = 8.7
"""Pixels of a letter on average, in the widest font that a browser may fall back to."""


def lines(names: int = 3) -> Markup:
    points = [Point("2024/25", 10, 8, 12), Point("2025/26", 20, 15, 30)]
    return line_chart(TITLE, [Series(f"Series {at}", points) for at in range(names)], lambda value: f"{value:.0f}")


CHARTS = {
    "lines": lines(),
    "bars": bar_chart(TITLE, [Bar("A", 3), Bar("B", -2)], lambda value: f"{value:.0f}"),
    "map": Map(
        TITLE,
        [Spot("1", "A", 350_000, 380_000, 1.0), Spot("", "B", 355_000, 381_000, marked=False)],
        [square_of(351_234, 385_678, "Home")],
        [Line("1", [square_of(351_234, 385_678), Spot("1", "A", 350_000, 380_000)])],
        [[(345_000, 379_000), (345_000, 389_000), (356_000, 389_000)]],
    ).drawn,
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_names_and_describes_itself(chart: Markup) -> None:
    read = ElementTree.fromstring(str(chart))
    assert read.get("role") == "img"
    named = (read.get("aria-labelledby") or "").split()
    texts = {child.get("id"): child.text for child in read if child.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(named) == set(texts)
    assert TITLE in texts.values()
    assert all(texts.values())


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_has_no_style_no_script_and_nothing_from_elsewhere(chart: Markup) -> None:
    assert re.search(r"\bstyle=|<script|<style|<b>|href=|on\w+=", str(chart)) is None
    assert re.findall(r"url\((.)", str(chart)) == ["#"] * str(chart).count("url(")


def test_lines_differ_by_more_than_colour() -> None:
    read = ElementTree.fromstring(str(lines(6)))
    assert len({line.get("stroke-dasharray") for line in read.iter(f"{SVG}polyline")}) == 6
    assert len({pattern.get("patternTransform") for pattern in read.iter(f"{SVG}pattern")}) == 6


def test_each_value_is_within_the_picture() -> None:
    read = ElementTree.fromstring(str(lines()))
    _, _, width, height = map(float, (read.get("viewBox") or "").split())
    for line in read.iter(f"{SVG}polyline"):
        for place in (line.get("points") or "").split():
            x, y = map(float, place.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_a_long_label_of_a_bar_is_shown_whole_within_the_picture() -> None:
    label = "Resource base or unit rather than state special"
    read = ElementTree.fromstring(str(bar_chart(TITLE, [Bar(label, 3)], lambda value: f"{value:.0f}")))
    written = [said for said in read.iter(f"{SVG}text") if said.get("text-anchor") == "end"]
    assert " ".join(said.text or "" for said in written) == label
    for said in written:
        assert len(said.text or "") * WIDEST_LETTER <= float(said.get("x") or 0)


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=20))
def test_a_scale_holds_nought_and_every_value_between_a_few_ticks(values: list[float]) -> None:
    scale = scale_for(values, 0, 100)
    assert 2 <= len(scale.ticks) <= 13
    for value in (0.0, *values):
        assert -1e-6 <= scale.at(value) <= 100 + 1e-6
