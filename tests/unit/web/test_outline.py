"""The borough's outline: the same from the same postcodes, around nearly all of them, and no error without any."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from services.web.outline import kept
from services.web.outline.kept import Outline, Rings
from services.web.outline.shape import GAP_METRES, SIMPLER_METRES, SQUARE_METRES, outline_of
from shared.postcodes import areas_of, list_points

HALTON = "E06000006"
UNKNOWN = "E99999999"
POINTS = some.lists(some.tuples(some.integers(0, 20_000), some.integers(0, 20_000)), max_size=60)


def block(west: int, south: int, east: int, north: int) -> set[tuple[int, int]]:
    """A postcode in the middle of every square of 500 m."""
    return {(x + 250, y + 250) for x in range(west, east, SQUARE_METRES) for y in range(south, north, SQUARE_METRES)}


def rings_of(*outlines: Outline) -> list[Rings]:
    async def read() -> list[Rings]:
        found = [await outline.rings() for outline in outlines]
        await asyncio.gather(*(outline.close() for outline in outlines))
        return found

    return asyncio.run(read())


def test_a_block_of_postcodes_is_outlined_by_its_corners() -> None:
    (ring,) = outline_of(block(0, 0, 3_000, 2_000))
    assert sorted(ring) == [(0, 0), (0, 2_000), (3_000, 0), (3_000, 2_000)]


def test_parts_that_lie_apart_have_an_outline_each_and_a_stray_postcode_none() -> None:
    island = block(9_000, 0, 11_000, 2_000)
    assert len(outline_of(block(0, 0, 3_000, 2_000) | island | {(30_000, 30_000)})) == 2


def test_a_river_and_a_park_belong_to_the_borough_and_a_city_within_a_county_does_not() -> None:
    banks = block(0, 0, 3_000, 2_000) | block(0, 2_000 + 2 * GAP_METRES - SQUARE_METRES, 3_000, 5_500)
    assert len(outline_of(banks)) == 1
    county = block(0, 0, 20_000, 20_000)
    assert len(outline_of(county - block(5_000, 5_000, 9_000, 9_000))) == 1
    assert len(outline_of(county - block(5_000, 5_000, 13_000, 13_000))) == 2


@given(POINTS, some.randoms(use_true_random=False))
def test_the_same_postcodes_in_any_order_give_the_same_outline(points: list[tuple[int, int]], random: object) -> None:
    turned = list(points)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert outline_of(turned) == outline_of(points)


def test_an_area_without_postcodes_has_no_outline() -> None:
    assert outline_of([]) == []


def test_haltons_outline_holds_its_postcodes_and_is_about_as_large() -> None:
    points = list_points(areas_of(HALTON))
    (ring,) = outline_of((point.easting, point.northing) for point in points)
    shape = shapely.Polygon(ring)
    around = shape.buffer(SIMPLER_METRES)
    assert all(around.contains(shapely.Point(point.easting, point.northing)) for point in points)
    assert shape.area / 1e6 == pytest.approx(90.3, rel=0.1), "square kilometres with its part of the Mersey"


def test_a_county_is_its_districts() -> None:
    assert HALTON not in areas_of("E10000014")
    assert len(areas_of("E10000014")) > 5
    assert areas_of(HALTON) == {HALTON}


def test_an_outline_is_drawn_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", 60)
    (drawn,) = rings_of(Outline(tmp_path / "outlines", HALTON))
    assert len(drawn[0]) > 10
    (file,) = (tmp_path / "outlines").iterdir()
    assert file.name.startswith(f"{HALTON}-20")
    monkeypatch.setattr(kept, "PROCESS", "services.web.no_such_process")
    assert rings_of(Outline(tmp_path / "outlines", HALTON)) == [drawn]


@pytest.mark.parametrize("content", [b"", b"no json", b"7", b'[["x"]]', b'{"a": 1}'])
def test_a_file_that_holds_no_outline_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    async def draw(authority: str) -> bytes:
        return json.dumps([[[0, 0], [0, 1], [1, 1]]]).encode()

    monkeypatch.setattr(kept, "_draw", draw)
    first, again = Outline(tmp_path, UNKNOWN), Outline(tmp_path, UNKNOWN)
    rings_of(first)
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert rings_of(again) == [[[(0, 0), (0, 1), (1, 1)]]]
    assert json.loads(file.read_bytes())


def test_an_authority_that_the_directory_does_not_know_has_no_outline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", 60)
    assert rings_of(Outline(tmp_path, UNKNOWN)) == [[]]


def test_where_nothing_can_be_kept_the_outline_is_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draw(authority: str) -> bytes:
        return b"[[[0, 0], [0, 1], [1, 1]]]"

    monkeypatch.setattr(kept, "_draw", draw)
    (tmp_path / "file").touch()
    assert rings_of(Outline(tmp_path / "file" / "outlines", HALTON)) == [[[(0, 0), (0, 1), (1, 1)]]]


def test_a_map_does_not_wait_for_an_outline_that_takes_long_or_cannot_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PROCESS", "services.web.no_such_process")
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", 60)
    assert rings_of(Outline(tmp_path, HALTON)) == [[]]
    monkeypatch.setattr(kept, "PROCESS", "tests.builders.sleeper")
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", 0)
    assert rings_of(Outline(tmp_path, HALTON)) == [[]]
