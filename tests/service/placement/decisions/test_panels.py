"""Panels: their agendas, what papers lack, and the chair's signature."""

from __future__ import annotations

from typing import Any

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import panels_pb2
from shared.errors import AlreadyExists, ChangedMeanwhile, InvalidInput, NotFound, WrongState
from shared.ids import new_id
from tests.builders.deciding import ASKS_BIRCH, ASKS_BIRCH_TOO, BIRCH, FREE, SEATED, SECONDS, Panel
from tests.service.placement.decisions.test_ways import state


def add(panel: Panel, to: panels_pb2.Panel, *children: int, **fields: Any) -> panels_pb2.Panel:
    usual = {"request_id": new_id("req"), "case_ids": [panel.case_ids[child] for child in children]}
    request = panels_pb2.AddToAgendaRequest(panel_id=to.panel_id, **{**usual, **fields})
    return panel.panels.AddToAgenda(request, timeout=SECONDS).panel


def remove(panel: Panel, of: panels_pb2.Panel, *children: int, **fields: Any) -> panels_pb2.Panel:
    case_ids = [panel.case_ids[child] for child in children]
    request = panels_pb2.RemoveFromAgendaRequest(
        request_id=new_id("req"), panel_id=of.panel_id, case_ids=case_ids, **fields
    )
    return panel.panels.RemoveFromAgenda(request, timeout=SECONDS).panel


def show(panel: Panel, panel_id: str) -> panels_pb2.Panel:
    return panel.panels.GetPanel(panels_pb2.GetPanelRequest(panel_id=panel_id), timeout=SECONDS).panel


def test_a_panel_decides_its_agenda_and_the_chair_signs(panel: Panel) -> None:
    opened = panel.open(FREE, ASKS_BIRCH)
    assert [item.case_id for item in opened.agenda] == [panel.case_ids[FREE], panel.case_ids[ASKS_BIRCH]]
    decision = panel.record(FREE, panel_id=opened.panel_id)
    with pytest.raises(WrongState, match="not signed off"):
        panel.name(decision)
    with pytest.raises(WrongState, match=panel.case_ids[ASKS_BIRCH]):
        panel.close(opened)
    closed = panel.close(opened, ASKS_BIRCH)
    assert (closed.state, closed.signed_by) == (panels_pb2.PANEL_STATE_CLOSED, "user_panel_chair")
    assert [item.carried_over for item in closed.agenda] == [False, True]
    record = panel.read(decision.decision_id)
    assert [sat.capacity for sat in record.panel.attendance] == ["chair", "educational_psychologist"]
    assert "sign_off" not in record.missing
    assert state(panel.name(decision)) == "NAMED"
    with pytest.raises(WrongState, match="closed and signed"):
        add(panel, closed, ASKS_BIRCH_TOO)
    with pytest.raises(WrongState, match="closed and signed"):
        remove(panel, closed, ASKS_BIRCH)
    with pytest.raises(WrongState, match="closed and signed"):
        panel.close(closed)
    with pytest.raises(WrongState, match="closed and signed"):
        panel.record(ASKS_BIRCH, panel_id=opened.panel_id)


def test_a_panel_shows_deadlines_what_papers_lack_and_what_was_decided(panel: Panel) -> None:
    opened = panel.open(FREE, ASKS_BIRCH, ASKS_BIRCH_TOO)
    panel.consult(ASKS_BIRCH_TOO, BIRCH)
    decision = panel.record(FREE, panel_id=opened.panel_id)
    items = {item.case_id: item for item in show(panel, opened.panel_id).agenda}
    free, asks, consulted = (items[panel.case_ids[child]] for child in (FREE, ASKS_BIRCH, ASKS_BIRCH_TOO))
    assert (free.decision_id, list(free.missing)) == (decision.decision_id, [])
    assert list(asks.missing) == ["consultation"]
    assert list(consulted.missing) == ["reply"]
    assert asks.deadline == common_pb2.Date(year=2024, month=2, day=15)
    assert (list(asks.need_codes), asks.HasField("year_group"), asks.year_group) == (["SEMH"], True, 7)


def test_an_agenda_keeps_its_order_and_each_case_once(panel: Panel) -> None:
    opened = panel.open(ASKS_BIRCH)
    more = add(panel, opened, FREE, ASKS_BIRCH, FREE)
    assert [item.case_id for item in more.agenda] == [panel.case_ids[ASKS_BIRCH], panel.case_ids[FREE]]
    with pytest.raises(ChangedMeanwhile, match="2 cases"):
        remove(panel, more, FREE, etag=opened.etag)
    fewer = remove(panel, more, ASKS_BIRCH, etag=more.etag)
    assert [item.case_id for item in fewer.agenda] == [panel.case_ids[FREE]]
    panel.record(FREE, panel_id=opened.panel_id)
    with pytest.raises(WrongState, match="has decided"):
        remove(panel, fewer, FREE)


