"""What may be offered in place of transport: one test a rule. None of it is in a total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from inborough.cost.v1 import cost_pb2 as pb
from services.cost.domain.pricing import Origin
from services.cost.quotes.alternatives import mileage_pence
from services.cost.quotes.quote import NO_SOURCE
from services.cost.transport.fares import Mileage
from tests.builders.cost import card_rows, child, pool, rate, request
from tests.spec.cost.quoted import quote

BUDGETS = (
    rate("personal_travel_budget", 1_000, minimum_metres=2_000),
    rate("personal_travel_budget", 3_000, minimum_metres=10_000),
)
MILEAGE = rate("mileage", "0.45", "gbp_per_mile")


def offered(
    one_child: pb.QuoteCase, rows: Iterable[Mapping[str, str]], flags: bytes = b""
) -> dict[str, tuple[int, str]]:
    """Pence and source of each alternative of one pair, by label."""
    asked = request([one_child], [pool()])
    asked.pair_flags = flags
    found = quote(asked, rows)
    lines = ((line, line.origin_at[0]) for line in found.alternatives)
    return {line.label: (int(line.annual_pence[0]), found.origins[at].source) for line, at in lines if at != NO_SOURCE}


def test_a_card_without_them_offers_nothing() -> None:
    assert offered(child(metres_away=10_000), card_rows()) == {}


@pytest.mark.parametrize(("metres_away", "pence"), [(4_000, 100_000), (7_691, 100_000), (7_692, 300_000)])
def test_a_personal_travel_budget_is_a_years_amount_by_distance(metres_away: int, pence: int) -> None:
    found = offered(child(metres_away=metres_away), card_rows(*BUDGETS))
    assert found["Personal travel budget"][0] == pence


def test_nearer_than_the_first_distance_of_the_card_no_budget_is_offered() -> None:
    assert offered(child(metres_away=1_000, wheelchair=True), card_rows(*BUDGETS)) == {}


def test_mileage_is_for_two_return_journeys_on_every_day_of_transport() -> None:
    pence, source = offered(child(metres_away=10_000), card_rows(MILEAGE))["Mileage paid to the family"]
    assert pence == round(13_000 * 4 * 190 * 45 / 1609.344)
    assert source == "test v1: mileage, two return journeys a day, 190 days"


@pytest.mark.parametrize(
    ("metres", "pence_per_mile", "days", "pence"),
    [(0, 45, 190, 0), (1_609, 45, 1, 180), (1_006, 1, 1, 3), (201, 1, 1, 0)],
)
def test_mileage_is_rounded_half_up_to_whole_pence(metres: int, pence_per_mile: int, days: int, pence: int) -> None:
    assert mileage_pence(Mileage(pence_per_mile, days, Origin("", "")), metres) == pence


def test_where_travel_is_not_paid_nothing_is_offered() -> None:
    for one_child in (child(metres_away=100), child(), child(metres_away=9_000, year_group=-1, age_years=4)):
        assert offered(one_child, card_rows(*BUDGETS, MILEAGE)) == {}


def test_travel_left_to_the_family_is_offered_at_nothing_where_the_family_goes_further_by_choice() -> None:
    near, far = pool(), pool(pool_id="pool_2", location={"easting": 361_000, "northing": 385_000})
    asked = request([child(metres_away=2_000, wheelchair=True)], [near, far])
    asked.pair_flags = bytes((1, 3))
    found = quote(asked)
    (line,) = found.alternatives
    assert (line.label, line.annual_pence.tolist()) == ("Travel left to the family", [0, 0])
    assert [at != NO_SOURCE for at in line.origin_at] == [False, True]
    assert "s.39" in found.origins[line.origin_at[1]].source


def test_no_alternative_is_in_a_total() -> None:
    asked = request([child(metres_away=10_000)], [pool()])
    found, without = quote(asked, card_rows(*BUDGETS, MILEAGE)), quote(asked, card_rows())
    assert found.annual_budget_pence.tolist() == without.annual_budget_pence.tolist()
    assert {line.ledger for line in found.alternatives} == {"budget"}


def test_totals_alone_carry_no_alternatives() -> None:
    asked = request([child(metres_away=10_000)], [pool()], include_lines=False)
    assert not quote(asked, card_rows(*BUDGETS, MILEAGE)).alternatives
