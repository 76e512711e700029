"""What caseload's event log tells: imports, views by persons and each new write, in the change's own transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from shared.errors import NotAllowed, NotFound
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.builders.caseload_requests import ground, naming, withdrawal
from tests.builders.identity import connect
from tests.service.caseload.conftest import SECONDS, Caseload


@pytest.fixture
def caseworker(caseload: Caseload) -> Iterator[caseload_pb2_grpc.CaseloadServiceStub]:
    """The service as one person calls it."""
    with connect("caseload", caseload.address, "caseworker", user_id="user_ann") as channel:
        yield caseload_pb2_grpc.CaseloadServiceStub(channel)


def names(caseload: Caseload) -> list[str]:
    return [event.name for event in caseload.events()]


def test_an_import_tells_its_counts_and_which_cases_changed(caseload: Caseload) -> None:
    report = caseload.import_sen2(build.blade(*build.children(2)))
    changed, imported = caseload.events()
    assert (changed.name, imported.name) == ("cases_changed", "sen2_imported")
    assert list(changed.case_ids) == [case.case_id for case in caseload.list().cases]
    assert dict(changed.facts) == {"import_id": report.import_id}
    counts = {"accepted": "yes", "created": "2", "updated": "0", "unchanged": "0", "problems": "0"}
    assert (dict(imported.facts), list(imported.case_ids)) == ({"import_id": report.import_id, **counts}, [])


def test_an_import_that_changes_nothing_names_no_case(caseload: Caseload) -> None:
    for _ in range(2):
        caseload.import_sen2(build.blade(Child()))
        caseload.import_due(build.due({}))
        caseload.import_preferences(build.preferences({}))
    every = ["sen2_imported", "decisions_due_imported", "preferences_imported"]
    first = [name for imported in every for name in ("cases_changed", imported)]
    assert names(caseload) == [*first, *every]


def test_a_refused_import_is_told_and_a_preview_is_not(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()), preview=True)
    caseload.import_sen2(build.blade(Child(sex="?")))
    (event,) = caseload.events()
    assert (event.name, event.facts["accepted"]) == ("sen2_imported", "no")


def test_a_large_import_names_at_most_500_cases_in_one_event(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(501)))
    assert [len(event.case_ids) for event in caseload.events("cases_changed")] == [500, 1]


def test_each_case_that_a_person_is_shown_is_told(
    caseload: Caseload, caseworker: caseload_pb2_grpc.CaseloadServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-02-01")
    caseload.import_sen2(build.blade(*build.children(3)))
    caseload.import_due(build.due({}))
    case_ids = [case.case_id for case in caseload.list().cases]
    (due,) = [case.case_id for case in caseload.list(only_due=True).cases]
    caseworker.GetCase(pb.GetCaseRequest(case_id=case_ids[0]), timeout=SECONDS)
    caseworker.ListCases(pb.ListCasesRequest(page_size=2), timeout=SECONDS)
    caseworker.ListDeadlines(pb.ListDeadlinesRequest(), timeout=SECONDS)
    viewed = [event for event in caseload.events() if event.actor == "user_ann"]
    assert [(event.name, list(event.case_ids)) for event in viewed] == [
        ("case_viewed", case_ids[:1]),
        ("cases_listed", case_ids[:2]),
        ("deadlines_listed", [due]),
    ]
    assert [list(event.roles) for event in viewed] == [["caseworker"]] * 3


def test_what_a_service_reads_and_what_shows_no_case_is_not_told(
    caseload: Caseload, caseworker: caseload_pb2_grpc.CaseloadServiceStub
) -> None:
    caseworker.ListCases(pb.ListCasesRequest(), timeout=SECONDS)
    caseworker.ListDeadlines(pb.ListDeadlinesRequest(), timeout=SECONDS)
    with pytest.raises(NotFound):
        caseworker.GetCase(pb.GetCaseRequest(case_id="case_0123456789abcdef"), timeout=SECONDS)
    caseload.list()
    assert names(caseload) == []


def test_each_change_of_one_case_is_told_with_its_decision(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    caseload.import_preferences(build.preferences({}))
    case_id = caseload.only_case().case_id
    before = len(caseload.events())
    caseload.record_ground(ground(case_id, 1))
    caseload.withdraw(withdrawal(case_id, 2))
    caseload.record_placement(naming(case_id, 3))
    told = caseload.events()[before:]
    assert {case for event in told for case in event.case_ids} == {case_id}
    assert [(event.name, dict(event.facts)) for event in told] == [
        ("ground_recorded", {"urn": "900002", "ground": "unsuitable", "decision_id": "dec_0000000000000001"}),
        ("decision_due_withdrawn", {"reason_code": "moved_away", "first_day": "2024-09-02"}),
        (
            "placement_recorded",
            {
                "urn": "900005",
                "part": "resource_base",
                "pool_id": "pool_900005-RB",
                "first_day": "2024-09-02",
                "decision_id": "dec_0000000000000003",
            },
        ),
    ]


def test_a_caseworker_cannot_name_a_placement_and_nothing_is_told(
    caseload: Caseload, caseworker: caseload_pb2_grpc.CaseloadServiceStub
) -> None:
    with pytest.raises(NotAllowed):
        caseworker.RecordPlacement(naming("case_0123456789abcdef"), timeout=SECONDS)
    assert names(caseload) == []
