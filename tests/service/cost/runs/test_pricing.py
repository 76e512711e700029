"""PriceRuns: what runs cost in a trial. Nothing is kept, and the same request has one answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inborough.cost.v1 import transport_pb2 as pb
from shared.errors import InvalidInput
from tests.builders.runs import ASH, BIRCH, FAR, fleet_file, fleet_rows, plan_request, price_request, street, traveller
from tests.service.cost.runs.conftest import Transport, equip, serving

CHILDREN = [*street(5), *street(4, BIRCH, prefix="b", east=6_000), traveller("f", FAR), traveller("new", urn=0)]
NEW = len(CHILDREN) - 1
EVERYWHERE = [(who, urn) for who in (0, 6, NEW) for urn in (ASH, BIRCH, FAR)]


def pence(packed: bytes) -> NDArray[np.int64]:
    return np.frombuffer(packed, "<i8")


def test_prices_are_those_of_the_runs_that_would_be_planned(shared_transport: Transport) -> None:
    priced = shared_transport.price(price_request(CHILDREN))
    assert priced.annual_pence == shared_transport.plan(plan_request(CHILDREN)).annual_pence


def test_the_same_request_has_the_same_answer_in_any_order_and_after_a_restart(tmp_path: Path) -> None:
    url, answers = f"sqlite:///{tmp_path / 'runs.db'}", []
    asked, other = price_request(CHILDREN, EVERYWHERE), price_request(CHILDREN[1:], [(0, FAR)])
    with serving(url) as service:
        equip(service)
        answers += [service.price(asked), service.price(other), service.price(asked)]
    with serving(url) as service:
        again = service.price(other)
        answers += [service.price(asked)]
    assert answers[0] == answers[2] == answers[3]
    assert again == answers[1]


def test_the_order_of_children_and_settings_changes_nothing_but_the_order_of_the_answer(
    shared_transport: Transport,
) -> None:
    one = shared_transport.price(price_request(CHILDREN, EVERYWHERE))
    turned = [(len(CHILDREN) - 1 - who, urn) for who, urn in EVERYWHERE]
    other = shared_transport.price(price_request(CHILDREN[::-1], turned))
    assert one.annual_pence == other.annual_pence
    assert pence(one.saved_annual_pence).tolist() == pence(other.saved_annual_pence).tolist()[::-1]
    assert one.added_annual_pence == other.added_annual_pence
    assert one.least_annual_pence == other.least_annual_pence


def test_a_childs_own_place_adds_what_its_leaving_saves(shared_transport: Transport) -> None:
    """Taken out of its run and put back where it costs least: never more than where it was."""
    own = [(at, child.urn) for at, child in enumerate(CHILDREN) if child.urn]
    priced = shared_transport.price(price_request(CHILDREN, own))
    added, saved = pence(priced.added_annual_pence), pence(priced.saved_annual_pence)[:-1]
    assert (added <= saved).all()
    assert (saved >= 0).all()


def test_a_child_who_goes_nowhere_saves_nothing(shared_transport: Transport) -> None:
    priced = shared_transport.price(price_request(CHILDREN))
    assert pence(priced.saved_annual_pence)[NEW] == 0
    assert pence(priced.least_travelling_annual_pence)[NEW] == 0


def test_the_least_of_all_who_travel_is_no_more_than_what_their_runs_cost(shared_transport: Transport) -> None:
    priced = shared_transport.price(price_request(CHILDREN, EVERYWHERE))
    assert 0 < pence(priced.least_travelling_annual_pence).sum() <= priced.annual_pence
    assert (pence(priced.least_annual_pence) <= pence(priced.added_annual_pence) + priced.annual_pence).all()


def test_a_child_who_is_owed_no_travel_adds_nothing(shared_transport: Transport) -> None:
    priced = shared_transport.price(price_request([traveller("near", urn=0, east=100)], [(0, ASH), (0, FAR)]))
    near, far = pence(priced.added_annual_pence).tolist()
    assert near == 0
    assert far > 0
    assert pence(priced.least_annual_pence)[0] == 0


def test_nothing_is_kept(shared_transport: Transport) -> None:
    before = shared_transport.list_ids()
    shared_transport.price(price_request(CHILDREN, EVERYWHERE))
    assert shared_transport.list_ids() == before


def test_the_revision_changes_with_the_fleet_and_not_with_a_run_plan(transport: Transport) -> None:
    revision = transport.price(price_request(street(1))).revision
    transport.plan(plan_request(street(1)))
    assert transport.price(price_request(street(2))).revision == revision
    transport.import_fleet(fleet_file([{**row, "gbp_per_km": "0.70"} for row in fleet_rows()]))
    assert transport.price(price_request(street(1))).revision != revision


@pytest.mark.parametrize(
    ("field", "column", "packed"),
    [
        ("candidate_traveller", "candidate_traveller", b"\0" * 5),
        ("candidate_destination", "candidate_destination", b"\0" * 8),
        ("candidate_traveller", "candidate_traveller", np.array([9], "<i4").tobytes()),
        ("candidate_destination", "candidate_destination", np.array([-1], "<i4").tobytes()),
    ],
)
def test_a_torn_or_wrong_column_of_candidates_is_refused(
    shared_transport: Transport, field: str, column: str, packed: bytes
) -> None:
    asked: pb.PriceRunsRequest = price_request(street(1), [(0, ASH)])
    setattr(asked, column, packed)
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        shared_transport.price(asked)
