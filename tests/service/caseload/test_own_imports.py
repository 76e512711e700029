"""Preferences and decisions due, from the product's own files, on both databases."""

from __future__ import annotations

import io

import openpyxl
import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child
from tests.service.caseload.conftest import GOOD, Caseload


def test_a_decision_due_is_kept_with_its_evidence_and_travel_needs(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    assert caseload.import_due(build.due({})).created == 1
    case = caseload.only_case()
    assert case.decision_due.reason == pb.DUE_REASON_PHASE_TRANSFER
    assert list(case.decision_due.advised_kinds) == ["mainstream", "resource_base"]
    assert case.decision_due.top_up_band == "B"
    assert (case.travel_needs.wheelchair, case.travel_needs.passenger_assistant) == (False, True)
    assert case.unit_evidence.exclusion_risk == pb.EXCLUSION_RISK_AT_RISK
    assert case.unit_evidence.review_says_mainstream_cannot is True
    assert case.unit_evidence.review_date == common_pb2.Date(year=2023, month=12, day=8)


def test_what_is_not_on_file_is_absent(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    blank = dict.fromkeys(("deadline", "advised_kinds", "top_up_band", "exclusion_risk"), "")
    review = {"review_says_mainstream_cannot": "", "review_date": ""}
    caseload.import_due(build.due({**blank, **review, "reason": "breakdown"}))
    case = caseload.only_case()
    assert not case.decision_due.HasField("deadline")
    assert not case.unit_evidence.HasField("review_says_mainstream_cannot")
    assert case.unit_evidence.exclusion_risk == pb.EXCLUSION_RISK_UNSPECIFIED


@pytest.mark.parametrize(
    ("reason", "born", "deadline"),
    [
        ("phase_transfer", "2013-03-17", (2024, 2, 15)),
        ("phase_transfer", "2008-03-17", (2024, 3, 31)),
        ("new_plan", "2013-03-17", (2022, 3, 1)),
    ],
)
def test_a_blank_deadline_is_worked_out_from_the_law(
    caseload: Caseload, reason: str, born: str, deadline: tuple[int, int, int]
) -> None:
    caseload.import_sen2(build.blade(Child(personbirthdate=born)))
    caseload.import_due(build.due({"reason": reason, "deadline": ""}))
    found = caseload.only_case().decision_due.deadline
    assert (found.year, found.month, found.day) == deadline


def test_importing_the_same_decisions_again_changes_nothing(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    before = caseload.revision()
    report = caseload.import_due(build.due({}))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert caseload.revision() == before


def test_a_new_row_replaces_the_decision_of_its_child_only(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    caseload.import_due(build.due({}, {"upn": build.upn(2)}))
    report = caseload.import_due(build.due({"reason": "breakdown"}))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    reasons = sorted(case.decision_due.reason for case in caseload.list(only_due=True).cases)
    assert reasons == [pb.DUE_REASON_PHASE_TRANSFER, pb.DUE_REASON_BREAKDOWN]


def test_a_decision_may_name_its_child_by_case_id(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    case_id = caseload.only_case().case_id
    assert caseload.import_due(build.due({"upn": "", "case_id": case_id})).created == 1


def test_a_decision_of_a_plan_that_later_ceases_is_no_longer_due(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    ceased = Asked(plans=(build.Plan(ceasedate="2024-01-10"),), active=(Active(placements=()),))
    caseload.import_sen2(build.blade(Child(requests=(ceased,))))
    assert not caseload.due_on(2024, 9, 2).cases
    assert not caseload.first_days()
    assert caseload.list(only_due=True).total == 0


def test_a_sen2_import_leaves_decisions_and_preferences_alone(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    caseload.import_preferences(build.preferences({}))
    caseload.import_sen2(build.blade(Child(sex="F"), exported="01-03-2024"))
    case = caseload.only_case()
    assert (case.sex, case.HasField("decision_due"), len(case.preferences)) == ("F", True, 1)


def test_preferences_are_kept_first_choice_first(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    second = {"urn": "900007", "rank": "2", "legal_class": "wholly_independent", "ground_recorded": "unsuitable"}
    report = caseload.import_preferences(build.preferences(second, {}))
    assert report.created == 2
    first, other = caseload.only_case().preferences
    assert (first.urn, first.legal_class, first.stated_by) == (900002, pb.LEGAL_CLASS_S38_3, "parent")
    assert (other.urn, other.legal_class) == (900007, pb.LEGAL_CLASS_WHOLLY_INDEPENDENT)
    assert other.ground_recorded == "unsuitable"


def test_the_rows_of_a_child_replace_all_that_it_had(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_preferences(build.preferences({}, {"urn": "900007", "rank": "2"}))
    report = caseload.import_preferences(build.preferences({}))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert [one.urn for one in caseload.only_case().preferences] == [900002]


def test_importing_the_same_preferences_again_changes_nothing(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_preferences(build.preferences({}))
    before = caseload.revision()
    report = caseload.import_preferences(build.preferences({}))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert caseload.revision() == before


@pytest.mark.parametrize("urn", ["9", "=A1"])
def test_a_child_with_one_bad_preference_keeps_what_was_on_file(caseload: Caseload, urn: str) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    caseload.import_preferences(build.preferences({}, {"upn": build.upn(2)}))
    file = build.preferences({"urn": "900008"}, {"urn": urn, "rank": "2"}, {"upn": build.upn(2), "urn": "900009"})
    report = caseload.import_preferences(file, GOOD)
    assert (report.accepted, report.updated) == (True, 1)
    assert [found.row for found in report.problems] == [2, 3]
    urns = sorted(one.urn for case in caseload.list().cases for one in case.preferences)
    assert urns == [900002, 900009]


def test_good_rows_only_keeps_the_good_decisions(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    report = caseload.import_due(build.due({"reason": "?"}, {"upn": build.upn(2)}), GOOD)
    assert (report.accepted, report.created, len(report.problems)) == (True, 1, 1)
    assert caseload.list(only_due=True).total == 1


def test_odd_days_are_kept_with_a_warning(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    due = caseload.import_due(build.due({"first_day": "2029-09-03", "deadline": "2029-09-04"}))
    preferences = caseload.import_preferences(build.preferences({"stated_on": "2030-01-01"}))
    assert [(due.created, preferences.created)] == [(1, 1)]
    assert [(found.row, found.column) for found in due.warnings] == [(2, "deadline"), (2, "first_day")]
    assert [(found.row, found.column) for found in preferences.warnings] == [(2, "stated_on")]


def test_previews_write_nothing(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    before = caseload.revision()
    assert caseload.import_due(build.due({}), preview=True).created == 1
    assert caseload.import_preferences(build.preferences({}), preview=True).created == 1
    assert (caseload.revision(), list(caseload.first_days())) == (before, [])


def test_a_workbook_of_the_same_columns_is_read(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(build.DUE_ROW))
    sheet.append(list(build.DUE_ROW.values()))
    out = io.BytesIO()
    workbook.save(out)
    assert caseload.import_due(common_pb2.ImportFile(name="due.xlsx", content=out.getvalue())).created == 1
