"""The vectorised quote says what plain Python says of each pair alone, and its sums and comparisons hold."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inborough.common.v1.common_pb2 import GridReference
from inborough.cost.v1 import cost_pb2 as pb
from tests.builders.cost import Cells, request
from tests.spec.cost.drawn import children, pools, rate_rows
from tests.spec.cost.quoted import lines_of, quote
from tests.spec.cost.reference import price

many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(rate_rows(), st.lists(children, min_size=1, max_size=5), st.lists(pools, min_size=1, max_size=5), st.booleans())
def test_every_pair_is_priced_as_if_alone(
    rows: list[Cells], cases: list[pb.QuoteCase], places: list[pb.QuotePool], paid: bool
) -> None:
    found = quote(request(cases, places), rows, post_16_travel_paid=paid)
    for at, (child, pool) in enumerate((child, pool) for child in cases for pool in places):
        expected = price(rows, child, pool, post_16_paid=paid)
        assert found.journeys.route_metres[at] == expected.metres
        assert found.journeys.minutes[at] == expected.minutes
        assert found.travel.eligibilities[found.travel.index[at]].code == expected.code
        for ledger, pence in (("budget", expected.budget), ("marginal", expected.marginal)):
            assert {line.label: line.pence for line in lines_of(found, at) if line.ledger == ledger} == pence


@many
@given(rate_rows(), st.lists(children, min_size=1, max_size=4), st.lists(pools, min_size=1, max_size=4))
def test_a_total_is_the_sum_of_its_lines_and_the_marginal_is_never_above_the_budget(
    rows: list[Cells], cases: list[pb.QuoteCase], places: list[pb.QuotePool]
) -> None:
    found = quote(request(cases, places), rows)
    for at in range(len(cases) * len(places)):
        for ledger, total in (("budget", found.annual_budget_pence), ("marginal", found.annual_marginal_pence)):
            assert sum(line.pence for line in lines_of(found, at) if line.ledger == ledger) == total[at]
    assert (found.annual_marginal_pence <= found.annual_budget_pence).all()


@many
@given(rate_rows(), st.lists(children, min_size=1, max_size=4), st.lists(pools, min_size=1, max_size=4))
def test_totals_are_the_same_with_and_without_lines(
    rows: list[Cells], cases: list[pb.QuoteCase], places: list[pb.QuotePool]
) -> None:
    with_lines, without = (quote(request(cases, places, include_lines=lines), rows) for lines in (True, False))
    assert with_lines.annual_budget_pence.tolist() == without.annual_budget_pence.tolist()
    assert with_lines.annual_marginal_pence.tolist() == without.annual_marginal_pence.tolist()
    assert not without.lines


@many
@given(rate_rows(), children, pools, st.lists(st.integers(0, 60_000), min_size=2, max_size=6))
def test_farther_is_never_cheaper_for_one_child_and_one_kind(
    rows: list[Cells], child: pb.QuoteCase, pool: pb.QuotePool, away: list[int]
) -> None:
    child.home.CopyFrom(GridReference(easting=300_000, northing=400_000))
    places = []
    for metres in sorted(away):
        places.append(pb.QuotePool())
        places[-1].CopyFrom(pool)
        places[-1].location.CopyFrom(GridReference(easting=300_000 + metres, northing=400_000))
    costs = quote(request([child], places), rows).annual_budget_pence.tolist()
    assert costs == sorted(costs)


@many
@given(rate_rows(), children, pools)
def test_needing_an_assistant_is_never_cheaper(rows: list[Cells], child: pb.QuoteCase, pool: pb.QuotePool) -> None:
    without, needing = pb.QuoteCase(), pb.QuoteCase()
    without.CopyFrom(child)
    needing.CopyFrom(child)
    without.passenger_assistant, needing.passenger_assistant = False, True
    cheaper, dearer = quote(request([without, needing], [pool]), rows).annual_marginal_pence
    assert cheaper <= dearer
