"""Homes from postcodes. The postcode itself is not kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.caseload.domain.case import Home
from shared.postcodes import locate


def find_homes(postcodes: Iterable[str]) -> Mapping[str, Home]:
    """Homes by squeezed postcode; a postcode that is unknown or has no grid reference is left out."""
    return {code: Home(point.easting, point.northing, point.area) for code, point in locate(postcodes).items()}
