"""A definition written out reads back to the same, whatever is in it."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.simulation.levers import read_definition_file
from services.planning.definition_text import definition_text

PLAIN = st.one_of(
    st.text(max_size=20).filter(lambda said: "\r" not in said),
    st.integers(-(10**9), 10**9),
    st.floats(-1000, 1000, allow_nan=False).map(lambda number: round(number, 6)),
    st.booleans(),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.lists(st.integers(0, 20), min_size=1, max_size=3),
)
NAMES = st.sampled_from(["name", "places", "why", "opens", "factor"])
TABLES = st.dictionaries(NAMES, PLAIN, min_size=1, max_size=4)


@given(
    st.fixed_dictionaries(
        {"first_year": st.integers(2000, 2100)},
        optional={
            "levers": st.fixed_dictionaries(
                {}, optional={"open": st.lists(TABLES, min_size=1, max_size=3), "risks": TABLES, "growth": st.just(0.5)}
            ),
            "areas": st.lists(TABLES, min_size=1, max_size=2),
        },
    )
)
def test_what_is_written_reads_back_to_the_same(definition: dict[str, Any]) -> None:
    expected = {key: value for key, value in definition.items() if value != {}}
    assert tomllib.loads(definition_text(definition)) == expected


def test_a_definition_written_out_is_one_that_the_service_reads() -> None:
    lever = {"name": "B", "kind": "resource_base", "places": 8, "opens": date(2025, 9, 1), "area": "350,380"}
    read = read_definition_file(
        definition_text({"name": "Bases", "first_year": 2024, "levers": {"open": [lever], "growth": 0.02}})
    )
    assert (read.name, read.levers.open[0].opens, read.levers.growth) == ("Bases", date(2025, 9, 1), 0.02)
