"""Every malformed file of our own columns is refused with row, column and reason, and nothing of it is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest

from inborough.common.v1 import common_pb2
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.service.caseload.conftest import Caseload, serving, sqlite_settings


def _file(name: str, content: bytes) -> common_pb2.ImportFile:
    return common_pb2.ImportFile(name=name, content=content)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    """A service with one open and one ceased case."""
    ceased = build.Asked(plans=(build.Plan(ceasedate="2023-06-30"),), active=())
    with serving(sqlite_settings(tmp_path_factory.mktemp("stocked"))) as service:
        service.import_sen2(build.blade(Child(), Child(upn=build.upn(2), surname="Ceased", requests=(ceased,))))
        yield service


DUE = [
    ("an unknown UPN", {"upn": build.upn(99)}, "upn", "no case has this UPN"),
    ("a UPN of no form", {"upn": "12"}, "upn", "not a UPN"),
    ("no child", {"upn": ""}, "case_id", "names no child"),
    ("an unknown reason", {"reason": "because"}, "reason", "new_plan"),
    ("no first day", {"first_day": ""}, "first_day", "empty"),
    ("a first day that is none", {"first_day": "September"}, "first_day", "not a date"),
    ("a deadline that is none", {"deadline": "31/04/2024"}, "deadline", "no such day"),
    ("an unknown kind", {"advised_kinds": "mainstream;boarding"}, "advised_kinds", "not a kind of place"),
    ("a band beyond E", {"top_up_band": "F"}, "top_up_band", "not one of A, B, C, D, E"),
    ("a wheelchair maybe", {"wheelchair": "maybe"}, "wheelchair", "yes or no"),
    ("an unknown risk", {"exclusion_risk": "high"}, "exclusion_risk", "at_risk"),
    ("an odd review", {"review_says_mainstream_cannot": "?"}, "review_says_mainstream_cannot", "yes or no"),
    ("an odd review day", {"review_date": "last week"}, "review_date", "not a date"),
    ("a ceased plan", {"upn": build.upn(2)}, "reason", "ceased"),
    ("a formula", {"reason": "=A1"}, "reason", "formula"),
]


@pytest.mark.parametrize(("row", "column", "reason"), [c[1:] for c in DUE], ids=[c[0] for c in DUE])
def test_a_malformed_decision_due_is_refused(stocked: Caseload, row: dict[str, str], column: str, reason: str) -> None:
    before = stocked.revision()
    report = stocked.import_due(build.due(row))
    assert not report.accepted
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("due.csv", 2, column)
    assert reason in problem.reason
    assert (stocked.revision(), list(stocked.first_days())) == (before, [])


TRAVEL_NEEDS = [
    ("an unknown UPN", {"upn": build.upn(99)}, "upn", "no case has this UPN"),
    ("no child", {"upn": ""}, "case_id", "names no child"),
    ("a wheelchair maybe", {"wheelchair": "maybe"}, "wheelchair", "yes or no"),
    ("solo perhaps", {"solo": "2"}, "solo", "yes or no"),
    ("another who is no child", {"cannot_share_with": "Sam"}, "cannot_share_with", "not a UPN"),
    (
        "another who is nobody's",
        {"cannot_share_with": build.upn(99)},
        "cannot_share_with",
        "no case has this id or UPN",
    ),
    ("an id that is nobody's", {"cannot_share_with": f"case_{'0' * 16}"}, "cannot_share_with", "no case has this id"),
    ("the child itself", {"cannot_share_with": build.upn(1)}, "cannot_share_with", "apart from itself"),
    ("a formula", {"cannot_share_with": "=A1"}, "cannot_share_with", "formula"),
]


@pytest.mark.parametrize(("row", "column", "reason"), [c[1:] for c in TRAVEL_NEEDS], ids=[c[0] for c in TRAVEL_NEEDS])
def test_a_malformed_travel_need_is_refused(stocked: Caseload, row: dict[str, str], column: str, reason: str) -> None:
    before = stocked.revision()
    report = stocked.import_travel_needs(build.travel_needs(row))
    assert not report.accepted
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("travel-needs.csv", 2, column)
    assert reason in problem.reason
    assert stocked.revision() == before


def test_a_second_row_of_travel_needs_is_refused(stocked: Caseload) -> None:
    report = stocked.import_travel_needs(build.travel_needs({}, {"solo": "yes"}))
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, "upn")]


PREFERENCES = [
    ("an unknown UPN", {"upn": build.upn(99)}, "upn", "no case has this UPN"),
    ("no URN", {"urn": ""}, "urn", "empty"),
    ("a short URN", {"urn": "123"}, "urn", "six digits"),
    ("rank 0", {"rank": "0"}, "rank", "from 1 to 20"),
    ("a rank in words", {"rank": "one"}, "rank", "whole number"),
    ("an unknown class", {"legal_class": "s39"}, "legal_class", "s38_3"),
    ("a wish of nobody", {"stated_by": "school"}, "stated_by", "young_person"),
    ("a day that is none", {"stated_on": "0000-00-00"}, "stated_on", "no such day"),
    ("a ground that is none", {"ground_recorded": "too dear"}, "ground_recorded", "unsuitable"),
    ("a formula", {"urn": "+1+cmd"}, "urn", "formula"),
]


@pytest.mark.parametrize(("row", "column", "reason"), [c[1:] for c in PREFERENCES], ids=[c[0] for c in PREFERENCES])
def test_a_malformed_preference_is_refused(stocked: Caseload, row: dict[str, str], column: str, reason: str) -> None:
    before = stocked.revision()
    report = stocked.import_preferences(build.preferences(row))
    assert not report.accepted
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("preferences.csv", 2, column)
    assert reason in problem.reason
    assert stocked.revision() == before


def test_two_decisions_for_one_child_name_both_rows(stocked: Caseload) -> None:
    report = stocked.import_due(build.due({}, {"reason": "breakdown"}))
    assert [(found.row, found.column) for found in report.problems] == [(3, "upn")]
    assert "row 2" in report.problems[0].reason


def test_two_preferences_of_one_rank_name_both_rows(stocked: Caseload) -> None:
    report = stocked.import_preferences(build.preferences({}, {"urn": "900005"}))
    assert [(found.row, found.column) for found in report.problems] == [(2, ""), (3, "rank")]
    assert "row 3" in report.problems[0].reason
    assert "row 2" in report.problems[1].reason


def test_one_setting_asked_for_twice_names_both_rows(stocked: Caseload) -> None:
    report = stocked.import_preferences(build.preferences({}, {"rank": "2"}))
    assert [(found.row, found.column) for found in report.problems] == [(2, ""), (3, "urn")]


def test_a_case_id_and_the_upn_of_another_child_are_refused(stocked: Caseload) -> None:
    case_ids = [case.case_id for case in stocked.list().cases]
    reports = [stocked.import_due(build.due({"case_id": case_id})) for case_id in case_ids]
    refused = [found.reason for report in reports for found in report.problems]
    assert len([why for why in refused if "another child" in why]) == 1


def test_a_case_id_of_no_form_is_refused(stocked: Caseload) -> None:
    report = stocked.import_due(build.due({"case_id": "case_1", "upn": ""}))
    assert [(found.column, found.value) for found in report.problems] == [("case_id", "case_1")]


def test_a_file_that_is_empty_or_a_heading_alone_is_refused_in_its_report(stocked: Caseload) -> None:
    heading = ",".join(build.DUE_ROW).encode()
    for content, reason in ((b"", "the file is empty"), (heading, "a heading and no rows")):
        report = stocked.import_due(_file("due.csv", content))
        assert [(found.row, reason in found.reason) for found in report.problems] == [(0, True)]


def test_a_file_that_names_no_child_is_refused(stocked: Caseload) -> None:
    report = stocked.import_due(_file("due.csv", b"reason,first_day\r\nbreakdown,2024-09-02\r\n"))
    assert [(found.row, found.column) for found in report.problems] == [(0, "case_id")]


def test_a_formula_in_a_workbook_is_refused(stocked: Caseload) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(build.DUE_ROW))
    sheet.append([*list(build.DUE_ROW.values())[:1], "=1+1", *list(build.DUE_ROW.values())[2:]])
    out = io.BytesIO()
    workbook.save(out)
    report = stocked.import_due(_file("due.xlsx", out.getvalue()))
    assert [(found.row, found.column) for found in report.problems] == [(2, "reason")]


def test_a_workbook_of_nothing_is_refused(stocked: Caseload) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    report = stocked.import_due(_file("due.xlsx", out.getvalue()))
    assert [found.row for found in report.problems] == [0]