def test_a_case_is_decided_at_the_panel_whose_agenda_it_is_on(panel: Panel) -> None:
    opened = panel.open(ASKS_BIRCH)
    with pytest.raises(WrongState, match="not on this panel's agenda"):
        panel.record(FREE, panel_id=opened.panel_id)
    with pytest.raises(InvalidInput, match="urgency"):
        panel.record(ASKS_BIRCH, panel_id=opened.panel_id, urgency="Invented.")


def test_a_decision_that_came_to_nothing_leaves_the_case_to_be_decided_or_carried_over(panel: Panel) -> None:
    opened = panel.open(FREE)
    panel.withdraw(panel.record(FREE, panel_id=opened.panel_id))
    assert [item.decision_id for item in show(panel, opened.panel_id).agenda] == [""]
    with pytest.raises(WrongState, match="Neither decided nor carried over"):
        panel.close(opened)
    assert panel.close(opened, FREE).state == panels_pb2.PANEL_STATE_CLOSED


def test_a_wrong_agenda_is_refused_saying_why(panel: Panel) -> None:
    opened = panel.open()
    with pytest.raises(WrongState, match="No decision is due"):
        add(panel, opened, SEATED)
    for case_ids, error in (
        ([], InvalidInput),
        (["Smith"], InvalidInput),
        (["case_0000000000000000"], NotFound),
        ([f"case_{at:016x}" for at in range(201)], InvalidInput),
    ):
        with pytest.raises(error):
            add(panel, opened, case_ids=case_ids)
    with pytest.raises(NotFound, match="panel"):
        add(panel, panels_pb2.Panel(panel_id="panel_0000000000000000"), FREE)
    with pytest.raises(InvalidInput, match="case_ids"):
        remove(panel, opened)


def test_who_sat_is_named_once_by_id_and_the_chair_among_them(panel: Panel) -> None:
    opened = panel.open()
    wrong: list[tuple[list[tuple[str, str]], type[Exception]]] = [
        ([], WrongState),
        ([("user_invented", "educational_psychologist")], InvalidInput),
        ([("user_panel_chair", "chair")] * 2, InvalidInput),
        ([("Ann Invented", "chair")], InvalidInput),
        ([("user_panel_chair", "The Chair")], InvalidInput),
        ([("user_panel_chair", "")], InvalidInput),
        ([(f"user_{at}", "member") for at in range(51)], InvalidInput),
    ]
    for seats, error in wrong:
        attendance = [panels_pb2.Attendance(user_id=who, capacity=what) for who, what in seats]
        with pytest.raises(error):
            panel.close(opened, attendance=attendance)
    assert show(panel, opened.panel_id).state == panels_pb2.PANEL_STATE_OPEN


def test_only_cases_of_the_agenda_are_carried_over(panel: Panel) -> None:
    opened = panel.open(FREE)
    with pytest.raises(InvalidInput, match="not on the agenda"):
        panel.close(opened, FREE, ASKS_BIRCH)


def test_panels_are_listed_by_a_case_on_their_agenda(panel: Panel) -> None:
    with_the_case, _ = panel.open(FREE), panel.open(ASKS_BIRCH)
    asked = panels_pb2.ListPanelsRequest(only_open=True, case_id=panel.case_ids[FREE])
    (found,) = panel.panels.ListPanels(asked, timeout=SECONDS).panels
    assert (found.panel_id, list(found.agenda)) == (with_the_case.panel_id, [])
    with pytest.raises(InvalidInput, match="case_id"):
        panel.panels.ListPanels(panels_pb2.ListPanelsRequest(case_id="dec_1"), timeout=SECONDS)


def test_a_panel_opens_once_for_one_request_and_is_listed_newest_day_first(panel: Panel) -> None:
    opening = panels_pb2.OpenPanelRequest(
        request_id=new_id("req"), meets_on=common_pb2.Date(year=2024, month=2, day=20)
    )
    opened = [panel.panels.OpenPanel(opening, timeout=SECONDS) for _ in range(2)]
    assert opened[0] == opened[1]
    opening.meets_on.day = 21
    with pytest.raises(AlreadyExists):
        panel.panels.OpenPanel(opening, timeout=SECONDS)
    earlier = panel.open(FREE)
    panel.close(earlier, FREE)
    first = panel.panels.ListPanels(panels_pb2.ListPanelsRequest(page_size=1), timeout=SECONDS)
    rest = panel.panels.ListPanels(panels_pb2.ListPanelsRequest(page_token=first.next_page_token), timeout=SECONDS)
    assert [found.panel_id for found in (*first.panels, *rest.panels)] == [opened[0].panel.panel_id, earlier.panel_id]
    assert [found.cases for found in rest.panels] == [1]
    still_open = panel.panels.ListPanels(panels_pb2.ListPanelsRequest(only_open=True), timeout=SECONDS).panels
    assert [found.panel_id for found in still_open] == [opened[0].panel.panel_id]
    for fields in ({"page_size": 501}, {"page_token": "panel_x"}):
        with pytest.raises(InvalidInput):
            panel.panels.ListPanels(panels_pb2.ListPanelsRequest(**fields), timeout=SECONDS)
    with pytest.raises(InvalidInput, match="meets_on"):
        panel.panels.OpenPanel(panels_pb2.OpenPanelRequest(request_id=new_id("req")), timeout=SECONDS)
