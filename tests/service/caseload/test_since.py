"""What changed since a revision, on both databases: whoever follows the changes holds what a whole reading gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from services.caseload.storage import since
from services.caseload.storage.keeping import KEEPER
from shared.database import open_database
from shared.days import to_wire
from shared.keeping.erasing import erase_case
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.builders.caseload_requests import ground, naming, withdrawal
from tests.builders.identity import as_somebody, connect
from tests.service.caseload.conftest import SECONDS, Caseload

FIRST_DAY = to_wire(date(2024, 9, 2))
Columns = tuple[str, ...]
COLUMNS: Columns = (
    *("case_ids", "urns", "parts", "primary_needs", "reception_years", "first_days", "last_days", "pool_ids"),
)


class Follower:
    """Holds three lists by changes alone, and says which of the last answers were changes."""

    def __init__(self, caseload: Caseload) -> None:
        self.stub = caseload_pb2_grpc.CaseloadServiceStub(connect("caseload", caseload.address))
        self.revisions = ["", "", ""]
        self.due: dict[str, pb.Case] = {}
        self.open: dict[str, pb.Case] = {}
        self.placements: list[tuple[object, ...]] = []

    def follow(self) -> list[bool]:
        """Ask for changes and merge them; whether each answer was of changes only."""
        due = self.stub.ListCasesDue(
            pb.ListCasesDueRequest(first_day=FIRST_DAY, known_revision=self.revisions[0], changes_only=True),
            timeout=SECONDS,
        )
        every = self.stub.ListOpenCases(
            pb.ListOpenCasesRequest(first_day=FIRST_DAY, known_revision=self.revisions[1], changes_only=True),
            timeout=SECONDS,
        )
        placed = self.stub.ListPlacements(
            pb.ListPlacementsRequest(known_revision=self.revisions[2], changes_only=True), timeout=SECONDS
        )
        self.due, self.open = merged(self.due, due), merged(self.open, every)
        if not placed.unchanged:
            stay = [row for row in self.placements if row[0] not in set(placed.changed_ids)]
            self.placements = sorted(
                [*(stay if placed.changes_only else ()), *rows(placed)], key=lambda row: str(row[0])
            )
        self.revisions = [due.revision, every.revision, placed.revision]
        return [answer.changes_only for answer in (due, every, placed)]

    def whole(self) -> tuple[list[pb.Case], list[pb.Case], list[tuple[object, ...]]]:
        """The lists as a caller of the release before asks for them."""
        due = self.stub.ListCasesDue(pb.ListCasesDueRequest(first_day=FIRST_DAY), timeout=SECONDS)
        every = self.stub.ListOpenCases(pb.ListOpenCasesRequest(first_day=FIRST_DAY), timeout=SECONDS)
        placed = self.stub.ListPlacements(pb.ListPlacementsRequest(), timeout=SECONDS)
        assert not any(answer.changes_only for answer in (due, every, placed))
        return list(due.cases), list(every.cases), rows(placed)

    def holds(self) -> tuple[list[pb.Case], list[pb.Case], list[tuple[object, ...]]]:
        """The lists as merged, in order."""
        due, every = ([held[case_id] for case_id in sorted(held)] for held in (self.due, self.open))
        return due, every, self.placements


def merged(held: dict[str, pb.Case], answer: pb.ListCasesDueResponse | pb.ListOpenCasesResponse) -> dict[str, pb.Case]:
    if answer.unchanged:
        return held
    stay = {k: v for k, v in held.items() if k not in set(answer.gone_ids)} if answer.changes_only else {}
    return stay | {case.case_id: case for case in answer.cases}


def rows(answer: pb.ListPlacementsResponse) -> list[tuple[object, ...]]:
    return list(zip(*(getattr(answer, name) for name in COLUMNS), strict=True))


@pytest.fixture
def follower(caseload: Caseload) -> Follower:
    """Three children with decisions due, each with a request, all followed from the start."""
    upns = [{"upn": build.upn(serial)} for serial in (1, 2, 3)]
    caseload.import_sen2(build.blade(*build.children(3)))
    caseload.import_due(build.due(*upns))
    caseload.import_preferences(build.preferences(*upns))
    found = Follower(caseload)
    assert found.follow() == [False, False, False]
    return found


def due_case(caseload: Caseload) -> str:
    return next(case.case_id for case in caseload.list(only_due=True).cases)


CHANGES: dict[str, Callable[[Caseload], object]] = {
    "a ground": lambda caseload: caseload.record_ground(ground(due_case(caseload))),
    "a placement": lambda caseload: caseload.record_placement(naming(due_case(caseload), 2)),
    "a withdrawal": lambda caseload: caseload.withdraw(withdrawal(due_case(caseload), 3)),
    "preferences": lambda caseload: caseload.import_preferences(build.preferences({"upn": build.upn(2), "rank": "3"})),
    "a decision due": lambda caseload: caseload.import_due(build.due({"upn": build.upn(3), "top_up_band": "C"})),
    "children kept apart": lambda caseload: caseload.import_travel_needs(
        build.travel_needs({"cannot_share_with": build.upn(2)})
    ),
    "a return": lambda caseload: caseload.import_sen2(
        build.blade(*(replace(child, sex="F") for child in build.children(4)[1:]), Child())
    ),
}


@pytest.mark.parametrize("order", [list(CHANGES), list(reversed(CHANGES))], ids=["forth", "back"])
def test_following_changes_gives_what_a_whole_reading_gives(
    caseload: Caseload, follower: Follower, order: list[str]
) -> None:
    assert follower.holds() == follower.whole()
    for name in order:
        CHANGES[name](caseload)
        assert follower.follow() == [True, True, True], name
        assert follower.holds() == follower.whole(), name
    assert follower.follow() == [False, False, False]  # unchanged
    assert follower.holds() == follower.whole()


def test_several_changes_come_at_once_and_only_they_travel(caseload: Caseload, follower: Follower) -> None:
    known = follower.revisions[0]
    gone, changed, _ = (case.case_id for case in caseload.list(only_due=True).cases)
    caseload.withdraw(withdrawal(gone))
    caseload.record_ground(ground(changed, 2))
    request = pb.ListCasesDueRequest(first_day=FIRST_DAY, known_revision=known, changes_only=True)
    answer = follower.stub.ListCasesDue(request, timeout=SECONDS)
    assert (list(answer.gone_ids), [case.case_id for case in answer.cases]) == ([gone], [changed])


def test_after_an_erasure_everything_is_sent_and_whoever_was_kept_apart_is_changed(
    caseload: Caseload, follower: Follower, database_url: str
) -> None:
    CHANGES["children kept apart"](caseload)
    follower.follow()
    (one, other) = (case for case in follower.open.values() if case.travel_needs.apart_from)
    engine = open_database(database_url)
    with as_somebody("administrator"):
        erase_case(engine, KEEPER, one.case_id, "court_order")
    engine.dispose()
    assert follower.follow() == [False, False, False]
    assert follower.holds() == follower.whole()
    assert follower.open[other.case_id].etag == follower.revisions[0]


def test_of_a_revision_that_nobody_remembers_everything_is_sent(caseload: Caseload, follower: Follower) -> None:
    CHANGES["a ground"](caseload)
    follower.revisions = ["rev_0000000000000000"] * 3
    assert follower.follow() == [False, False, False]
    assert follower.holds() == follower.whole()


def test_when_more_changed_than_is_told_one_by_one_everything_is_sent(
    caseload: Caseload, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(since, "MOST_CHANGED", 2)
    CHANGES["a return"](caseload)
    assert follower.follow() == [False, False, False]
    assert follower.holds() == follower.whole()


def test_a_return_of_a_later_day_may_end_placements_so_everything_is_sent(
    caseload: Caseload, follower: Follower
) -> None:
    caseload.import_sen2(build.blade(*build.children(3), exported="01-06-2024"))
    assert follower.follow()[2] is False
    assert follower.holds() == follower.whole()
