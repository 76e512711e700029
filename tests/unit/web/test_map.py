"""One map for panels and planners: marks that can be told apart, and nothing of where in its square a home lies."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inborough.common.v1 import common_pb2
from services.web.charts.map.drawing import Map
from services.web.charts.map.frame import EDGE, SIDE
from services.web.charts.map.layout import Box, moves
from services.web.charts.map.things import Line, Spot, Square, square_of
from services.web.pages.options_map import map_of_options
from tests.builders.cli import an_option

SVG = "{http://www.w3.org/2000/svg}"
HOME = common_pb2.GridReference(easting=351_234, northing=385_678)
SCHOOL = common_pb2.GridReference(easting=354_500, northing=385_500)
BOROUGH = [[(345_000, 380_000), (345_000, 390_000), (360_000, 390_000), (360_000, 380_000)]]
ASTMOOR = Spot("S", "Astmoor Primary School", 354_500, 385_500)
NUMBERS = [Spot(str(at), f"School {at}", 354_500, 385_500) for at in range(1, 9)]


def read(drawn: Map) -> ElementTree.Element:
    return ElementTree.fromstring(str(drawn.drawn))


def filled_squares(drawn: Map) -> list[Box]:
    """Of settings: those that are neither the ground nor a home's."""
    found = [each for each in read(drawn).iter(f"{SVG}rect") if each.get("stroke-width") == "1"]
    sides = [tuple(float(each.get(name) or 0) for name in ("x", "y", "width", "height")) for each in found]
    return [Box(x, y, x + width, y + height) for x, y, width, height in sides]


def homes(options: int = 1) -> Map:
    ranked = [an_option(rank, urn=111217) for rank in range(1, options + 1)]
    found = map_of_options(HOME, ranked, {111217: SCHOOL}, BOROUGH)
    assert found is not None
    return found


DRAWN = homes().drawn


@given(some.integers(0, 999), some.integers(0, 999))
def test_every_home_of_a_square_gives_the_same_map(east: int, north: int) -> None:
    home = common_pb2.GridReference(easting=351_000 + east, northing=385_000 + north)
    other = map_of_options(home, [an_option(urn=111217)], {111217: SCHOOL}, BOROUGH)
    assert other is not None
    assert other.drawn == DRAWN


@pytest.mark.parametrize("corner", [(351_001, 385_000), (351_000, 385_999)])
def test_a_map_cannot_be_told_where_in_a_square_a_home_is(corner: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="whole kilometres"):
        Square(*corner)


def test_a_setting_lies_east_of_a_home_that_is_west_of_it_and_as_far_up() -> None:
    (setting,) = filled_squares(homes())
    (home,) = [each for each in read(homes()).iter(f"{SVG}rect") if each.get("stroke-dasharray")]
    x, y, side = (float(home.get(name) or 0) for name in ("x", "y", "width"))
    assert setting.left > x + side
    assert (setting.top + setting.bottom) / 2 == pytest.approx(y + side / 2, abs=0.2)


def test_options_at_one_setting_share_its_mark() -> None:
    assert [(spot.mark, spot.name) for spot in homes(3).spots] == [("1, 2, 3", "Astmoor Primary School")]


def test_a_request_that_is_not_ranked_is_marked_so() -> None:
    found = map_of_options(HOME, [an_option(0, urn=111217)], {111217: SCHOOL}, ())
    assert found is not None
    assert [spot.mark for spot in found.spots] == ["R"]


def test_without_a_home_or_a_place_there_is_no_map() -> None:
    assert map_of_options(None, [an_option(urn=111217)], {111217: SCHOOL}, ()) is None
    assert map_of_options(HOME, [an_option(urn=111217)], {}, ()) is None


@given(some.lists(some.tuples(some.integers(0, 700_000), some.integers(0, 1_300_000)), min_size=1, max_size=8))
def test_every_setting_is_within_the_picture(places: list[tuple[int, int]]) -> None:
    drawn = Map("A", [Spot(str(at), "B", *place) for at, place in enumerate(places, 1)], [square_of(351_234, 385_678)])
    assert all(each.is_within for each in filled_squares(drawn))


def test_settings_at_one_site_do_not_lie_on_each_other() -> None:
    squares = filled_squares(Map("A", NUMBERS))
    assert len(squares) == len(NUMBERS)
    assert not any(one.meets(other) for at, one in enumerate(squares) for other in squares[:at])


def test_the_first_mark_keeps_its_place_and_the_others_lead_to_theirs() -> None:
    leaders = list(read(Map("A", NUMBERS)).iter(f"{SVG}circle"))
    assert {(each.get("cx"), each.get("cy")) for each in leaders} == {(f"{SIDE / 2:.0f}", f"{SIDE / 2:.0f}")}
    assert len(leaders) == len(NUMBERS) - 1


def test_a_mark_for_which_there_is_no_room_stays_where_it_is() -> None:
    box = Box(100, 100, 120, 120)
    assert moves([box], [Box(0, 0, SIDE, SIDE)]) == [(0.0, 0.0)]


def test_the_whole_borough_is_shown_where_that_leaves_the_rest_large_enough() -> None:
    near = Map("A", [ASTMOOR, Spot("T", "B", 346_000, 381_000)], outline=BOROUGH)
    assert near.frame.metres == 15_000
    assert Map("A", [ASTMOOR], outline=BOROUGH).frame.metres == 4_000


def test_the_outline_says_what_it_is_and_without_it_nothing_is_said() -> None:
    assert "is not a legal boundary" in Map("A", [ASTMOOR], outline=BOROUGH).key
    assert "borough" not in str(Map("A", [ASTMOOR]).drawn)
    assert list(read(Map("A", [ASTMOOR])).iter(f"{SVG}path")) == []


def test_a_hole_in_the_borough_is_none_of_it() -> None:
    hole = [(350_000, 384_000), (350_000, 387_000), (353_000, 387_000)]
    shapes = list(read(Map("A", [ASTMOOR], outline=[*BOROUGH, hole])).iter(f"{SVG}path"))
    assert {shape.get("fill-rule") for shape in shapes} == {"evenodd"}
    assert all((shape.get("d") or "").count("Z") == 2 for shape in shapes)


def test_runs_differ_by_more_than_colour_and_each_has_its_number() -> None:
    stops = [square_of(346_100, 383_200), square_of(347_900, 384_100)]
    drawn = Map("Runs", [ASTMOOR], stops, [Line(str(at), [*stops, ASTMOOR]) for at in range(1, 9)])
    runs = [each for each in read(drawn).iter(f"{SVG}polyline") if each.get("stroke") != "#ffffff"]
    assert len({(run.get("stroke"), run.get("stroke-dasharray")) for run in runs}) == 8
    assert len({run.get("stroke-dasharray") for run in runs[:6]}) == 6
    assert {str(at) for at in range(1, 9)} < {each.text for each in read(drawn).iter(f"{SVG}text")}
    assert "Lines are runs" in drawn.key


def test_a_run_goes_through_the_middle_of_a_square_to_the_setting() -> None:
    run = Line("1", [square_of(351_234, 385_678), ASTMOOR])
    assert [point.middle for point in run.points] == [(351_500, 385_500), (354_500, 385_500)]
    drawn = Map("Run", [ASTMOOR], [square_of(351_234, 385_678)], [run])
    (_, line) = read(drawn).iter(f"{SVG}polyline")
    x, y = map(float, (line.get("points") or "").split()[-1].split(","))
    assert (x, y) == pytest.approx(drawn.frame.at(ASTMOOR.middle), abs=0.1)
    assert EDGE <= x <= SIDE - EDGE
