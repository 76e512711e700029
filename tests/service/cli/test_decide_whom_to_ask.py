"""`inborough decide`: on which panel and ranking, whom it asks, and what becomes of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from inborough.placement.v1 import decisions_pb2, panels_pb2
from shared.errors import InvalidInput, NeighbourDown, WrongState
from tests.builders.cli import CASE_ID, a_recommendation
from tests.builders.panel_answers import DECISION_ID, PANEL_ID, a_decision, a_panel
from tests.service.cli.conftest import Ran, StandIns
from tests.service.cli.decided import become, hold, rank, sent

Inborough = Callable[..., Ran]
REC_ID = "rec_0000000000000001"
OTHER_PANEL = "panel_0000000000000002"


def test_two_open_panels_with_the_case_must_be_told_apart(deciding: StandIns, inborough: Inborough) -> None:
    hold(deciding, a_panel(), a_panel(panel_id=OTHER_PANEL))
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert ran.status == 2
    assert f"{PANEL_ID}, {OTHER_PANEL}" in ran.err
    assert inborough("decide", CASE_ID, "--option", "1", "--yes", "--panel", OTHER_PANEL).status == 0
    assert sent(deciding).panel_id == OTHER_PANEL


def test_no_agenda_is_read_but_that_of_the_panel_with_the_case(deciding: StandIns, inborough: Inborough) -> None:
    hold(deciding, a_panel(), a_panel(panel_id=OTHER_PANEL))
    inborough("decide", CASE_ID, "--option", "1", "--yes")
    asked = deciding.asked["ListPanels"]
    assert isinstance(asked, panels_pb2.ListPanelsRequest)
    assert (asked.case_id, asked.only_open) == (CASE_ID, True)
    assert "GetPanel" not in deciding.asked


def test_a_case_on_no_agenda_says_how_to_put_it_on_one(deciding: StandIns, inborough: Inborough) -> None:
    hold(deciding)
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert ran.status == 1
    assert f"inborough panel add PANEL_ID {CASE_ID}" in ran.err
    assert "--urgent" in ran.err
    assert "RecordDecision" not in deciding.asked


def test_a_chair_can_decide_outside_a_panel(deciding: StandIns, inborough: Inborough) -> None:
    ran = inborough("decide", CASE_ID, "--option", "1", "--urgent", "School starts on Monday.", "--yes")
    assert (sent(deciding).panel_id, sent(deciding).urgency) == ("", "School starts on Monday.")
    assert "Decided by the chair outside a panel." in ran.out
    assert "ListPanels" not in deciding.asked


def test_the_ranking_that_the_panel_had_before_it_can_be_named(deciding: StandIns, inborough: Inborough) -> None:
    assert inborough("decide", CASE_ID, "--option", "1", "--recommendation", REC_ID, "--yes").status == 0
    assert "RecommendOptions" not in deciding.asked


def test_a_ranking_of_another_case_is_not_decided_on(deciding: StandIns, inborough: Inborough) -> None:
    rank(deciding, a_recommendation(case_id="case_0000000000000009"))
    ran = inborough("decide", CASE_ID, "--option", "1", "--recommendation", REC_ID, "--yes")
    assert (ran.status, f"{REC_ID} is about another case." in ran.err) == (2, True)


def test_an_option_that_is_not_ranked_cannot_be_agreed_with(deciding: StandIns, inborough: Inborough) -> None:
    ran = inborough("decide", CASE_ID, "--option", "9", "--yes")
    assert (ran.status, f"There is no option 9: {REC_ID} ranks 2." in ran.err) == (1, True)


def test_without_a_terminal_and_without_yes_nothing_is_recorded(
    deciding: StandIns, inborough: Inborough, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ran = inborough("decide", CASE_ID, "--option", "1")
    assert ran.status == 2
    assert "--yes" in ran.err
    assert not deciding.asked


class Terminal(io.StringIO):
    """Somebody at a terminal, typing this."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status", "recorded"), [("y\n", 0, True), ("n\n", 1, False), ("\n", 1, False)])
def test_at_a_terminal_the_person_is_asked(
    deciding: StandIns,
    inborough: Inborough,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    status: int,
    recorded: bool,
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    ran = inborough("decide", CASE_ID, "--option", "1")
    assert (ran.status, "RecordDecision" in deciding.asked) == (status, recorded)
    assert "Record this decision?" in ran.err
    assert ("Nothing was recorded." in ran.err) is not recorded


def test_json_asks_nobody_and_needs_yes(deciding: StandIns, inborough: Inborough) -> None:
    assert inborough("decide", CASE_ID, "--option", "1", "--json").status == 2
    given = json.loads(inborough("decide", CASE_ID, "--option", "1", "--json", "--yes").out)
    assert (given["decision_id"], given["state"], given["kind"]) == (DECISION_ID, "offered", "agree")
    assert (given["offer_expires_on"], given["deferred_until"], given["rank"]) == ("2024-02-29", None, 1)


def test_a_place_that_could_not_be_held_is_an_answer_of_no(deciding: StandIns, inborough: Inborough) -> None:
    full = a_decision(
        state=decisions_pb2.DECISION_STATE_NOT_OFFERED,
        not_offered_because="All 16 places are held on 2 September 2024.",
    )
    become(deciding, full)
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert ran.status == 1
    said = " ".join(ran.out.split())
    assert "no place could be held at Astmoor Primary School: All 16 places are held on 2 September 2024." in said
    assert f"Next: inborough recommend {CASE_ID}" in said


def test_a_place_still_being_asked_for_is_recorded_all_the_same(deciding: StandIns, inborough: Inborough) -> None:
    waiting = a_decision(state=decisions_pb2.DECISION_STATE_REQUESTED, offer_id="", offer_expires_on=None)
    become(deciding, waiting)
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert ran.status == 0
    assert "nothing is lost" in ran.out


def test_a_lost_answer_says_how_to_ask_the_very_same_again(deciding: StandIns, inborough: Inborough) -> None:
    deciding.answer("RecordDecision", NeighbourDown("placement"))
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    request_id = sent(deciding).request_id
    assert ran.status == 3
    options = f"--request-id {request_id} --recommendation {REC_ID} --panel {PANEL_ID}"
    assert options in ran.err
    become(deciding, a_decision())
    first = sent(deciding)
    assert inborough("decide", CASE_ID, "--option", "1", "--yes", *options.split()).status == 0
    assert sent(deciding) == first


@pytest.mark.parametrize(
    ("error", "status"), [(WrongState("The panel is closed."), 1), (InvalidInput("reason", "why?"), 2)]
)
def test_a_rule_of_the_service_is_shown_as_it_says_it(
    deciding: StandIns, inborough: Inborough, error: Exception, status: int
) -> None:
    deciding.answer("RecordDecision", error)
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert (ran.status, str(error) in ran.err) == (status, True)
