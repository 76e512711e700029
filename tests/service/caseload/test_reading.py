"""GetCase and the lists, on both databases; and what they refuse."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from shared.errors import InvalidInput, NotFound
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child, Placed
from tests.service.caseload.conftest import SECONDS, Caseload


def _placed(*placed: Placed) -> Child:
    return Child(requests=(Asked(active=(Active(placements=placed),)),))


def test_a_case_is_shown_for_the_first_day_of_its_decision(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({"first_day": "2025-01-06"}))
    case = caseload.only_case()
    assert case.on_day == common_pb2.Date(year=2025, month=1, day=6)
    assert caseload.get(case.case_id) == case


def test_a_case_without_decision_is_shown_for_the_year_after_the_return(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    assert caseload.only_case().on_day == common_pb2.Date(year=2024, month=9, day=1)


def test_a_case_is_shown_for_the_day_asked(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(personbirthdate="2013-03-17")))
    case_id = caseload.only_case().case_id
    case = caseload.get(case_id, on_day=common_pb2.Date(year=2026, month=2, day=28))
    assert (case.year_group, case.age_years) == (8, 12)


def test_a_case_that_is_not_there_is_not_found(shared_caseload: Caseload) -> None:
    with pytest.raises(NotFound, match="There is no case case_0123456789abcdef"):
        shared_caseload.get("case_0123456789abcdef")


@pytest.mark.parametrize("case_id", ["", "1", "case_", "case_XYZ", "pool_0123456789abcdef", "case_0123456789abcdef0"])
def test_a_case_id_of_another_form_is_refused(shared_caseload: Caseload, case_id: str) -> None:
    with pytest.raises(InvalidInput, match="case_id"):
        shared_caseload.get(case_id)


@pytest.mark.parametrize("day", [(0, 0, 0), (2024, 2, 30), (99999, 1, 1)])
def test_a_day_that_is_none_is_refused(shared_caseload: Caseload, day: tuple[int, int, int]) -> None:
    on_day = common_pb2.Date(year=day[0], month=day[1], day=day[2])
    with pytest.raises(InvalidInput, match="on_day"):
        shared_caseload.get("case_0123456789abcdef", on_day=on_day)


def test_pages_hold_every_case_once_in_order(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(7)))
    found: list[str] = []
    token = ""
    for _ in range(3):
        page = caseload.list(page_size=3, page_token=token)
        found += [case.case_id for case in page.cases]
        token = page.next_page_token
        assert page.total == 7
    assert token == ""
    assert found == sorted(found)
    assert len(set(found)) == 7


def test_pages_of_decisions_due_go_by_first_day_deadline_and_case(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(6)))
    days = [
        ("2025-01-06", "2024-05-01"),
        ("2024-09-02", ""),
        ("2024-09-02", "2024-04-01"),
        ("2024-09-02", "2024-03-01"),
        ("2024-09-02", ""),
    ]
    rows = [
        {"upn": build.upn(at), "reason": "breakdown", "first_day": first_day, "deadline": deadline}
        for at, (first_day, deadline) in enumerate(days, start=1)
    ]
    caseload.import_due(build.due(*rows))
    found: list[pb.Case] = []
    token = ""
    while page := caseload.list(only_due=True, page_size=2, page_token=token):
        found += page.cases
        token = page.next_page_token
        if not token:
            break
    shown = [(case.decision_due.first_day.year, case.decision_due.deadline.month) for case in found]
    assert shown == [(2024, 3), (2024, 4), (2024, 0), (2024, 0), (2025, 5)]
    assert found[2].case_id < found[3].case_id


@pytest.mark.parametrize("size", [-1, 501, 2**31 - 1])
def test_a_page_size_out_of_range_is_refused(shared_caseload: Caseload, size: int) -> None:
    with pytest.raises(InvalidInput, match="page_size"):
        shared_caseload.list(page_size=size)


@pytest.mark.parametrize("token", ["x", "AAAA", "ü", "WyJjYXNlcyIsICJhIl0", "=" * 9])
def test_a_page_token_of_somebody_else_is_refused(shared_caseload: Caseload, token: str) -> None:
    with pytest.raises(InvalidInput, match="page_token"):
        shared_caseload.list(page_token=token)


def test_a_page_token_of_another_list_is_refused(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    token = caseload.list(page_size=1).next_page_token
    with pytest.raises(InvalidInput, match="page_token"):
        caseload.list(only_due=True, page_token=token)


def test_cases_due_come_with_year_group_on_the_first_day(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(3)))
    caseload.import_due(build.due({}, {"upn": build.upn(2)}, {"upn": build.upn(3), "first_day": "2025-09-01"}))
    caseload.import_preferences(build.preferences({}, {"upn": build.upn(3)}))
    found = caseload.due_on(2024, 9, 2)
    assert [case.case_id for case in found.cases] == sorted(case.case_id for case in found.cases)
    assert {case.year_group for case in found.cases} == {7}
    assert sorted(len(case.preferences) for case in found.cases) == [0, 1]
    assert [(day.first_day.year, day.decisions_due) for day in caseload.first_days()] == [(2024, 2), (2025, 1)]


def test_a_known_revision_is_answered_with_unchanged_until_something_changes(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    known = caseload.due_on(2024, 9, 2).revision
    again = caseload.due_on(2024, 9, 2, known)
    assert (again.unchanged, again.revision, len(again.cases)) == (True, known, 0)
    assert caseload.placements(known).unchanged
    caseload.import_preferences(build.preferences({}))
    assert not caseload.due_on(2024, 9, 2, known).unchanged
    assert len(caseload.placements(known).case_ids) == 1


def test_an_empty_caseload_has_no_revision_and_answers_nothing(caseload: Caseload) -> None:
    found = caseload.due_on(2024, 9, 2)
    assert (found.revision, found.unchanged, len(found.cases)) == ("", False, 0)
    assert caseload.placements() == pb.ListPlacementsResponse()
    assert not caseload.first_days()


def test_cases_due_need_a_first_day(shared_caseload: Caseload) -> None:
    with pytest.raises(InvalidInput, match="first_day"):
        shared_caseload.stub.ListCasesDue(pb.ListCasesDueRequest(), timeout=SECONDS)


def test_placements_are_columns_of_equal_length(caseload: Caseload) -> None:
    asked = Asked(plans=(), active=(Active(placements=(), lastreview=""),))
    caseload.import_sen2(build.blade(Child(), Child(upn=build.upn(2), surname="Unplaced", requests=(asked,))))
    found = caseload.placements()
    assert (list(found.urns), list(found.primary_needs), list(found.reception_years)) == ([900001], ["SEMH"], [2017])
    assert list(found.parts) == [pb.PLACEMENT_PART_WHOLE_SETTING]
    assert (list(found.first_days), list(found.last_days)) == ([19236], [0])


def test_a_placement_left_before_the_return_is_not_listed(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(_placed(Placed(leavingdate="2023-12-20"))))
    assert not caseload.placements().case_ids
    assert caseload.only_case().current_placement.last_day == common_pb2.Date(year=2023, month=12, day=20)


def test_a_placement_that_will_end_is_listed_with_its_last_day(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(_placed(Placed(leavingdate="2024-07-19"))))
    assert list(caseload.placements().last_days) == [19923]


@pytest.mark.parametrize("mode", [common_pb2.IMPORT_MODE_UNSPECIFIED])
def test_an_import_says_what_bad_rows_do(shared_caseload: Caseload, mode: common_pb2.ImportMode.ValueType) -> None:
    with pytest.raises(InvalidInput, match="mode"):
        shared_caseload.import_sen2(build.blade(Child()), mode)


def test_an_import_needs_files_of_a_known_form(shared_caseload: Caseload) -> None:
    with pytest.raises(InvalidInput, match="file"):
        shared_caseload.import_sen2([])
    for name in ("return.pdf", "person", ""):
        with pytest.raises(InvalidInput, match="file"):
            shared_caseload.import_sen2([common_pb2.ImportFile(name=name, content=b"x")])
    with pytest.raises(InvalidInput, match="files"):
        shared_caseload.import_sen2([*build.blade(Child()), *build.xml(Child())])
