"""What children need to travel, from its own file, on both databases."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.service.caseload.conftest import GOOD, SECONDS, Caseload


@pytest.fixture
def three(caseload: Caseload) -> tuple[Caseload, list[str]]:
    """Three children, and their case ids in the order of their UPNs."""
    caseload.import_sen2(build.blade(*build.children(3)))
    every = [case.case_id for case in caseload.list().cases]
    first, second, third = (build.travel_needs({"upn": build.upn(n)}) for n in (1, 2, 3))
    order = []
    for file in (first, second, third):
        caseload.import_travel_needs(file)
        (new,) = [one for one in every if one not in order and caseload.get(one).travel_needs.wheelchair]
        order.append(new)
    return caseload, order


def open_cases(caseload: Caseload) -> dict[str, pb.Case]:
    request = pb.ListOpenCasesRequest(first_day=common_pb2.Date(year=2024, month=9, day=2))
    return {case.case_id: case for case in caseload.stub.ListOpenCases(request, timeout=SECONDS).cases}


def needs_of(case: pb.Case) -> tuple[bool, bool, bool]:
    return case.travel_needs.wheelchair, case.travel_needs.passenger_assistant, case.travel_needs.solo


def test_a_child_without_a_decision_due_has_travel_needs(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    assert not caseload.only_case().HasField("travel_needs")
    assert caseload.import_travel_needs(build.travel_needs({"solo": "yes"})).created == 1
    case = caseload.only_case()
    assert (case.HasField("decision_due"), needs_of(case)) == (False, (True, False, True))


def test_a_need_that_either_the_row_or_the_decision_due_states_is_one(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({"wheelchair": "no", "passenger_assistant": "yes"}))
    caseload.import_travel_needs(build.travel_needs({"wheelchair": "yes"}))
    assert needs_of(caseload.only_case()) == (True, True, False)


def test_two_children_are_kept_apart_whichever_row_says_so(three: tuple[Caseload, list[str]]) -> None:
    caseload, (first, second, third) = three
    report = caseload.import_travel_needs(
        build.travel_needs({"cannot_share_with": f"{build.upn(3)};{second}"}, {"upn": build.upn(2)})
    )
    assert (report.updated, report.unchanged) == (1, 1)
    apart = {case_id: list(case.travel_needs.apart_from) for case_id, case in open_cases(caseload).items()}
    assert apart == {first: sorted([second, third]), second: [first], third: [first]}
    assert list(caseload.get(third).travel_needs.apart_from) == [first]


def test_a_pair_stands_until_neither_row_names_it(three: tuple[Caseload, list[str]]) -> None:
    caseload, (first, second, _) = three
    caseload.import_travel_needs(
        build.travel_needs({"cannot_share_with": second}, {"upn": build.upn(2), "cannot_share_with": first})
    )
    caseload.import_travel_needs(build.travel_needs({}))
    assert list(caseload.get(first).travel_needs.apart_from) == [second]
    caseload.import_travel_needs(build.travel_needs({"upn": build.upn(2)}))
    assert not caseload.get(first).travel_needs.apart_from


def test_a_child_whom_another_names_changes_too(three: tuple[Caseload, list[str]]) -> None:
    caseload, (first, second, third) = three
    before = {one: caseload.get(one).etag for one in (first, second, third)}
    caseload.import_travel_needs(build.travel_needs({"cannot_share_with": second}))
    assert [caseload.get(one).etag == before[one] for one in (first, second, third)] == [False, False, True]
    (*_, event) = caseload.events("cases_changed")
    assert list(event.case_ids) == sorted([first, second])


def test_importing_the_same_travel_needs_again_changes_nothing(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    file = build.travel_needs({"cannot_share_with": build.upn(2)})
    caseload.import_travel_needs(file)
    before = caseload.revision()
    report = caseload.import_travel_needs(file)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert caseload.revision() == before


def test_a_later_return_leaves_travel_needs_alone(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    caseload.import_travel_needs(build.travel_needs({"cannot_share_with": build.upn(2)}))
    first, second = build.children(2)
    caseload.import_sen2(build.blade(first, second, exported="01-03-2024"))
    cases = open_cases(caseload).values()
    assert sorted((needs_of(case)[0], len(case.travel_needs.apart_from)) for case in cases) == [(False, 1), (True, 1)]


def test_a_preview_writes_nothing(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    before = caseload.revision()
    assert caseload.import_travel_needs(build.travel_needs({}), preview=True).created == 1
    assert (caseload.revision(), caseload.only_case().HasField("travel_needs")) == (before, False)


def test_good_rows_only_keeps_the_good_ones(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(2)))
    report = caseload.import_travel_needs(build.travel_needs({"solo": "?"}, {"upn": build.upn(2)}), GOOD)
    assert (report.accepted, report.created, len(report.problems)) == (True, 1, 1)


def test_what_somebody_should_look_at_is_kept_with_a_warning(caseload: Caseload) -> None:
    ceased = build.Asked(plans=(build.Plan(ceasedate="2023-06-30"),), active=())
    caseload.import_sen2(build.blade(Child(), Child(upn=build.upn(2), surname="Ceased", requests=(ceased,))))
    rows = ({"solo": "yes", "cannot_share_with": build.upn(2)}, {"upn": build.upn(2)})
    report = caseload.import_travel_needs(build.travel_needs(*rows))
    assert (report.created, [warning.row for warning in report.warnings]) == (2, [2, 3])
