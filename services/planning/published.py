"""The Department's published tables, and what a forecast from them calls things."""

from __future__ import annotations

from pathlib import Path

from services.placement.forecast.demand.forecast import ENGLAND
from services.placement.forecast.demand.point import FEWEST_JANUARIES
from services.placement.forecast.published.authorities import Authority
from services.placement.forecast.published.england import read_england
from services.placement.forecast.published.read_series import read_series
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.published.values import (
    WHERE_PUBLISHED,
    PublishedTablesMissingError,
    PublishedTableWrongError,
)
from services.placement.forecast.rates.england import England
from services.planning.refused import Refused

EVERY = "all"
NAMES = {
    "all": "All plans",
    "mainstream": "Mainstream",
    "resource_base_or_unit": "Resource base or unit",
    "state_special": "Maintained or academy special",
    "inmss": "INMSS",
    "further_education": "Further education",
    "educated_elsewhere": "Educated elsewhere",
}
"""Values in words; an age band is "Age 5-10"."""


def value_name(value: str) -> str:
    """A value of a breakdown in words."""
    return NAMES.get(value, f"Age {value}")


def read_published(folder: Path) -> tuple[PublishedSeries, England]:
    """The tables of a folder. Raises Refused, which says what is wrong in them or where to get them."""
    try:
        series, england = read_series(folder), read_england(folder)
    except (PublishedTablesMissingError, PublishedTableWrongError) as error:
        raise Refused(str(error)) from None
    if len(series.januaries) < FEWEST_JANUARIES:
        raise Refused(
            f"caseload.csv has {len(series.januaries)} Januaries; the forecast needs {FEWEST_JANUARIES} or more.",
            WHERE_PUBLISHED,
        )
    return series, england


def chosen_authorities(series: PublishedSeries, asked: str) -> list[Authority]:
    """The authorities asked for by code or name, EVERY for all. Raises Refused where none answers to it."""
    here = [each for each, present in zip(series.authorities, series.present, strict=True) if present]
    if asked == EVERY:
        return here
    found = [each for each in (*here, ENGLAND) if each.answers_to(asked)]
    if len(found) == 1:
        return found
    raise Refused(
        f"{asked!r} is no authority with plans in January {series.januaries[-1]}.",
        "Give an ONS code such as E06000006, a three-digit code such as 876, a name such as Halton, or all.",
    )
