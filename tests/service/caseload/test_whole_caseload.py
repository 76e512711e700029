"""ListOpenCases and ListPlanHistory: what placement gathers to simulate the coming years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from shared.days import EPOCH, epoch_days, from_wire, to_wire
from shared.errors import InvalidInput, NotAllowed
from tests.builders import caseload as build
from tests.builders.caseload import Asked, Child, Plan
from tests.builders.identity import connect
from tests.service.caseload.conftest import SECONDS, Caseload

FIRST_DAY = date(2024, 9, 1)
CEASED = Asked(
    plans=(Plan(startdate="2019-02-01", ceasedate="2021-05-05"), Plan(startdate="2022-02-01", ceasedate="2024-01-10")),
    active=(),
)


def two_children() -> list[Child]:
    return [Child(), Child(upn=build.upn(2), surname="Two", requests=(CEASED,))]


def as_service(caseload: Caseload) -> caseload_pb2_grpc.CaseloadServiceStub:
    return caseload_pb2_grpc.CaseloadServiceStub(connect("caseload", caseload.address))


def test_open_cases_are_given_whole_and_ceased_ones_are_not(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*two_children()))
    asked = pb.ListOpenCasesRequest(first_day=to_wire(FIRST_DAY))
    found = as_service(caseload).ListOpenCases.future(asked, timeout=SECONDS).result()
    assert [case.stage for case in found.cases] == [pb.CASE_STAGE_OPEN_PLAN]
    assert from_wire(found.cases[0].on_day, "on_day") == FIRST_DAY
    again = pb.ListOpenCasesRequest(first_day=to_wire(FIRST_DAY), known_revision=found.revision)
    unchanged = as_service(caseload).ListOpenCases.future(again, timeout=SECONDS).result()
    assert unchanged.unchanged
    assert not unchanged.cases


def test_open_cases_need_a_day(caseload: Caseload) -> None:
    with pytest.raises(InvalidInput, match="first_day: is missing"):
        as_service(caseload).ListOpenCases.future(pb.ListOpenCasesRequest(), timeout=SECONDS).result()


def test_history_has_the_plan_in_force_or_the_one_that_ceased_last(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*two_children()))
    found = as_service(caseload).ListPlanHistory.future(pb.ListPlanHistoryRequest(), timeout=SECONDS).result()
    ceased = dict(zip(found.plans_ceased, found.plans_started, strict=True))
    assert ceased.keys() == {0, epoch_days(date(2024, 1, 10))}
    assert ceased[epoch_days(date(2024, 1, 10))] == epoch_days(date(2022, 2, 1))
    assert ceased[0] > (date(2000, 1, 1) - EPOCH).days


def test_history_says_of_nobody_who_it_is(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(30)))
    found = as_service(caseload).ListPlanHistory.future(pb.ListPlanHistoryRequest(), timeout=SECONDS).result()
    hidden = {case.case_id.removeprefix("case_") for case in caseload.list().cases}
    assert len(found.plans_started) == 30
    assert not any(part in str(found) for part in hidden)


@pytest.mark.parametrize("role", ["planner", "panel_chair", "administrator", "auditor"])
def test_only_services_are_answered(caseload: Caseload, role: str) -> None:
    stub = caseload_pb2_grpc.CaseloadServiceStub(connect("caseload", caseload.address, role))
    calls: list[tuple[Callable[..., Any], Any]] = [
        (stub.ListOpenCases.future, pb.ListOpenCasesRequest(first_day=to_wire(FIRST_DAY))),
        (stub.ListPlanHistory.future, pb.ListPlanHistoryRequest()),
    ]
    for call, request in calls:
        with pytest.raises(NotAllowed):
            call(request, timeout=SECONDS).result()
