"""`inborough panel`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from inborough.placement.v1 import panels_pb2
from shared.days import to_wire
from shared.errors import NeighbourDown, WrongState
from tests.builders.cli import CASE_ID
from tests.builders.panel_answers import DECISION_ID, PANEL_ID, a_closed_panel, a_panel, an_item
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def show(services: StandIns, panel: panels_pb2.Panel) -> None:
    services.answer("GetPanel", panels_pb2.GetPanelResponse(panel=panel))


def test_a_panel_is_opened_for_a_day_and_says_what_comes_next(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPanels", panels_pb2.ListPanelsResponse())
    services.answer("OpenPanel", panels_pb2.OpenPanelResponse(panel=a_panel(agenda=[], cases=0)))
    ran = inborough("panel", "open", "--on", "1 February 2024")
    assert (ran.status, ran.err) == (0, "")
    assert services.asked["OpenPanel"].meets_on.month == 2
    assert services.asked["OpenPanel"].request_id.startswith("req_")
    assert f"{PANEL_ID}, 1 February 2024: open" in ran.out
    assert f"Next: inborough panel add {PANEL_ID} CASE_ID" in " ".join(ran.out.split())


def test_another_open_panel_on_the_same_day_is_named_and_refuses_nothing(
    services: StandIns, inborough: Inborough
) -> None:
    first, same_day = a_panel(), a_panel(panel_id="panel_0000000000000002")
    later = a_panel(panel_id="panel_0000000000000003", meets_on=to_wire(date(2024, 2, 8)))
    services.answer("ListPanels", panels_pb2.ListPanelsResponse(panels=[later, same_day, first]))
    services.answer("OpenPanel", panels_pb2.OpenPanelResponse(panel=same_day))
    ran = inborough("panel", "open", "--on", "2024-02-01", "--json")
    assert (ran.status, json.loads(ran.out)["panel_id"]) == (0, same_day.panel_id)
    said = " ".join(ran.err.split())
    assert f"{PANEL_ID} meets on 1 February 2024 too, and is not closed" in said
    assert (later.panel_id in said, same_day.panel_id in said) == (False, False)
    assert services.asked["ListPanels"].only_open


def test_a_day_that_is_none_is_a_usage_error_that_names_the_option(services: StandIns, inborough: Inborough) -> None:
    ran = inborough("panel", "open", "--on", "soon")
    assert (ran.status, "--on" in ran.err) == (2, True)
    assert not services.asked


def test_cases_are_put_on_the_agenda_in_the_order_given(services: StandIns, inborough: Inborough) -> None:
    other = "case_0000000000000002"
    changed = a_panel(agenda=[an_item(), an_item(case_id=other)])
    services.answer("AddToAgenda", panels_pb2.AddToAgendaResponse(panel=changed))
    ran = inborough("panel", "add", PANEL_ID, CASE_ID, other, "--etag", "etag_1")
    assert list(services.asked["AddToAgenda"].case_ids) == [CASE_ID, other]
    assert services.asked["AddToAgenda"].etag == "etag_1"
    assert f"2 cases are on the agenda of {PANEL_ID} for 1 February 2024.\n1. {CASE_ID}\n2. {other}\n" in ran.out


def test_cases_are_taken_off_the_agenda(services: StandIns, inborough: Inborough) -> None:
    services.answer("RemoveFromAgenda", panels_pb2.RemoveFromAgendaResponse(panel=a_panel(agenda=[])))
    assert "0 cases are on the agenda" in inborough("panel", "remove", PANEL_ID, CASE_ID).out
    services.answer("RemoveFromAgenda", WrongState("The panel has decided this case."))
    assert inborough("panel", "remove", PANEL_ID, CASE_ID).status == 1


def test_an_agenda_shows_deadlines_what_is_lacking_and_the_next_case(services: StandIns, inborough: Inborough) -> None:
    other = "case_0000000000000002"
    lacking = an_item(case_id=other, missing=["advice", "reply"])
    show(services, a_panel(agenda=[an_item(), lacking]))
    ran = inborough("panel", "show", PANEL_ID)
    said = " ".join(ran.out.split())
    for words in (
        f"{CASE_ID} 15 Feb 2024 nothing not yet SEMH then ASD, Year 7",
        f"{other} 15 Feb 2024",
        "nothing",
        "professional advice, the",
        "setting's reply",
        "not yet",
        f"Next: inborough recommend {CASE_ID}",
    ):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80


def test_an_agenda_that_is_all_decided_leads_to_closing(services: StandIns, inborough: Inborough) -> None:
    show(services, a_panel(agenda=[an_item(decision_id=DECISION_ID)]))
    assert f"Next: inborough panel close {PANEL_ID} --sat" in " ".join(inborough("panel", "show", PANEL_ID).out.split())


def test_a_panel_as_json_has_its_agenda(services: StandIns, inborough: Inborough) -> None:
    show(services, a_panel())
    given = json.loads(inborough("panel", "show", PANEL_ID, "--json").out)
    assert (given["state"], given["meets_on"], given["cases"]) == ("open", "2024-02-01", 1)
    (item,) = given["agenda"]
    assert (item["deadline"], item["missing"], item["decision_id"]) == ("2024-02-15", [], "")


def test_closing_says_who_sat_and_what_is_carried_over(services: StandIns, inborough: Inborough) -> None:
    services.answer("ClosePanel", panels_pb2.ClosePanelResponse(panel=a_closed_panel()))
    sat = ("--sat", "user_ann=chair", "--sat", "user_bob=Educational psychologist")
    ran = inborough("panel", "close", PANEL_ID, *sat, "--carry-over", CASE_ID)
    request = services.asked["ClosePanel"]
    assert [(each.user_id, each.capacity) for each in request.attendance] == [
        ("user_ann", "chair"),
        ("user_bob", "educational_psychologist"),
    ]
    assert list(request.carried_over_case_ids) == [CASE_ID]
    said = " ".join(ran.out.split())
    assert "closed" in said
    assert "Signed by user_ann, 1 Feb 2024 16:00." in said
    assert f"Next: inborough decisions list --panel {PANEL_ID}" in said


@pytest.mark.parametrize("sat", [[], ["--sat", "user_ann"], ["--sat", "ann=chair"]])
def test_closing_needs_to_know_who_sat_as_what(services: StandIns, inborough: Inborough, sat: list[str]) -> None:
    ran = inborough("panel", "close", PANEL_ID, *sat)
    assert (ran.status, "--sat" in ran.err) == (2, True)
    assert not services.asked


def test_cases_left_over_are_named_by_the_service(services: StandIns, inborough: Inborough) -> None:
    services.answer("ClosePanel", WrongState(f"Neither decided nor carried over: {CASE_ID}."))
    ran = inborough("panel", "close", PANEL_ID, "--sat", "user_ann=chair")
    assert (ran.status, CASE_ID in ran.err) == (1, True)


def test_panels_are_listed_newest_first(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPanels", panels_pb2.ListPanelsResponse(panels=[a_panel(), a_closed_panel()]))
    ran = inborough("panel", "list", "--open")
    assert services.asked["ListPanels"].only_open
    assert ran.out.index("open") < ran.out.index("closed")
    assert len(json.loads(inborough("panel", "list", "--json").out)["panels"]) == 2


def test_no_panels_say_how_to_open_one(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPanels", panels_pb2.ListPanelsResponse())
    said = inborough("panel", "list").out
    assert said == "No panel is on record yet.\nOpen one: inborough panel open --on DAY\n"


def test_a_lost_answer_says_which_id_to_repeat(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPanels", panels_pb2.ListPanelsResponse())
    services.answer("OpenPanel", NeighbourDown("placement"))
    ran = inborough("panel", "open", "--on", "2024-02-01")
    assert (ran.status, f"--request-id {services.asked['OpenPanel'].request_id}" in ran.err) == (3, True)
