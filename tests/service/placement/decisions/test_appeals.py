"""Representation, mediation and appeal about a decision, on both databases, with real neighbours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.placement.v1 import appeals_pb2, decisions_pb2, panels_pb2
from services.journal.storage.tables import entries
from shared.database import reading
from shared.days import to_wire
from shared.errors import AlreadyExists, ChangedMeanwhile, InboroughError, InvalidInput, NotFound, WrongState
from shared.ids import new_id
from tests.builders.deciding import ASKS_BIRCH, FREE, SECONDS, Panel
from tests.builders.identity import connect
from tests.builders.journal import Log, keep, open_journal

LATER = "2024-05-01"
CERTIFICATE = appeals_pb2.APPEAL_STEP_KIND_MEDIATION_CERTIFICATE
DECIDED = appeals_pb2.APPEAL_STEP_KIND_APPEAL_DECIDED
DRAFT_SENT = appeals_pb2.APPEAL_STEP_KIND_DRAFT_SENT
HEARING = appeals_pb2.APPEAL_STEP_KIND_HEARING
REGISTERED = appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED
REFERENCE = "EH876/24/00012"


def asking(decision: decisions_pb2.Decision, kind: int, day: str = "", **fields: Any) -> Any:
    usual: dict[str, Any] = {"request_id": new_id("req"), "decision_id": decision.decision_id, "kind": kind}
    if day:
        usual["happened_on"] = to_wire(date.fromisoformat(day))
    return decisions_pb2.RecordAppealStepRequest(**{**usual, **fields})


def step(panel: Panel, decision: decisions_pb2.Decision, kind: int, day: str = "", **fields: Any) -> Any:
    request = asking(decision, kind, day, **fields)
    return panel.decisions.RecordAppealStep(request, timeout=SECONDS).decision


@pytest.fixture
def named(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> decisions_pb2.Decision:
    """A place named on 1 February with its letter, looked at on 1 May."""
    decision = panel.name(panel.record(FREE), appeal_letter_on=to_wire(date(2024, 2, 1)))
    monkeypatch.setenv("INBOROUGH_TODAY", LATER)
    return decision


def log_of(panel: Panel) -> list[events_pb2.Event]:
    with connect("placement", panel.addresses["placement_address"]) as channel:
        stub = events_pb2_grpc.EventServiceStub(channel)
        return list(stub.ListEvents(events_pb2.ListEventsRequest(most=1000), timeout=SECONDS).events)


def told(panel: Panel) -> list[events_pb2.Event]:
    return [event for event in log_of(panel) if event.name == "appeal_step_recorded"]


def test_an_appeal_goes_its_way_and_is_read_with_the_decision(panel: Panel, named: decisions_pb2.Decision) -> None:
    step(panel, named, DRAFT_SENT, "2024-01-08")
    step(panel, named, CERTIFICATE, "2024-03-20")
    found = step(panel, named, REGISTERED, "2024-04-02", reference=REFERENCE)
    assert found.appeal.state == appeals_pb2.APPEAL_STATE_UNDER_WAY
    assert found.etag != named.etag
    step(panel, named, HEARING, "2024-09-09")
    record = panel.read(named.decision_id)
    facts = record.decision.appeal
    assert [each.number for each in facts.steps] == [1, 2, 3, 4]
    assert (facts.steps[2].reference, facts.steps[2].recorded_by) == (REFERENCE, "user_panel_chair")
    assert [(clock.clock, clock.last_day) for clock in facts.clocks] == [
        ("representation", to_wire(date(2024, 1, 22))),
        ("appeal", to_wire(date(2024, 4, 20))),
    ]
    assert facts.clocks[1].done_on == to_wire(date(2024, 4, 2))
    listing = decisions_pb2.ListDecisionsRequest(only_under_appeal=True)
    (listed,) = panel.decisions.ListDecisions(listing, timeout=SECONDS).decisions
    assert listed.appeal == facts
    ended = step(panel, named, DECIDED, "2024-04-30", outcome=appeals_pb2.APPEAL_OUTCOME_CONCEDED)
    assert ended.appeal.state == appeals_pb2.APPEAL_STATE_DECIDED
    assert not panel.decisions.ListDecisions(listing, timeout=SECONDS).decisions
    step(panel, named, DECIDED, replaces=5)
    assert len(panel.decisions.ListDecisions(listing, timeout=SECONDS).decisions) == 1, "taken back: under way again"


def test_each_step_is_an_event_with_days_and_codes_and_without_the_tribunals_number(
    panel: Panel, named: decisions_pb2.Decision
) -> None:
    step(panel, named, REGISTERED, "2024-04-02", reference=REFERENCE)
    step(panel, named, REGISTERED, "2024-04-03", reference=REFERENCE, replaces=1)
    step(panel, named, DECIDED, "2024-04-30", outcome=appeals_pb2.APPEAL_OUTCOME_UPHELD_IN_PART)
    events = told(panel)
    about = {"decision_id": named.decision_id}
    assert [dict(event.facts) for event in events] == [
        about | {"step": "appeal_registered", "step_number": "1", "happened_on": "2024-04-02"},
        about | {"step": "appeal_registered", "step_number": "2", "happened_on": "2024-04-03", "replaces": "1"},
        about
        | {"step": "appeal_decided", "step_number": "3", "happened_on": "2024-04-30", "outcome": "upheld_in_part"},
    ]
    assert {tuple(event.case_ids) for event in events} == {(named.case_id,)}
    assert REFERENCE not in str(events)


def test_the_journal_keeps_a_row_of_each_step_about_the_case(
    panel: Panel, named: decisions_pb2.Decision, tmp_path: Path
) -> None:
    step(panel, named, REGISTERED, "2024-04-02", reference=REFERENCE)
    journal = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    keep(journal, Log("placement", log_of(panel)))
    with reading(journal) as connection:
        rows = connection.execute(select(entries).where(entries.c.name == "appeal_step_recorded")).all()
    journal.dispose()
    assert [(row.case_id, row.actor) for row in rows] == [(named.case_id, "user_panel_chair")]
    assert '"step":"appeal_registered"' in rows[0].facts.replace(" ", "")


def test_a_corrected_step_stays_on_record_beside_what_replaces_it(panel: Panel, named: decisions_pb2.Decision) -> None:
    step(panel, named, CERTIFICATE, "2024-03-20")
    facts = step(panel, named, CERTIFICATE, "2024-03-02", replaces=1).appeal
    assert [(each.number, each.replaces, each.replaced_by) for each in facts.steps] == [(1, 0, 2), (2, 1, 0)]
    assert facts.clocks[0].last_day == to_wire(date(2024, 4, 2)), "by the right day: the letter's two months again"


def refused(panel: Panel, decision: decisions_pb2.Decision, kind: int, day: str = "", **fields: Any) -> tuple[str, str]:
    with pytest.raises(InboroughError) as caught:
        step(panel, decision, kind, day, **fields)
    return type(caught.value).__name__, caught.value.facts.get("field", "")


def test_what_breaks_a_rule_is_refused_with_its_field_and_leaves_nothing(
    panel: Panel, named: decisions_pb2.Decision
) -> None:
    dismissed = appeals_pb2.APPEAL_OUTCOME_DISMISSED
    assert refused(panel, named, 0, "2024-04-02") == (InvalidInput.__name__, "kind")
    assert refused(panel, named, 99, "2024-04-02") == (InvalidInput.__name__, "kind")
    assert refused(panel, named, DRAFT_SENT) == (InvalidInput.__name__, "happened_on")
    assert refused(panel, named, REGISTERED, "2024-05-02") == (InvalidInput.__name__, "happened_on")
    assert refused(panel, named, REGISTERED, "2024-01-31") == (InvalidInput.__name__, "happened_on")
    assert refused(panel, named, REGISTERED, "2024-04-02", reference="Jo") == (InvalidInput.__name__, "reference")
    assert refused(panel, named, REGISTERED, "2024-04-02", replaces=3) == (InvalidInput.__name__, "replaces")
    assert refused(panel, named, REGISTERED, "2024-04-02", replaces=-1) == (InvalidInput.__name__, "replaces")
    assert refused(panel, named, DECIDED, "2024-04-02", outcome=99) == (InvalidInput.__name__, "outcome")
    assert refused(panel, named, DECIDED, "2024-04-02", outcome=dismissed) == (WrongState.__name__, "")
    nobody = decisions_pb2.Decision(decision_id="dec_0000000000000000")
    assert refused(panel, nobody, DRAFT_SENT, "2024-01-08")[0] == NotFound.__name__
    offered = panel.record(ASKS_BIRCH)
    assert refused(panel, offered, REGISTERED, "2024-05-01") == (WrongState.__name__, "")
    assert not panel.read(named.decision_id).decision.appeal.steps
    assert told(panel) == []


def test_a_request_counts_once_a_stale_etag_changes_nothing_and_of_many_at_once_each_is_numbered(
    panel: Panel, named: decisions_pb2.Decision
) -> None:
    request = asking(named, REGISTERED, "2024-04-02", etag=named.etag)
    answers = [panel.decisions.RecordAppealStep(request, timeout=SECONDS) for _ in range(3)]
    assert len({answer.SerializeToString(deterministic=True) for answer in answers}) == 1
    request.happened_on.day = 3
    with pytest.raises(AlreadyExists, match="request id"):
        panel.decisions.RecordAppealStep(request, timeout=SECONDS)
    with pytest.raises(ChangedMeanwhile, match="Read it again"):
        step(panel, named, HEARING, "2024-09-09", etag=named.etag)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda day: step(panel, named, HEARING, f"2024-09-{day:02}"), range(1, 9)))
    assert [each.number for each in panel.read(named.decision_id).decision.appeal.steps] == list(range(1, 10))


def test_the_agenda_says_which_case_is_under_appeal(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = panel.open(FREE, ASKS_BIRCH)
    decision = panel.record(FREE, panel_id=sitting.panel_id)
    panel.close(sitting, ASKS_BIRCH)
    panel.name(decision)
    monkeypatch.setenv("INBOROUGH_TODAY", LATER)
    step(panel, decision, REGISTERED, "2024-04-02")
    request = panels_pb2.GetPanelRequest(panel_id=sitting.panel_id)
    agenda = panel.panels.GetPanel(request, timeout=SECONDS).panel.agenda
    assert {item.case_id: item.appeal_under_way for item in agenda} == {
        panel.case_ids[FREE]: True,
        panel.case_ids[ASKS_BIRCH]: False,
    }
