"""ListDeadlines and its gauge, on both databases, on an authority's own day."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from shared.errors import InvalidInput, NotFound
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child
from tests.builders.caseload_requests import naming
from tests.service.caseload.conftest import Caseload

REFUSED = Child(upn=build.upn(8), surname="Eight", requests=(Asked("2023-12-04", plans=(), active=()),))


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-02-10")


@pytest.fixture
def in_hand(caseload: Caseload) -> Caseload:
    """A phase transfer for 15 February, a request of 4 December 2023, and an open plan with nothing due."""
    asked = Child(upn=build.upn(2), surname="Two", requests=(Asked("2023-12-04", plans=(), active=()),))
    caseload.import_sen2(build.blade(Child(), asked, Child(upn=build.upn(3), surname="Three")))
    caseload.import_due(build.due({}))
    return caseload


def shown(answer: pb.ListDeadlinesResponse) -> list[tuple[str, int]]:
    return [(one.clock, one.days_left) for one in answer.deadlines]


def test_the_most_urgent_come_first_counted_from_the_authoritys_day(in_hand: Caseload) -> None:
    answer = in_hand.deadlines()
    assert shown(answer) == [("assess", -26), ("phase_transfer", 5), ("refuse_plan", 44), ("finalise_plan", 72)]
    assert (answer.total, answer.overdue) == (4, 1)
    assert answer.today == common_pb2.Date(year=2024, month=2, day=10)


def test_a_deadline_says_whose_why_and_for_when(in_hand: Caseload) -> None:
    (due,) = (case.case_id for case in in_hand.list(only_due=True).cases)
    assert in_hand.deadlines(case_id=due).deadlines == [
        pb.Deadline(
            case_id=due,
            clock="phase_transfer",
            due_on=common_pb2.Date(year=2024, month=2, day=15),
            days_left=5,
            source="SEND Regulations 2014 reg. 18(1)(b)",
            first_day=common_pb2.Date(year=2024, month=9, day=2),
        )
    ]


def test_only_those_due_by_a_day_are_listed_and_counted(in_hand: Caseload) -> None:
    answer = in_hand.deadlines(due_by=common_pb2.Date(year=2024, month=2, day=15))
    assert (shown(answer), answer.total) == ([("assess", -26), ("phase_transfer", 5)], 2)


def test_pages_hold_every_deadline_once_in_order(in_hand: Caseload) -> None:
    found: list[tuple[str, int]] = []
    token = ""
    for _ in range(4):
        page = in_hand.deadlines(page_size=1, page_token=token)
        found += shown(page)
        token = page.next_page_token
        assert page.total == 4
    assert (token, found) == ("", shown(in_hand.deadlines()))


def test_a_named_placement_ends_its_deadlines(in_hand: Caseload) -> None:
    for serial, case in enumerate(in_hand.list().cases, start=1):
        in_hand.record_placement(naming(case.case_id, serial))
    assert in_hand.deadlines().total == 0


def test_a_ceased_plan_and_a_refused_request_have_none(caseload: Caseload) -> None:
    tables = build.blade_tables([REFUSED, Child()])
    tables["requests"][0]["requestoutcome"] = "N"
    tables["namedplan"][0].update(ceasedate="2024-Jan-10 00:00:00", ceasereason="1")
    for table in ("placementdetail", "senneed"):
        tables[table].clear()
    assert caseload.import_sen2(build.blade_files(tables)).accepted
    assert caseload.deadlines().total == 0


@pytest.mark.parametrize(
    ("outcome", "assessed", "clocks"),
    [
        ("", "", ["assess", "refuse_plan", "finalise_plan"]),
        ("Y", "", ["refuse_plan", "finalise_plan"]),
        ("Y", "Y", ["finalise_plan"]),
        ("Y", "N", []),
        ("w", "", []),
    ],
)
def test_the_outcomes_in_a_return_say_which_clocks_run(
    caseload: Caseload, outcome: str, assessed: str, clocks: list[str]
) -> None:
    tables = build.blade_tables([Child(requests=(Asked("2023-12-04", (), (Active(placements=(), lastreview=""),)),))])
    tables["requests"][0]["requestoutcome"] = outcome
    if assessed:
        links = {"assessmenttableid": "1", "requeststableid": "1", "NativeId": "", "assessmentorderseqcolumn": "1"}
        tables["assessment"].append({**links, "sourceid": "1", "assessmentoutcome": assessed})
    assert caseload.import_sen2(build.blade_files(tables)).accepted
    assert [one.clock for one in caseload.deadlines().deadlines] == clocks


def test_a_case_that_is_not_there_is_not_found(shared_caseload: Caseload) -> None:
    with pytest.raises(NotFound, match="There is no case case_0123456789abcdef"):
        shared_caseload.deadlines(case_id="case_0123456789abcdef")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("case_id", "x"),
        ("page_size", 501),
        ("page_token", "x"),
        ("due_by", common_pb2.Date(year=2024, month=13, day=1)),
    ],
)
def test_a_field_that_breaks_a_rule_is_refused_by_name(shared_caseload: Caseload, field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}"):
        shared_caseload.deadlines(**{field: value})


def test_a_page_token_of_other_filters_is_refused(in_hand: Caseload) -> None:
    token = in_hand.deadlines(page_size=1).next_page_token
    with pytest.raises(InvalidInput, match="page_token"):
        in_hand.deadlines(page_size=1, page_token=token, due_by=common_pb2.Date(year=2025, month=1, day=1))


def gauge(clock: str, state: str) -> float | None:
    return REGISTRY.get_sample_value("inborough_deadlines", {"clock": clock, "state": state})


def test_the_gauge_counts_deadlines_and_follows_the_day(in_hand: Caseload, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (gauge("assess", "overdue"), gauge("phase_transfer", "within_14_days")) == (1, 1)
    assert (gauge("finalise_plan", "later"), gauge("panel", "overdue")) == (1, 0)
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-02-16")
    assert (gauge("phase_transfer", "overdue"), gauge("phase_transfer", "within_14_days")) == (1, 0)
    for serial, case in enumerate(in_hand.list().cases, start=1):
        in_hand.record_placement(naming(case.case_id, serial))
    assert gauge("phase_transfer", "overdue") == 0
