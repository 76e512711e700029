"""Messages of the neighbours become the facts that the rules look at."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.facts_wire import placement_facts
from services.placement.model.facts import PlacementFacts
from tests.builders.placement import FIRST_DAY


def the_facts(
    reason: caseload_pb2.DueReason.ValueType, *, commissioned: int = 5, confirmed: bool = True
) -> PlacementFacts:
    case = caseload_pb2.Case(case_id="case_1", decision_due=caseload_pb2.DecisionDue(reason=reason))
    pool = provision_pb2.PlacePool(
        pool_id="pool_A",
        kind="resource_base",
        places_commissioned=commissioned,
        places_filled=5,
        places_free=max(0, commissioned - 5) if confirmed else 0,
        confirmed=confirmed,
        held_by=["case_0", "case_1"],
        group_id="group_G",
    )
    group = provision_pb2.PoolGroup(
        group_id="group_G", places_commissioned=5, places_filled=5, places_free=0, pool_ids=["pool_A"]
    )
    return placement_facts(FIRST_DAY, [case], [pool], [group])


@pytest.mark.parametrize(
    ("reason", "free"),
    [
        (caseload_pb2.DUE_REASON_PHASE_TRANSFER, 1),
        (caseload_pb2.DUE_REASON_REVIEW_CHANGE, 0),
        (caseload_pb2.DUE_REASON_BREAKDOWN, 0),
    ],
)
def test_only_a_phase_transfer_gives_up_the_place_it_would_age_into(
    reason: caseload_pb2.DueReason.ValueType, free: int
) -> None:
    facts = the_facts(reason)
    assert facts.pools[0].places_free == free
    assert facts.pools[0].places_filled == 5 - free
    assert facts.groups[0].places_free == free


def test_giving_up_one_place_of_an_overfull_pool_frees_none() -> None:
    facts = the_facts(caseload_pb2.DUE_REASON_PHASE_TRANSFER, commissioned=4)
    assert facts.pools[0].places_free == 0


def test_an_unconfirmed_pool_has_no_free_place_whatever_is_given_up() -> None:
    facts = the_facts(caseload_pb2.DUE_REASON_PHASE_TRANSFER, commissioned=9, confirmed=False)
    assert facts.pools[0].places_free == 0
