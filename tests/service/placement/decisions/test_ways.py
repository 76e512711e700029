"""The ways through a decision, with real caseload, provision and cost, on both databases."""

from __future__ import annotations

from inborough.placement.v1 import decisions_pb2
from tests.builders.deciding import FREE, Panel


def test_a_place_is_agreed_offered_and_named(panel: Panel) -> None:
    decision = panel.record(FREE)
    assert decisions_pb2.DecisionState.Name(decision.state) == "DECISION_STATE_OFFERED"
    assert decision.rank == 1
    (offer,) = panel.offers(case_id=decision.case_id)
    assert (offer.offer_id, offer.decision_id) == (decision.offer_id, decision.decision_id)
    named = panel.name(decision)
    assert named.state == decisions_pb2.DECISION_STATE_NAMED
    case = panel.case(FREE)
    assert not case.HasField("decision_due")
    assert case.named_placement.pool_id == decision.pool_id
