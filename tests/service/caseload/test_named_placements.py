"""RecordPlacement, and what returns read later make of it, on both databases (docs/decisions/0015)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from shared.days import EPOCH
from shared.errors import AlreadyExists, InvalidInput, NotFound, WrongState
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child, Placed, Plan
from tests.builders.caseload_requests import naming, withdrawal
from tests.service.caseload.conftest import Caseload

NAMED_THERE = Placed(urn="900005", resourcedprovisionindicator="true", entrydate="2024-09-02")


def placed(*placements: Placed) -> Child:
    return Child(requests=(Asked(active=(Active(placements=placements),)),))


@pytest.fixture
def case_id(caseload: Caseload) -> str:
    """One child at 900001 since 2022, by a return of 1 February 2024, with a decision due for 2 September 2024."""
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    return caseload.only_case().case_id


def held(caseload: Caseload) -> list[tuple[int, str, str, str]]:
    """URN, first and last day ("" where open) and pool of each place held, in order."""
    found = caseload.placements()
    rows = zip(found.urns, found.first_days, found.last_days, found.pool_ids, strict=True)
    return [(urn, day(first), day(last), pool) for urn, first, last, pool in rows]


def day(days: int) -> str:
    return (EPOCH + timedelta(days=days)).isoformat() if days else ""


BEFORE = (900001, "2022-09-01", "2024-09-01", "")
NAMED = (900005, "2024-09-02", "", "pool_900005-RB")


def test_the_present_place_is_held_to_the_day_before_and_the_named_one_from_then_on(
    caseload: Caseload, case_id: str
) -> None:
    caseload.record_placement(naming(case_id))
    assert held(caseload) == [BEFORE, NAMED]
    assert list(caseload.placements().parts) == [pb.PLACEMENT_PART_WHOLE_SETTING, pb.PLACEMENT_PART_RESOURCE_BASE]


def test_a_named_case_is_no_longer_due_and_says_where_it_is_named(caseload: Caseload, case_id: str) -> None:
    etag = caseload.record_placement(naming(case_id))
    case = caseload.get(case_id)
    assert (case.etag, case.HasField("decision_due"), list(caseload.first_days())) == (etag, False, [])
    assert case.current_placement.urn == 900001
    assert case.named_placement == pb.NamedPlacement(
        urn=900005,
        part=pb.PLACEMENT_PART_RESOURCE_BASE,
        pool_id="pool_900005-RB",
        first_day=common_pb2.Date(year=2024, month=9, day=2),
        decision_id="dec_0000000000000001",
    )


def test_a_child_without_a_plan_yet_holds_the_named_place(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(Asked(plans=(), active=()),))))
    caseload.record_placement(naming(caseload.only_case().case_id))
    assert held(caseload) == [NAMED]


def test_a_present_place_that_ends_earlier_ends_when_it_does(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(placed(Placed(leavingdate="2024-07-19"))))
    caseload.record_placement(naming(caseload.only_case().case_id))
    assert held(caseload) == [(900001, "2022-09-01", "2024-07-19", ""), NAMED]


def test_the_next_decision_ends_the_named_placement_before_it(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    january = common_pb2.Date(year=2025, month=1, day=6)
    caseload.record_placement(naming(case_id, 2, urn=900006, pool_id="pool_6", first_day=january))
    assert held(caseload) == [BEFORE, (*NAMED[:2], "2025-01-05", NAMED[3]), (900006, "2025-01-06", "", "pool_6")]
    assert caseload.get(case_id).named_placement.urn == 900006


def test_a_decision_from_the_same_day_or_earlier_replaces_the_one_before(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    june = common_pb2.Date(year=2024, month=6, day=3)
    caseload.record_placement(naming(case_id, 2, urn=900006, pool_id="pool_6", first_day=june))
    assert held(caseload) == [(900001, "2022-09-01", "2024-06-02", ""), (900006, "2024-06-03", "", "pool_6")]


def test_the_same_request_again_gives_the_same_answer_and_does_nothing_more(caseload: Caseload, case_id: str) -> None:
    etag = caseload.record_placement(naming(case_id))
    caseload.import_due(build.due({"reason": "breakdown"}))
    assert caseload.record_placement(naming(case_id)) == etag
    assert caseload.get(case_id).HasField("decision_due")
    assert len(caseload.events("placement_recorded")) == 1


def test_the_same_decision_under_another_request_id_changes_nothing(caseload: Caseload, case_id: str) -> None:
    etag = caseload.record_placement(naming(case_id))
    assert caseload.record_placement(naming(case_id, request_id="req_00000000000000ff")) == etag
    assert len(caseload.events("placement_recorded")) == 1


def test_a_request_id_used_for_another_request_is_refused(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    with pytest.raises(AlreadyExists, match="request id was used for another request"):
        caseload.record_placement(naming(case_id, urn=900006))
    with pytest.raises(AlreadyExists):
        caseload.withdraw(withdrawal(case_id))
    assert held(caseload) == [BEFORE, NAMED]


def test_copies_sent_at_once_name_the_case_once(caseload: Caseload, case_id: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        etags = set(pool.map(caseload.record_placement, [naming(case_id)] * 12))
    assert len(etags) == 1
    assert len(caseload.events("placement_recorded")) == 1


def test_a_case_that_is_not_there_cannot_be_named(caseload: Caseload) -> None:
    with pytest.raises(NotFound, match="There is no case case_0123456789abcdef"):
        caseload.record_placement(naming("case_0123456789abcdef"))


def test_a_ceased_plan_names_no_placement(caseload: Caseload) -> None:
    ceased = Asked(plans=(Plan(ceasedate="2024-01-10"),), active=())
    caseload.import_sen2(build.blade(Child(requests=(ceased,))))
    with pytest.raises(WrongState, match="has ceased"):
        caseload.record_placement(naming(caseload.only_case().case_id))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("request_id", "req_1"),
        ("case_id", "case_1"),
        ("urn", 12),
        ("part", pb.PLACEMENT_PART_UNSPECIFIED),
        ("part", 9),
        ("pool_id", "900005"),
        ("pool_id", "pool_a name"),
        ("first_day", None),
        ("first_day", common_pb2.Date(year=2024, month=2, day=30)),
        ("decision_id", "decision"),
    ],
)
def test_a_field_that_breaks_a_rule_is_refused_by_name(shared_caseload: Caseload, field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}"):
        shared_caseload.record_placement(naming("case_0123456789abcdef", **{field: value}))


def test_the_same_return_again_changes_nothing_of_a_named_case(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    before = caseload.revision()
    report = caseload.import_sen2(build.blade(Child()))
    assert (report.updated, report.unchanged, list(report.warnings)) == (0, 1, [])
    assert (caseload.revision(), held(caseload)) == (before, [BEFORE, NAMED])


def test_a_later_return_with_the_child_there_makes_the_named_placement_the_current_one(
    caseload: Caseload, case_id: str
) -> None:
    caseload.record_placement(naming(case_id))
    report = caseload.import_sen2(build.blade(placed(NAMED_THERE), exported="16-01-2025"))
    assert (report.updated, list(report.warnings)) == (1, [])
    assert held(caseload) == [(900005, "2024-09-02", "", "")]
    case = caseload.get(case_id)
    assert (case.current_placement.urn, case.HasField("named_placement")) == (900005, False)


def test_a_return_of_before_the_day_that_has_the_move_already_counts_too(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    caseload.import_sen2(build.blade(placed(NAMED_THERE), exported="01-06-2024"))
    assert held(caseload) == [(900005, "2024-09-02", "", "")]


def test_a_later_return_that_still_has_the_old_place_keeps_the_named_one_and_says_so(
    caseload: Caseload, case_id: str
) -> None:
    caseload.record_placement(naming(case_id))
    report = caseload.import_sen2(build.blade(Child(), exported="16-01-2025"))
    assert ["not yet where a decision named" in one.reason for one in report.warnings] == [True]
    assert held(caseload)[-1] == NAMED
    assert caseload.get(case_id).named_placement.urn == 900005


def test_a_child_who_began_elsewhere_since_is_where_the_return_says(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    elsewhere = placed(Placed(urn="900008", entrydate="2024-11-04"))
    report = caseload.import_sen2(build.blade(elsewhere, exported="16-01-2025"))
    assert ["began elsewhere" in one.reason for one in report.warnings] == [True]
    assert held(caseload) == [(900008, "2024-11-04", "", "")]


def test_a_preview_of_a_later_return_says_so_and_drops_nothing(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    report = caseload.import_sen2(build.blade(placed(NAMED_THERE), exported="16-01-2025"), preview=True)
    assert report.updated == 1
    assert held(caseload) == [BEFORE, NAMED]


def test_a_plan_that_ceases_gives_the_named_place_up(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    ceased = Asked(plans=(Plan(ceasedate="2024-08-10"),), active=(Active(placements=()),))
    report = caseload.import_sen2(build.blade(Child(requests=(ceased,)), exported="16-01-2025"))
    assert ["has ceased" in one.reason for one in report.warnings] == [True]
    assert held(caseload) == []


def test_places_of_other_children_stay_as_they_are(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(4)))
    first, *others = (case.case_id for case in caseload.list().cases)
    caseload.record_placement(naming(first))
    assert list(caseload.placements().case_ids) == [first, first, *others]
    assert [row for row in held(caseload) if row[0] == 900001][1:] == [(900001, "2022-09-01", "", "")] * 3
