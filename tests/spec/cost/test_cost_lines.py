"""One test for each rule of what is paid for a place, and on which ledger."""

from __future__ import annotations

import pytest

from inborough.cost.v1 import cost_pb2 as pb
from shared.errors import WrongState
from tests.builders.cost import card_rows, child, pool, rate, request, travel_rows
from tests.spec.cost.quoted import lines, lines_of, quote

FAR = child(metres_away=10_000)


def test_place_funding_is_paid_by_kind_and_the_child_adds_nothing_to_it() -> None:
    found = lines(one_pool=pool("state_special"))
    assert found["Place funding", "budget"] == 1_000_000
    assert found["Place funding", "marginal"] == 0


def test_a_line_of_nothing_says_that_a_vacant_place_adds_about_nothing() -> None:
    (nothing,) = [line for line in lines_of(quote(request())) if line.pence == 0]
    assert (nothing.label, nothing.ledger) == ("Place funding", "marginal")
    assert "EH v Kent [2011] EWCA Civ 709" in nothing.source


def test_where_no_place_is_vacant_the_place_itself_is_an_added_cost() -> None:
    asked = request()
    for place in asked.pools:
        place.no_vacancy = True
    found = {(line.label, line.ledger): line for line in lines_of(quote(asked))}
    assert found["Place funding", "marginal"].pence == found["Place funding", "budget"].pence > 0
    assert "no place is vacant" in found["Place funding", "marginal"].source


@pytest.mark.parametrize(
    ("need", "band", "pence"),
    [
        ("MLD", "", 500_000),
        ("MLD", "B", 700_000),
        ("SEMH", "", 800_000),
        ("SEMH", "B", 900_000),
        ("SEMH", "C", 800_000),
    ],
)
def test_top_up_is_paid_for_the_child_by_need_and_band_on_both_ledgers(need: str, band: str, pence: int) -> None:
    rows = card_rows(
        rate("top_up", 7000, kind="resource_base", band="B"),
        rate("top_up", 8000, kind="resource_base", need="SEMH"),
        rate("top_up", 9000, kind="resource_base", need="SEMH", band="B"),
    )
    found = lines(child(metres_away=0, primary_need=need, top_up_band=band), rows=rows)
    assert found["Top-up", "budget"] == found["Top-up", "marginal"] == pence


def test_a_source_cites_card_version_item_kind_need_and_band() -> None:
    rows = card_rows(rate("top_up", 9000, kind="resource_base", need="SEMH", band="C", basis="illustrative"))
    found = quote(request([child(metres_away=0, primary_need="SEMH", top_up_band="C")]), rows)
    origin = found.origins[next(line for line in found.lines if line.label == "Top-up").origin_at[0]]
    assert origin == ("illustrative", "test v1: top-up, resource base, SEMH, band C")


@pytest.mark.parametrize("kind", ["independent_special", "non_maintained_special"])
def test_an_inmss_place_costs_its_fee_alone_on_both_ledgers(kind: str) -> None:
    assert lines(one_pool=pool(kind)) == {("School fee", "budget"): 6_000_000, ("School fee", "marginal"): 6_000_000}


def test_a_schools_actual_fee_is_used_when_the_card_has_it_even_against_a_need() -> None:
    rows = card_rows(rate("inmss_fee", 70000, need="ASD"), rate("inmss_fee", 51234.56, urn=100_777, basis="actual"))
    found = quote(request(pools=[pool("independent_special", urn=100_777), pool("independent_special")]), rows)
    assert found.annual_budget_pence.tolist() == [5_123_456, 7_000_000]
    assert ("actual", "test v1: fee, independent special, this setting") in found.origins


def test_place_funding_of_a_non_maintained_special_school_is_due_when_the_card_names_that_kind() -> None:
    rows = card_rows(rate("place_funding", 10000, kind="non_maintained_special"))
    found = lines(one_pool=pool("non_maintained_special"), rows=rows)
    assert found["Place funding", "budget"] == 1_000_000
    assert found["Place funding", "marginal"] == 0
    assert found["School fee", "marginal"] == 6_000_000


@pytest.mark.parametrize(("places", "pence"), [(5, 2_400_000), (7, 1_714_286), (0, 12_000_000)])
def test_a_units_yearly_block_is_shared_among_its_places_and_the_child_adds_nothing(places: int, pence: int) -> None:
    found = lines(one_pool=pool("hn_unit", places_commissioned=places))
    label = "High Needs unit, share of yearly cost"
    assert found == {(label, "budget"): pence, (label, "marginal"): 0}


def test_a_half_penny_of_a_share_is_rounded_up() -> None:
    rows = [row for row in card_rows(rate("hn_unit_block", "0.05")) if row["amount"] != "120000"]
    found = lines(one_pool=pool("hn_unit", places_commissioned=2), rows=rows)
    assert found["High Needs unit, share of yearly cost", "budget"] == 3


@pytest.mark.parametrize(
    ("metres_away", "solo", "pence"),
    [
        (3_800, False, 190 * 1_000),
        (3_846, False, 190 * 2_000),
        (3_800, True, 190 * 3_000),
        (6_154, True, 190 * 6_000),
    ],
)
def test_transport_is_a_price_a_day_by_distance_times_the_days(metres_away: int, solo: bool, pence: int) -> None:
    found = lines(child(metres_away=metres_away, solo=solo))
    assert found["Transport", "budget"] == found["Transport", "marginal"] == pence


def test_a_wheelchair_and_an_assistant_are_paid_besides_the_vehicle() -> None:
    found = lines(child(metres_away=0, wheelchair=True, passenger_assistant=True))
    assert found["Transport", "marginal"] == 190 * 1_000
    assert found["Wheelchair-accessible vehicle", "marginal"] == 190 * 1_500
    assert found["Passenger assistant", "budget"] == 190 * 1_800


@pytest.mark.parametrize(
    "walker", [child(metres_away=0), child(), child(metres_away=9000, year_group=-1, age_years=4, wheelchair=True)]
)
def test_a_child_whose_travel_is_not_paid_has_no_transport_line(walker: pb.QuoteCase) -> None:
    assert {label for label, _ in lines(walker)} == {"Place funding", "Top-up"}


def test_a_kind_without_any_price_is_refused_naming_it() -> None:
    rows = [rate("place_funding", 6000, kind="mainstream"), rate("inmss_fee", 60000), *travel_rows()]
    with pytest.raises(WrongState, match=r"test v1 has no price for places of kind: SEN unit, state special"):
        quote(request([FAR], [pool("sen_unit"), pool("state_special"), pool("mainstream")]), rows)
