"""What is not recorded, named or withdrawn, each with what to do next; and never a word of what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import decisions_pb2, decisions_pb2_grpc
from services.placement.gather import Neighbours
from shared.errors import (
    AlreadyExists,
    ChangedMeanwhile,
    InboroughError,
    InvalidInput,
    NeighbourDown,
    NotAllowed,
    NotFound,
    WrongState,
)
from shared.ids import new_id
from tests.builders import caseload
from tests.builders.deciding import ASKS_BIRCH, ASKS_DOGWOOD, BIRCH, CEDAR, FREE, SEATED, SECONDS, Panel
from tests.builders.identity import connect
from tests.builders.system import send
from tests.service.placement.decisions.test_ways import CHOOSE_OTHER, refusing, state

CANARY = "Canary Quillfeather of 1 Invented Road"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The database plays no part in these: SQLite alone."""
    return f"sqlite:///{tmp_path / 'test.db'}"


def refused(panel: Panel, error: type[InboroughError], says: str, child: int = FREE, **fields: Any) -> None:
    """The request is refused so, and nothing of it is left."""
    with pytest.raises(error, match=says) as caught:
        panel.record(child, **fields)
    assert CANARY not in caught.value.message
    listed = decisions_pb2.ListDecisionsRequest(case_id=panel.case_ids[child])
    assert not panel.decisions.ListDecisions(listed, timeout=SECONDS).decisions


def test_each_wrong_field_is_refused_by_name(panel: Panel) -> None:
    advice = panel.recommend(FREE)
    wrong: list[tuple[dict[str, Any], type[InboroughError], str]] = [
        ({"request_id": "again"}, InvalidInput, "request_id"),
        ({"case_id": "Smith"}, InvalidInput, "case_id"),
        ({"recommendation_id": ""}, InvalidInput, "recommendation_id"),
        ({"recommendation_id": "rec_0000000000000000"}, NotFound, "recommendation"),
        ({"panel_id": "panel_1"}, InvalidInput, "panel_id"),
        ({"panel_id": "panel_0000000000000000"}, NotFound, "panel"),
        ({"kind": decisions_pb2.DECISION_KIND_UNSPECIFIED}, InvalidInput, "kind"),
        ({"pool_id": "pool_NONE", "kind": CHOOSE_OTHER}, NotFound, "place pool"),
        ({"pool_id": "pool_DOGWOOD", "kind": CHOOSE_OTHER, "reason": CANARY}, WrongState, "rule places"),
        ({"reason": "x" * 20_001}, InvalidInput, "reason"),
        ({"views_of_child": "a\0b"}, InvalidInput, "views_of_child"),
        ({"section_33_steps": ""}, InvalidInput, "section_33_steps"),
        ({"urgency": ""}, InvalidInput, "urgency"),
        ({"over_number": True}, InvalidInput, "over_number"),
        ({"refusals": [refusing(BIRCH, evidence=CANARY)]}, InvalidInput, "refusals"),
        ({"refusals": [refusing(BIRCH)] * 21}, InvalidInput, "refusals"),
        ({"deferred_until": common_pb2.Date(year=2024, month=13, day=1)}, InvalidInput, "deferred_until"),
    ]
    for fields, error, says in wrong:
        refused(panel, error, says, advice=advice, **fields)


def test_a_request_is_not_refused_without_ground_evidence_and_consultation(panel: Panel) -> None:
    advice = panel.recommend(ASKS_BIRCH)
    other = {"advice": advice, "kind": CHOOSE_OTHER, "pool_id": "pool_CEDAR", "reason": CANARY}
    refused(panel, InvalidInput, "s.38", ASKS_BIRCH, **other)
    refused(panel, InvalidInput, "ground", ASKS_BIRCH, **other, refusals=[refusing(BIRCH, ground="full")])
    refused(panel, InvalidInput, "evidence", ASKS_BIRCH, **other, refusals=[refusing(BIRCH, evidence="")])
    refused(panel, WrongState, "never consulted", ASKS_BIRCH, **other, refusals=[refusing(BIRCH, evidence=CANARY)])
    said = refusing(BIRCH, not_consulted_because="Invented: it closed its doors.")
    decision = panel.record(ASKS_BIRCH, **other, refusals=[said])
    assert state(decision) == "OFFERED"
    record = panel.read(decision.decision_id)
    assert record.refusals[0].not_consulted_because == said.not_consulted_because
    assert "consultation" in record.missing


