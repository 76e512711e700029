"""A plan is made around decisions in hand: their places count as held, and their cases are left out."""

from __future__ import annotations

from datetime import date

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.facts_wire import placement_facts
from services.placement.gather import Neighbours
from services.placement.settings import Settings
from tests.builders.placement import FIRST_DAY


def test_a_place_that_is_offered_is_not_free() -> None:
    pool = provision_pb2.PlacePool(
        pool_id="pool_A",
        kind="resource_base",
        places_commissioned=5,
        places_filled=2,
        places_offered=2,
        places_free=1,
        confirmed=True,
        group_id="group_G",
    )
    group = provision_pb2.PoolGroup(
        group_id="group_G", places_commissioned=4, places_filled=2, places_offered=2, pool_ids=["pool_A"]
    )
    facts = placement_facts(FIRST_DAY, [], [pool], [group])
    assert (facts.pools[0].places_filled, facts.pools[0].places_free) == (4, 1)
    assert facts.groups[0].places_free == 0


class Unchanging(Neighbours):
    """Neighbours with two cases due, whose facts never change."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.asked: list[str] = []

    def _ask_pools(self, first_day: object, known: str) -> provision_pb2.ListPlacePoolsResponse:
        return provision_pb2.ListPlacePoolsResponse(
            revision="places", unchanged=known == "places", caseload_revision="cases"
        )

    def _ask_cases(self, first_day: object, known: str) -> caseload_pb2.ListCasesDueResponse:
        self.asked.append(known)
        if known == "cases":
            return caseload_pb2.ListCasesDueResponse(revision="cases", unchanged=True)
        due = caseload_pb2.DecisionDue(first_day=common_pb2.Date(year=2024, month=9, day=2))
        cases = [caseload_pb2.Case(case_id=case_id, decision_due=due) for case_id in ("case_1", "case_2")]
        return caseload_pb2.ListCasesDueResponse(revision="cases", cases=cases)

    def list_first_days(self) -> list[tuple[date, int]]:
        return [(FIRST_DAY, 2)]


def test_a_case_with_a_decision_in_hand_is_left_out_and_comes_back_when_it_ends() -> None:
    neighbours = Unchanging()
    all_due = neighbours.gather(FIRST_DAY)
    assert neighbours.gather(FIRST_DAY) is all_due
    without = neighbours.gather(FIRST_DAY, frozenset({"case_1"}))
    assert [case.case_id for case in without.facts.cases] == ["case_2"]
    assert neighbours.gather(FIRST_DAY, frozenset({"case_1"})) is without
    assert [case.case_id for case in neighbours.gather(FIRST_DAY).facts.cases] == ["case_1", "case_2"]
    neighbours.close()


def test_cases_due_are_found_by_revision_without_asking_for_each() -> None:
    neighbours = Unchanging()
    assert set(neighbours.find_cases_due(["case_2", "case_9"])) == {"case_2"}
    assert set(neighbours.find_cases_due(["case_1"])) == {"case_1"}
    assert neighbours.asked == ["", "cases"]
    neighbours.close()
