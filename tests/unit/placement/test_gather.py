"""Cases and places are of one moment: when caseload changes between the two questions, places are asked for again."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.gather import Neighbours
from services.placement.settings import Settings
from shared.errors import ChangedMeanwhile
from tests.builders.placement import FIRST_DAY


class Changing(Neighbours):
    """Neighbours whose caseload is at the next of `revisions` each time that provision counts places by it."""

    def __init__(self, cases_at: str, counted_at: list[str]) -> None:
        super().__init__(Settings())
        self.cases_at, self.counted_at = cases_at, iter(counted_at)

    def _ask_pools(self, first_day: object, known: str) -> provision_pb2.ListPlacePoolsResponse:
        at = next(self.counted_at)
        return provision_pb2.ListPlacePoolsResponse(revision=f"places at {at}", caseload_revision=at)

    def _ask_cases(self, first_day: object, known: str) -> caseload_pb2.ListCasesDueResponse:
        return caseload_pb2.ListCasesDueResponse(revision=self.cases_at)


def test_places_are_counted_again_when_caseload_changed_between_the_questions() -> None:
    neighbours = Changing("rev_2", ["rev_1", "rev_2"])
    assert neighbours.gather(FIRST_DAY).facts.revisions == ("rev_2", "places at rev_2")
    neighbours.close()


def test_facts_that_never_hold_still_are_no_answer() -> None:
    neighbours = Changing("rev_9", ["rev_1", "rev_2", "rev_3", "rev_4"])
    with pytest.raises(ChangedMeanwhile, match="Try again"):
        neighbours.gather(FIRST_DAY)
    neighbours.close()
