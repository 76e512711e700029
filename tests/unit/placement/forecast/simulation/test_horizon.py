"""A lever or probe that begins after the years simulated is a slip, refused by its field."""

from __future__ import annotations

from typing import Any

import pytest

from services.placement.forecast.simulation.horizon import check_horizon
from services.placement.forecast.simulation.levers import read_definition

OPENS = {"name": "b", "kind": "resource_base", "places": 5, "urn": 900_001}
PROBE = {"need": "SEMH", "phase": "KS3"}


def checked(years: int = 4, **table: Any) -> str:
    """What is said of a scenario of 2026/27 and the years after it."""
    try:
        check_horizon(read_definition({"name": "Test", "first_year": 2026, "years": years, **table}))
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("table", "last", "beyond", "field"),
    [
        (lambda year: {"levers": {"demand": [{"factor": 2, "from_year": year}]}}, 2029, 2030, "demand[0].from_year"),
        (
            lambda year: {"levers": {"transport_prices": [{"fuel": 0.1, "from_year": year}]}},
            2029,
            2030,
            "transport_prices[0].from_year",
        ),
        (lambda day: {"levers": {"open": [{**OPENS, "opens": day}]}}, "2030-08-31", "2030-09-01", "open[0].opens"),
        (
            lambda day: {"levers": {"extend": [{"pool": "p", "places": 1, "opens": day}]}},
            "2030-08-31",
            "2030-09-01",
            "extend[0].opens",
        ),
        (
            lambda day: {"levers": {"close": [{"pool": "p", "closes": day}]}},
            "2029-09-01",
            "2029-09-02",
            "close[0].closes",
        ),
    ],
)
def test_a_lever_counts_to_the_last_day_of_its_kind_and_is_refused_after_it(
    table: Any, last: Any, beyond: Any, field: str
) -> None:
    assert checked(**table(last)) == ""
    assert checked(**table(beyond)).startswith(f"levers.{field}: {beyond} is after 20")


def test_it_says_what_to_do() -> None:
    said = checked(levers={"demand": [{"factor": 2}, {"factor": 2, "from_year": 2035}]})
    assert said == (
        "levers.demand[1].from_year: 2035 is after 2029/30, the last year simulated. "
        "It would change nothing: simulate more years, or leave it out."
    )


def test_a_probe_is_held_to_the_years_too() -> None:
    assert checked(probes=[{**PROBE, "from_year": 2029}]) == ""
    assert checked(years=2, probes=[{**PROBE, "from_year": 2029}]).startswith("probes[0].from_year: 2029 is after")


def test_what_begins_before_the_years_is_in_force_from_their_start() -> None:
    levers = {"demand": [{"factor": 2, "from_year": 2001}], "open": [{**OPENS, "opens": "2020-09-01"}]}
    assert checked(levers=levers) == ""
