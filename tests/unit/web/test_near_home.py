"""The picture of where options are, which never says where within its square a home lies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from inborough.common.v1 import common_pb2
from services.web.words.near_home import SIDE, draw
from tests.builders.cli import an_option

HOME = common_pb2.GridReference(easting=351_234, northing=385_678)
SCHOOL = common_pb2.GridReference(easting=354_500, northing=385_500)


@given(some.integers(0, 999), some.integers(0, 999))
def test_every_home_of_a_square_gives_the_same_picture(east: int, north: int) -> None:
    home = common_pb2.GridReference(easting=351_000 + east, northing=385_000 + north)
    assert draw(home, [an_option()], {111217: SCHOOL}) == draw(HOME, [an_option()], {111217: SCHOOL})


def test_a_setting_lies_where_it_is_from_the_square() -> None:
    picture = draw(HOME, [an_option()], {111217: SCHOOL})
    assert picture is not None
    (spot,) = picture.spots
    assert (spot.mark, spot.name) == ("1", "Astmoor Primary School")
    assert spot.x > SIDE / 2, "it is to the east"
    assert spot.y == SIDE / 2, "and at the height of the square's middle"


@given(some.lists(some.tuples(some.integers(0, 700_000), some.integers(0, 1_300_000)), min_size=1, max_size=8))
def test_everything_is_within_the_picture(places: list[tuple[int, int]]) -> None:
    options = [an_option(rank, urn=rank) for rank in range(1, len(places) + 1)]
    located = {at: common_pb2.GridReference(easting=e, northing=n) for at, (e, n) in enumerate(places, start=1)}
    picture = draw(HOME, options, located)
    assert picture is not None
    assert all(0 <= spot.x <= SIDE and 0 <= spot.y <= SIDE for spot in picture.spots)


def test_without_a_home_or_a_place_there_is_no_picture() -> None:
    assert draw(None, [an_option()], {111217: SCHOOL}) is None
    assert draw(HOME, [an_option()], {}) is None