def test_a_recommendation_of_another_case_or_of_other_facts_is_not_decided_on(
    panel: Panel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    refused(panel, InvalidInput, "another case", advice=panel.recommend(ASKS_BIRCH))
    stale, before = panel.recommend(ASKS_DOGWOOD), panel.case(ASKS_DOGWOOD)
    folder = tmp_path_factory.mktemp("changed")
    wishes = caseload.preferences(*({"upn": caseload.upn(at), "urn": str(CEDAR)} for at in range(1, 5)))
    (folder / "preferences.csv").write_bytes(wishes.content)
    send(panel.addresses, folder, "preferences")
    refused(panel, WrongState, "what the family asked for.*inborough recommend", ASKS_DOGWOOD, advice=stale)
    refused(panel, ChangedMeanwhile, "what the family asked for", ASKS_DOGWOOD, advice=stale, case_etag=before.etag)
    fresh = panel.recommend(ASKS_DOGWOOD)
    etag = panel.case(ASKS_DOGWOOD).etag
    made = panel.record(ASKS_DOGWOOD, advice=fresh, case_etag=etag, kind=decisions_pb2.DECISION_KIND_DEFER)
    assert state(made) == "DEFERRED"


def test_only_a_case_with_a_decision_due_is_decided_and_only_once(panel: Panel) -> None:
    day = common_pb2.Date(year=2024, month=9, day=2)
    refused(panel, WrongState, "No decision is due", SEATED, advice=panel.recommend(SEATED, first_day=day))
    panel.record(FREE)
    with pytest.raises(WrongState, match="in hand already"):
        panel.record(FREE)


def test_a_request_id_is_for_one_request_and_one_caller(panel: Panel) -> None:
    asking = panel.asking(FREE)
    panel.decisions.RecordDecision(asking, timeout=SECONDS)
    other = decisions_pb2.RecordDecisionRequest()
    other.CopyFrom(asking)
    other.reason = CANARY
    with pytest.raises(AlreadyExists) as caught:
        panel.decisions.RecordDecision(other, timeout=SECONDS)
    assert CANARY not in caught.value.message
    with connect(
        "placement", panel.addresses["placement_address"], "panel_chair", user_id="user_somebody_else"
    ) as channel:
        somebody_else = decisions_pb2_grpc.DecisionServiceStub(channel)
        with pytest.raises(AlreadyExists):
            somebody_else.RecordDecision(asking, timeout=SECONDS)


def test_a_neighbour_that_is_down_before_anything_is_recorded_is_named(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any) -> None:
        raise NeighbourDown("caseload")

    asking = panel.asking(FREE)
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "get_case", down)
        with pytest.raises(NeighbourDown, match="caseload"):
            panel.decisions.RecordDecision(asking, timeout=SECONDS)
    answered = panel.decisions.RecordDecision(asking, timeout=SECONDS)
    assert state(answered.decision) == "OFFERED", "the same request may be sent again"


def test_a_panel_member_decides_at_a_panel_and_not_outside_one(panel: Panel) -> None:
    opened = panel.open(FREE)
    with connect("placement", panel.addresses["placement_address"], "panel_member") as channel:
        member = decisions_pb2_grpc.DecisionServiceStub(channel)
        with pytest.raises(NotAllowed, match="chair"):
            member.RecordDecision(panel.asking(FREE), timeout=SECONDS)
        decided = member.RecordDecision(panel.asking(FREE, panel_id=opened.panel_id), timeout=SECONDS).decision
        assert decided.decided_by == "user_panel_member"
        with pytest.raises(NotAllowed):
            member.WithdrawDecision(
                decisions_pb2.WithdrawDecisionRequest(request_id=new_id("req"), decision_id=decided.decision_id),
                timeout=SECONDS,
            )


def test_what_is_not_offered_is_not_named_and_what_is_named_is_not_withdrawn(panel: Panel) -> None:
    deferred = panel.record(FREE, kind=decisions_pb2.DECISION_KIND_DEFER)
    with pytest.raises(WrongState, match="deferred: it has no standing offer"):
        panel.name(deferred)
    assert state(panel.withdraw(deferred)) == "WITHDRAWN"
    with pytest.raises(WrongState, match="withdrawn already"):
        panel.withdraw(deferred)
    offered = panel.record(FREE)
    with pytest.raises(InvalidInput, match="reason"):
        panel.withdraw(offered, reason=" ")
    with pytest.raises(InvalidInput, match="appeal_letter_on"):
        panel.name(offered, appeal_letter_on=common_pb2.Date(year=2024, month=2, day=2))
    named = panel.name(offered, etag=offered.etag)
    with pytest.raises(WrongState, match="named already"):
        panel.withdraw(named)
    with pytest.raises(ChangedMeanwhile, match="it is named now"):
        panel.withdraw(named, etag=offered.etag)
    for unknown in (decisions_pb2.Decision(decision_id="dec_0000000000000000"),):
        for ask in (panel.name, panel.withdraw):
            with pytest.raises(NotFound):
                ask(unknown)


def test_a_page_is_asked_for_within_its_bounds(panel: Panel) -> None:
    for fields in ({"page_size": 501}, {"page_size": -1}, {"page_token": "dec_x"}, {"states": [0]}, {"case_id": "x"}):
        with pytest.raises(InvalidInput):
            panel.decisions.ListDecisions(decisions_pb2.ListDecisionsRequest(**fields), timeout=SECONDS)
    with pytest.raises(NotFound):
        panel.read("dec_0000000000000000")
