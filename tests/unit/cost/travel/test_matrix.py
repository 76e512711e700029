"""The imported matrix stands where it has the pair; the straight line answers the rest and says so."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.cost.transport.travel import Journeys, StraightLine, TravelSource
from services.cost.transport.travel.known_pairs import KnownPairs, PairRows, codes_of, grid_of
from services.cost.transport.travel.matrix import Matrix, MatrixFirst
from tests.builders.travel import DAY, every_pair, near, points, rows_of

LINE = StraightLine()
HOME, OTHER, SCHOOL, COLLEGE = near(0), near(0, 900), near(3_000), near(5_000)
NEWER = date(2026, 10, 1)


def matrix(driving: PairRows, walking: PairRows | None = None) -> MatrixFirst:
    known = Matrix(KnownPairs(driving), KnownPairs(walking or PairRows.none()))
    return MatrixFirst(LINE, lambda: known)


def said_of(journeys: Journeys, pair: int) -> TravelSource:
    return journeys.sources[int(journeys.list_source_places()[pair])]


def test_a_pair_of_the_file_is_answered_by_it_on_foot_and_by_road() -> None:
    travel = matrix(rows_of((HOME, SCHOOL, 4_200, 11)), rows_of((HOME, SCHOOL, 3_100, -1)))
    found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.route_metres[0], found.minutes[0], found.walking_metres[0]) == (4_200, 11, 3_100)
    assert said_of(found, 0) == TravelSource("imported travel matrix", DAY)


def test_a_walk_that_the_file_leaves_out_is_the_straight_lines_and_said_to_be() -> None:
    found = matrix(rows_of((HOME, SCHOOL, 4_200, 11))).find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.route_metres[0], found.walking_metres[0]) == (4_200, 3_900)
    assert said_of(found, 0) == TravelSource(f"imported travel matrix; on foot: {LINE.method}", DAY)


def test_a_pair_that_the_file_lacks_is_the_straight_lines_and_says_so() -> None:
    travel = matrix(rows_of((HOME, SCHOOL, 4_200, 11)))
    asked = every_pair(points(HOME, OTHER), points(SCHOOL, COLLEGE))
    found, line = travel.find_journeys(*asked), LINE.find_journeys(*asked)
    assert found.route_metres[1:].tolist() == line.route_metres[1:].tolist()
    assert found.minutes[1:].tolist() == line.minutes[1:].tolist()
    assert said_of(found, 1) == TravelSource(f"{LINE.method} (not in the imported travel matrix)")


def test_the_way_back_is_another_pair() -> None:
    travel = matrix(rows_of((HOME, SCHOOL, 4_200, 11)))
    assert travel.find_journeys(*every_pair(points(SCHOOL), points(HOME))).route_metres[0] == 3_900


def test_each_pair_says_the_day_of_its_own_row() -> None:
    rows = PairRows.joined([rows_of((HOME, SCHOOL, 1, 1)), rows_of((OTHER, SCHOOL, 2, 2), day=NEWER)])
    found = matrix(rows).find_journeys(*every_pair(points(HOME, OTHER), points(SCHOOL)))
    assert [said_of(found, at).as_of_day for at in (0, 1)] == [DAY, NEWER]


def test_more_days_than_a_byte_can_count_are_left_out_rather_than_confused() -> None:
    homes = [near(0, north) for north in range(300)]
    rows = [rows_of((home, SCHOOL, 1, 1), day=date.fromordinal(at + 1)) for at, home in enumerate(homes)]
    found = matrix(PairRows.joined(rows)).find_journeys(*every_pair(points(*homes), points(SCHOOL)))
    assert {source.as_of_day for source in found.sources} == {None}


def test_an_unknown_end_stays_unknown_and_has_no_source() -> None:
    travel = matrix(rows_of((HOME, SCHOOL, 4_200, 11)))
    found = travel.find_journeys(*every_pair(points(None, HOME), points(SCHOOL, None)))
    assert found.route_metres.tolist() == [-1, -1, 4_200, -1]
    assert found.list_source_places().tolist()[:2] == [255, 255]


def test_without_a_matrix_the_answer_is_the_straight_lines_own() -> None:
    travel = MatrixFirst(LINE, lambda: None)
    found = travel.find_journeys(*every_pair(points(HOME, None), points(SCHOOL)))
    assert travel.method == LINE.method
    assert found.sources == (TravelSource(LINE.method),)
    assert found.list_source_places().tolist() == [0, 255]


def test_the_method_names_both() -> None:
    assert matrix(rows_of((HOME, SCHOOL, 1, 1))).method == f"imported travel matrix, else {LINE.method}"


def test_the_last_of_several_rows_of_a_pair_stands() -> None:
    known = KnownPairs(rows_of((HOME, SCHOOL, 1, 1), (OTHER, SCHOOL, 5, 5), (HOME, SCHOOL, 2, 2)))
    starts, ends, start_at, end_at = every_pair(points(HOME, OTHER), points(SCHOOL))
    assert known.say(codes_of(starts), codes_of(ends), start_at, end_at).metres.tolist() == [2, 5]


PLACES = st.tuples(st.integers(0, 700_000), st.integers(0, 1_300_000))


@given(st.lists(st.tuples(PLACES, PLACES, st.integers(0, 99), st.integers(0, 99)), max_size=8), st.lists(PLACES))
def test_pairs_are_found_exactly_where_they_are(
    rows: list[tuple[tuple[int, int], tuple[int, int], int, int]], others: list[tuple[int, int]]
) -> None:
    told = {(start, end): (metres, minutes) for start, end, metres, minutes in rows}
    places = list({place for pair in told for place in pair} | set(others))
    starts, ends, start_at, end_at = every_pair(points(*places), points(*places))
    said = KnownPairs(rows_of(*rows)).say(codes_of(starts), codes_of(ends), start_at, end_at)
    expected = [told.get((places[i], places[j]), (-1, -1)) for i, j in zip(start_at, end_at, strict=True)]
    assert list(zip(said.metres.tolist(), said.minutes.tolist(), strict=True)) == expected
    east, north = grid_of(codes_of(starts))
    assert list(zip(east.tolist(), north.tolist(), strict=True)) == places
    assert np.asarray(said.day).shape == start_at.shape
