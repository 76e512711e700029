"""The ways through a decision, with real caseload, provision and cost, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import decisions_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.storage import tables
from shared.database import writing
from shared.days import to_wire
from shared.errors import InvalidInput
from shared.ids import new_id
from tests.builders.deciding import ASH, ASKS_BIRCH, ASKS_BIRCH_TOO, ASKS_DOGWOOD, BIRCH, DOGWOOD, FREE, SECONDS, Panel
from tests.service.placement.decisions.hands import EventsHands

CHOOSE_OTHER = decisions_pb2.DECISION_KIND_CHOOSE_OTHER


def state(decision: decisions_pb2.Decision) -> str:
    return decisions_pb2.DecisionState.Name(decision.state).removeprefix("DECISION_STATE_")


def refusing(urn: int, **fields: str) -> decisions_pb2.RequestRefusal:
    usual = {"ground": "incompatible_with_resources", "evidence": "Invented evidence."}
    return decisions_pb2.RequestRefusal(urn=urn, **{**usual, **fields})


def test_a_decision_on_a_what_if_says_why_and_its_record_says_what_was_left_out(panel: Panel) -> None:
    advice = panel.recommend(FREE, excluded_urns=[ASH])
    with pytest.raises(InvalidInput, match="what-if"):
        panel.record(FREE, advice=advice, reason="")
    decision = panel.record(FREE, advice=advice)
    record = panel.read(decision.decision_id)
    assert (decision.rank, decision.urn != ASH) == (1, True)
    assert [(each.urn, each.setting_name) for each in record.recommendation.left_out] == [(ASH, "Ash School")]
    assert record.decision.of_what_if


def test_a_list_says_which_decisions_were_made_on_a_what_if(panel: Panel, hands: EventsHands) -> None:
    panel.record(FREE, advice=panel.recommend(FREE, excluded_urns=[ASH]))
    panel.record(ASKS_DOGWOOD, kind=decisions_pb2.DECISION_KIND_DEFER, deferred_until=to_wire(date(2024, 2, 20)))
    expected = {panel.case_ids[FREE]: True, panel.case_ids[ASKS_DOGWOOD]: False}
    for kept in (True, False):
        if not kept:  # as those recorded before it was kept beside them
            with writing(hands.engine) as connection:
                connection.execute(tables.decisions.update().values(of_what_if=None))
        page = panel.decisions.ListDecisions(decisions_pb2.ListDecisionsRequest(), timeout=SECONDS)
        assert {each.case_id: each.of_what_if for each in page.decisions} == expected


def test_a_request_that_a_what_if_leaves_out_is_still_refused_on_a_ground_or_not_at_all(panel: Panel) -> None:
    advice = panel.recommend(ASKS_BIRCH, excluded_urns=[BIRCH])
    assert BIRCH not in {option.urn for option in advice.options}
    with pytest.raises(InvalidInput, match=f"requested URN {BIRCH} under s.38"):
        panel.record(ASKS_BIRCH, advice=advice)


def test_a_place_is_agreed_offered_and_named(panel: Panel) -> None:
    decision = panel.record(FREE)
    assert (state(decision), decision.rank, decision.decided_by) == ("OFFERED", 1, "user_panel_chair")
    (offer,) = panel.offers(case_id=decision.case_id)
    assert (offer.offer_id, offer.decision_id) == (decision.offer_id, decision.decision_id)
    assert offer.last_day == common_pb2.Date(year=2029, month=8, day=31)
    named = panel.name(decision)
    assert state(named) == "NAMED"
    case = panel.case(FREE)
    assert not case.HasField("decision_due")
    assert case.named_placement.pool_id == decision.pool_id
    (offer,) = panel.offers(case_id=decision.case_id)
    assert offer.state == provision_pb2.OFFER_STATE_CONFIRMED
    record = panel.read(decision.decision_id)
    states = [
        decisions_pb2.DecisionState.Name(change.state).removeprefix("DECISION_STATE_") for change in record.history
    ]
    assert states == ["REQUESTED", "OFFERED", "NAMING", "NAMED"]
    assert record.missing == ["views_of_child", "views_of_parents", "consultation", "appeal_letter"]


def test_the_next_recommendation_sees_one_place_fewer_and_the_plan_leaves_the_case_out(panel: Panel) -> None:
    decision = panel.record(FREE, pool_id="pool_ASH")
    assert decision.urn == ASH
    after = panel.recommend(ASKS_BIRCH)
    assert "pool_ASH" not in {option.pool_id for option in after.options}
    own = panel.recommend(FREE)
    assert own.recommendation_id, "a case with a decision in hand can still be looked at"
    panel.withdraw(decision)
    again = {option.pool_id: option for option in panel.recommend(ASKS_BIRCH).options}
    assert again["pool_ASH"].places_free == 1


def test_a_full_pool_is_not_offered_and_the_panel_decides_again(panel: Panel) -> None:
    first, second = panel.recommend(FREE), panel.recommend(ASKS_BIRCH)
    assert state(panel.record(FREE, advice=first, pool_id="pool_ASH")) == "OFFERED"
    panel.consult(ASKS_BIRCH, BIRCH)
    late = panel.record(ASKS_BIRCH, advice=second, pool_id="pool_ASH", refusals=[refusing(BIRCH)])
    assert state(late) == "NOT_OFFERED"
    assert "1 commissioned, 1 held" in late.not_offered_because
    assert panel.case(ASKS_BIRCH).preferences[0].ground_recorded == "", "the panel decides again, of everything"
    again = panel.record(ASKS_BIRCH)
    assert (state(again), again.urn) == ("OFFERED", BIRCH)


def test_another_pool_is_chosen_with_a_reason_and_the_request_refused_on_its_ground(panel: Panel) -> None:
    panel.consult(ASKS_BIRCH, BIRCH)
    chosen = panel.record(ASKS_BIRCH, kind=CHOOSE_OTHER, pool_id="pool_CEDAR", refusals=[refusing(BIRCH)])
    assert (state(chosen), list(chosen.refused_urns)) == ("OFFERED", [BIRCH])
    assert panel.case(ASKS_BIRCH).preferences[0].ground_recorded == "incompatible_with_resources"
    record = panel.read(chosen.decision_id)
    assert record.refusals[0].evidence == "Invented evidence."
    assert record.consultations[0].urn == BIRCH
    assert record.runner_up.rank == 1
    assert record.runner_up_because


def test_a_withdrawn_decision_frees_its_place_and_its_grounds_and_stays_on_record(panel: Panel) -> None:
    panel.consult(ASKS_BIRCH, BIRCH)
    chosen = panel.record(ASKS_BIRCH, kind=CHOOSE_OTHER, pool_id="pool_ASH", refusals=[refusing(BIRCH)])
    assert state(panel.withdraw(chosen, reason="Invented change of mind.")) == "WITHDRAWN"
    (offer,) = panel.offers(case_id=chosen.case_id)
    assert (offer.state, offer.reason_code) == (provision_pb2.OFFER_STATE_RELEASED, "withdrawn")
    assert panel.case(ASKS_BIRCH).preferences[0].ground_recorded == ""
    assert panel.read(chosen.decision_id).withdrawn_because == "Invented change of mind."
    assert state(panel.record(ASKS_BIRCH)) == "OFFERED"


def test_a_request_is_refused_alone_and_the_case_stays_due(panel: Panel) -> None:
    panel.consult(ASKS_BIRCH, BIRCH)
    refused = panel.record(ASKS_BIRCH, kind=decisions_pb2.DECISION_KIND_REFUSE_REQUEST, refusals=[refusing(BIRCH)])
    assert state(refused) == "REFUSED"
    assert panel.case(ASKS_BIRCH).HasField("decision_due")
    assert panel.offers(case_id=refused.case_id) == []
    after = panel.record(ASKS_BIRCH)
    assert state(after) == "OFFERED", "a ground on record answers the request"


def test_a_decision_is_put_off_until_a_day_and_made_later(panel: Panel) -> None:
    until = common_pb2.Date(year=2024, month=3, day=1)
    deferred = panel.record(FREE, kind=decisions_pb2.DECISION_KIND_DEFER, deferred_until=until)
    assert (state(deferred), deferred.deferred_until) == ("DEFERRED", until)
    assert state(panel.record(FREE)) == "OFFERED"


def test_a_full_school_that_the_family_requested_is_named_over_number_knowingly(panel: Panel) -> None:
    advice = panel.recommend(ASKS_DOGWOOD)
    (full,) = [option for option in advice.options if option.urn == DOGWOOD]
    assert full.places_free == 0
    refused = panel.record(ASKS_DOGWOOD, advice=advice, pool_id=full.pool_id)
    assert state(refused) == "NOT_OFFERED"
    named = panel.record(ASKS_DOGWOOD, pool_id=full.pool_id, over_number=True)
    assert (state(named), named.over_number) == ("OFFERED", True)
    (offer,) = panel.offers(case_id=named.case_id)
    assert offer.over_number


def test_the_same_request_again_is_answered_with_the_same_bytes_and_does_nothing_more(panel: Panel) -> None:
    asking = panel.asking(FREE)
    answers = {
        panel.decisions.RecordDecision(asking, timeout=SECONDS).SerializeToString(deterministic=True) for _ in range(3)
    }
    assert len(answers) == 1
    decision = decisions_pb2.RecordDecisionResponse.FromString(answers.pop()).decision
    naming = decisions_pb2.NamePlacementRequest(request_id=new_id("req"), decision_id=decision.decision_id)
    named = {panel.decisions.NamePlacement(naming, timeout=SECONDS).SerializeToString() for _ in range(2)}
    assert len(named) == 1
    again = panel.decisions.RecordDecision(asking, timeout=SECONDS).decision
    assert again == decision, "what was answered once stays the answer"
    assert len(panel.offers(case_id=decision.case_id)) == 1


def test_the_appeal_letter_is_recorded_when_it_is_sent(panel: Panel) -> None:
    named = panel.name(panel.record(FREE))
    assert "appeal_letter" in panel.read(named.decision_id).missing
    day = common_pb2.Date(year=2024, month=1, day=31)
    panel.name(named, appeal_letter_on=day)
    record = panel.read(named.decision_id)
    assert record.appeal_letter_on == day
    assert "appeal_letter" not in record.missing


def test_the_record_is_whole_and_as_it_was_and_names_no_other_child(panel: Panel) -> None:
    advice = panel.recommend(ASKS_DOGWOOD)
    case = panel.case(ASKS_DOGWOOD)
    deferred = panel.record(ASKS_DOGWOOD, advice=advice, kind=decisions_pb2.DECISION_KIND_DEFER)
    record = panel.read(deferred.decision_id)
    assert record.recommendation == advice
    assert record.case.preferences == case.preferences
    assert record.facts_hash == advice.facts_hash
    assert {pool.pool_id for pool in record.pools} == {option.pool_id for option in advice.options}
    others = {case_id for at, case_id in panel.case_ids.items() if at != ASKS_DOGWOOD}
    assert not [case_id for case_id in others if case_id in str(record)]


def test_decisions_are_listed_newest_first_by_case_and_by_page(panel: Panel) -> None:
    made = [panel.record(child, section_33_steps="Invented.") for child in (FREE, ASKS_BIRCH, ASKS_BIRCH_TOO)]
    request = decisions_pb2.ListDecisionsRequest(page_size=2)
    first = panel.decisions.ListDecisions(request, timeout=SECONDS)
    request.page_token = first.next_page_token
    second = panel.decisions.ListDecisions(request, timeout=SECONDS)
    found = [decision.decision_id for page in (first, second) for decision in page.decisions]
    assert sorted(found) == sorted(decision.decision_id for decision in made)
    assert second.next_page_token == ""
    own = decisions_pb2.ListDecisionsRequest(case_id=panel.case_ids[FREE], states=[made[0].state])
    listed = panel.decisions.ListDecisions(own, timeout=SECONDS).decisions
    assert [decision.decision_id for decision in listed] == [made[0].decision_id]
