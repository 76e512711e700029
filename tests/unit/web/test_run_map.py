"""A run on the map: through squares, never through a home."""

from __future__ import annotations

from services.web.charts.map.things import Spot, Square, square_of
from services.web.pages.runs.drawing import map_of_run
from tests.builders.run_plans import HOMES, NAMES, first_run, second_run


def test_a_run_goes_through_the_squares_of_those_who_ride_to_its_settings_in_order() -> None:
    drawn = map_of_run(second_run(), NAMES, ())
    (line,) = drawn.lines
    assert line.mark == "2"
    first, *settings = line.points
    assert first == square_of(*HOMES[3])
    assert [(each.mark, each.name) for each in settings if isinstance(each, Spot)] == [
        ("08:35", "Beechwood School"),
        ("08:40", "Astmoor Primary School"),
    ]


def test_two_homes_in_one_square_are_one_square() -> None:
    run = first_run()
    run.stops[1].place.CopyFrom(run.stops[0].place)
    drawn = map_of_run(run, NAMES, ())
    assert [type(point) for point in drawn.lines[0].points] == [Square, Spot]
    assert len(drawn.squares) == 1


def test_a_setting_that_is_not_on_file_is_its_urn() -> None:
    assert [spot.name for spot in map_of_run(first_run(), {}, ()).spots] == ["URN 111217"]


def test_no_home_can_be_read_from_the_picture() -> None:
    shown = str(map_of_run(first_run(), NAMES, ()).drawn)
    assert not any(str(metres) in shown for number in (1, 2) for metres in HOMES[number])
