"""Real postcodes of an authority, offline, with their OS grid references."""

from dataclasses import dataclass

from shared.postcodes import areas_of, list_points


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
    points = list_points(areas_of(ons_code))
    homes = [Home(_spaced(point.postcode), point.easting, point.northing) for point in points]
    if not homes:
        raise NoPostcodesError(
            f"The postcode directory has no postcode of {ons_code}. Give the ONS code of a local "
            "authority that exists today, such as E06000006."
        )
    return sorted(homes)


def _spaced(postcode: str) -> str:
    """As people write it: one space before the last three characters."""
    return f"{postcode[:-3]} {postcode[-3:]}"
