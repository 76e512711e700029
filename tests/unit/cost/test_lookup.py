"""The most specific rate wins."""

from __future__ import annotations

import pytest

from services.cost.domain.lookup import RateLookup
from tests.builders.cost import rate, rates_of, travel_rows

ROWS = [
    rate("top_up", 1),
    rate("top_up", 2, kind="sen_unit"),
    rate("top_up", 3, band="B"),
    rate("top_up", 4, kind="sen_unit", band="B"),
    rate("top_up", 5, need="SEMH"),
    rate("top_up", 6, kind="sen_unit", need="SEMH"),
    rate("top_up", 7, need="SEMH", band="C"),
    rate("top_up", 8, urn=100_001),
    rate("top_up", 9, urn=100_001, band="B"),
    rate("inmss_fee", 1),
]
LOOKUP = RateLookup(rates_of([*ROWS, *travel_rows()]))


@pytest.mark.parametrize(
    ("pounds", "kind", "need", "band", "urn"),
    [
        (1, "mainstream", "ASD", "A", 100_002),
        (2, "sen_unit", "ASD", "A", 100_002),
        (3, "mainstream", "ASD", "B", 100_002),
        (4, "sen_unit", "ASD", "B", 100_002),
        (5, "mainstream", "SEMH", "B", 100_002),
        (6, "sen_unit", "SEMH", "B", 100_002),
        (7, "sen_unit", "SEMH", "C", 100_002),
        (8, "sen_unit", "SEMH", "C", 100_001),
        (9, "sen_unit", "SEMH", "B", 100_001),
    ],
)
def test_a_urn_beats_need_and_band_beats_need_beats_band_beats_neither_and_a_kind_breaks_ties(
    pounds: int, kind: str, need: str, band: str, urn: int
) -> None:
    found = LOOKUP.find("top_up", kind=kind, need=need, band=band, urn=urn)
    assert found is not None
    assert found.amount == pounds * 100


def test_a_rate_for_any_kind_is_not_a_rate_that_names_the_kind() -> None:
    named = LOOKUP.find_named("top_up", kind="sen_unit", need="SEMH", band="C")
    assert named is not None
    assert named.amount == 600
    assert LOOKUP.find_named("top_up", kind="mainstream", need="SEMH") is None


def test_nothing_applies_where_the_item_has_no_rate() -> None:
    assert LOOKUP.find("hn_unit_block", kind="hn_unit") is None
