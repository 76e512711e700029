"""`inborough deadlines`."""

from __future__ import annotations

import json
from collections.abc import Callable

from inborough.caseload.v1 import caseload_pb2
from shared.errors import NotAllowed
from tests.builders.cli import CASE_ID
from tests.builders.panel_answers import PANEL_DAY, a_deadline
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def test_deadlines_say_in_words_what_is_overdue_and_why_it_is_due(services: StandIns, inborough: Inborough) -> None:
    late = a_deadline(clock="finalise_plan", due_on=PANEL_DAY, days_left=-1, source="SEND Regulations 2014 reg. 13(2)")
    page = caseload_pb2.ListDeadlinesResponse(
        deadlines=[late, a_deadline()], total=40, overdue=1, today=PANEL_DAY, next_page_token="t2"
    )
    services.answer("ListDeadlines", page)
    ran = inborough("deadlines", "--by", "2024-02-15", "--case", CASE_ID)
    said = " ".join(ran.out.split())
    for words in (
        "1 day overdue final plan (20 weeks)",
        "in 14 days phase transfer named (15 February)",
        "2 of 40 deadlines, 1 overdue, counted from 1 February 2024.",
        "- final plan (20 weeks): SEND Regulations 2014 reg. 13(2)",
        f"Next: inborough recommend {CASE_ID}",
    ):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80
    request = services.asked["ListDeadlines"]
    assert (request.due_by.day, request.case_id) == (15, CASE_ID)


def test_deadlines_as_json_keep_their_names(services: StandIns, inborough: Inborough) -> None:
    page = caseload_pb2.ListDeadlinesResponse(deadlines=[a_deadline()], total=1, today=PANEL_DAY)
    services.answer("ListDeadlines", page)
    given = json.loads(inborough("deadlines", "--json").out)
    assert (given["today"], given["total"], given["overdue"]) == ("2024-02-01", 1, 0)
    (deadline,) = given["deadlines"]
    assert (deadline["clock"], deadline["due_on"], deadline["first_day"]) == ("phase_transfer", "2024-02-15", None)


def test_no_deadlines_say_where_they_come_from(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListDeadlines", caseload_pb2.ListDeadlinesResponse())
    assert "inborough import due" in " ".join(inborough("deadlines").out.split())
    assert "No deadline is like that." in inborough("deadlines", "--by", "2024-01-01").out


def test_a_planner_is_told_whose_work_it_is(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListDeadlines", NotAllowed("ListDeadlines is for caseworker. Ask somebody with that role."))
    assert inborough("deadlines").status == 1
