"""Real postcodes of an authority, offline, with their OS grid references."""

import csv
from dataclasses import dataclass

from services.cli.demo.facts import FACTS
from shared.postcodes import list_points


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
    points = list_points(_areas_of(ons_code))
    homes = [Home(_spaced(point.postcode), point.easting, point.northing) for point in points]
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


def _spaced(postcode: str) -> str:
    """As people write it: one space before the last three characters."""
    return f"{postcode[:-3]} {postcode[-3:]}"
