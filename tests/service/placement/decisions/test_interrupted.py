"""A decision that is interrupted anywhere is never lost, never doubled, and is gone on with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.placement.v1 import decisions_pb2
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.placement.gather import Neighbours
from services.placement.steps.hearing import hear
from services.provision.operations.by_itself import expire_offers
from shared import days
from shared.database import open_database, writing
from shared.errors import NeighbourDown, WrongState
from shared.ids import new_id
from tests.builders.deciding import ASKS_BIRCH, BIRCH, FREE, SECONDS, Panel
from tests.builders.identity import connect
from tests.service.placement.decisions.hands import EventsHands
from tests.service.placement.decisions.test_ways import CHOOSE_OTHER, refusing, state


def down(*args: Any, **kwargs: Any) -> None:
    raise NeighbourDown("provision")


def names_of(panel: Panel, decision_id: str) -> list[str]:
    """Names of the events about a decision, in order."""
    with connect("placement", panel.addresses["placement_address"]) as channel:
        request = events_pb2.ListEventsRequest(most=1000)
        found = events_pb2_grpc.EventServiceStub(channel).ListEvents(request, timeout=SECONDS).events
    return [
        event.name
        for event in found
        if event.facts.get("decision_id") == decision_id and event.name != "decision_viewed"
    ]


def test_provision_down_leaves_the_decision_requested_until_it_is_gone_on_with(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = panel.asking(FREE)
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", down)
        answer = panel.decisions.RecordDecision(asking, timeout=SECONDS)
        assert state(answer.decision) == "REQUESTED"
        assert hands.resume() == 0, "still down"
    with pytest.raises(WrongState, match="in hand already"):
        panel.record(FREE, advice=panel.recommend(FREE))
    assert hands.resume() == 1
    assert hands.resume() == 0
    assert state(panel.read(answer.decision.decision_id).decision) == "OFFERED"
    assert panel.decisions.RecordDecision(asking, timeout=SECONDS) == answer, "byte-equal, though things went on"
    assert names_of(panel, answer.decision.decision_id) == ["decision_recorded", "decision_offered"]


@pytest.mark.parametrize("broken_call", ["confirm_place", "record_placement"])
def test_naming_that_is_interrupted_is_finished_once(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch, broken_call: str
) -> None:
    decision = panel.record(FREE)
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, broken_call, down)
        assert state(panel.name(decision)) == "NAMING"
    with pytest.raises(WrongState, match="named already"):
        panel.withdraw(decision)
    assert hands.resume() == 1
    assert state(panel.read(decision.decision_id).decision) == "NAMED"
    assert panel.case(FREE).named_placement.decision_id == decision.decision_id


def test_withdrawing_that_is_interrupted_is_finished(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = panel.record(FREE)
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "release_place", down)
        assert state(panel.withdraw(decision)) == "WITHDRAWING"
    assert hands.resume() == 1
    (offer,) = panel.offers(case_id=decision.case_id)
    assert offer.state == provision_pb2.OFFER_STATE_RELEASED


def test_a_decision_withdrawn_before_it_is_offered_holds_no_place(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", down)
        decision = panel.record(FREE)
    assert state(panel.withdraw(decision)) == "WITHDRAWN"
    assert hands.resume() == 0
    assert [offer.state for offer in panel.offers(case_id=decision.case_id)] == [provision_pb2.OFFER_STATE_RELEASED]


def test_an_offer_that_comes_after_the_end_is_given_back(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise WrongState("pool_ASH has no place free on 2 September 2024: 1 commissioned, 1 held.")

    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", full)
        decision = panel.record(FREE)
    assert state(decision) == "NOT_OFFERED"
    late = provision_pb2.OfferPlaceRequest(
        request_id=new_id("req"),
        case_id=decision.case_id,
        pool_id=decision.pool_id,
        first_day=decision.first_day,
        decision_id=decision.decision_id,
    )
    hands.neighbours.offer_place(late)
    hands.read_provision()
    assert hands.resume() == 1
    (offer,) = panel.offers(case_id=decision.case_id)
    assert (offer.state, offer.reason_code) == (provision_pb2.OFFER_STATE_RELEASED, "mistaken")


def test_copies_of_one_request_at_once_are_one_decision_with_one_answer(panel: Panel) -> None:
    asking = panel.asking(FREE)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(panel.decisions.RecordDecision, asking, timeout=SECONDS) for _ in range(6)]
        answers = {call.result().SerializeToString(deterministic=True) for call in asked}
    assert len(answers) == 1
    decision = decisions_pb2.RecordDecisionResponse.FromString(answers.pop()).decision
    assert len(panel.offers(case_id=decision.case_id)) == 1
    assert names_of(panel, decision.decision_id) == ["decision_recorded", "decision_offered"]


def test_two_resumers_at_once_take_each_step_once(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", down)
        decision = panel.record(FREE)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: hands.resume(), range(4)))
    assert names_of(panel, decision.decision_id) == ["decision_recorded", "decision_offered"]
    assert len(panel.offers(case_id=decision.case_id)) == 1


def test_an_offer_that_runs_out_makes_the_decision_expire_and_the_case_is_planned_again(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel.consult(ASKS_BIRCH, BIRCH)
    decision = panel.record(ASKS_BIRCH, kind=CHOOSE_OTHER, pool_id="pool_ASH", refusals=[refusing(BIRCH)])
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-08-01")
    with pytest.raises(WrongState, match="has run out"):
        panel.name(decision)
    provision = open_database(f"sqlite:///{tmp_path / 'provision.db'}")
    assert expire_offers(provision, date(2024, 8, 1)) == 1
    provision.dispose()
    hands.read_provision()
    assert state(panel.read(decision.decision_id).decision) == "EXPIRED"
    assert hands.resume() == 1
    assert panel.case(ASKS_BIRCH).preferences[0].ground_recorded == ""
    assert state(panel.record(ASKS_BIRCH)) == "OFFERED"


def test_an_offer_that_is_extended_or_released_elsewhere_shows_in_the_decision(
    panel: Panel, hands: EventsHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = panel.record(FREE, panel_id=panel.open(FREE).panel_id)
    later = decision.offer_expires_on
    later.month += 1
    with connect("provision", panel.addresses["provision_address"]) as channel:
        stub = provision_pb2_grpc.ProvisionServiceStub(channel)
        extending = provision_pb2.ExtendOfferRequest(
            request_id=new_id("req"), offer_id=decision.offer_id, expires_on=later
        )
        stub.ExtendOffer(extending, timeout=SECONDS)
        with monkeypatch.context() as after_the_first_day:
            after_the_first_day.setenv("INBOROUGH_TODAY", days.from_wire(later, "later").isoformat())
            with pytest.raises(WrongState, match="not signed off"):
                panel.name(decision)
        hands.read_provision()
        assert panel.read(decision.decision_id).decision.offer_expires_on == later
        releasing = provision_pb2.ReleasePlaceRequest(
            request_id=new_id("req"), offer_id=decision.offer_id, reason_code="declined"
        )
        stub.ReleasePlace(releasing, timeout=SECONDS)
    hands.read_provision()
    record = panel.read(decision.decision_id)
    assert (state(record.decision), record.withdrawn_because) == ("WITHDRAWN", "The place was released (declined).")


def test_events_of_other_services_and_of_unknown_offers_change_nothing(panel: Panel, hands: EventsHands) -> None:
    decision = panel.record(FREE)
    with writing(hands.engine) as connection:
        for source, name in (("caseload", "offer_expired"), ("provision", "settings_imported")):
            hear(connection, source, events_pb2.Event(name=name, facts={"decision_id": decision.decision_id}))
        hear(connection, "provision", events_pb2.Event(name="offer_expired", facts={"offer_id": "offer_unknown"}))
    assert state(panel.read(decision.decision_id).decision) == "OFFERED"
