"""A world made from what is remembered of the last is, to the byte, the world made whole."""

from __future__ import annotations

import random
from datetime import date

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.surveying import Remembered, Survey, world_of
from tests.builders.surveys import Cost, child, pool

CASES, POOLS, CHANGED = range(40), range(8), 0.1
KINDS = ("mainstream", "state_special", "resource_base", "further_education")
FIRST_DAY = common_pb2.Date(year=2026, month=9, day=1)
REASONS = (caseload_pb2.DUE_REASON_NEW_PLAN, caseload_pb2.DUE_REASON_PHASE_TRANSFER, caseload_pb2.DUE_REASON_BREAKDOWN)


class Authority(Cost):
    """Children and pools of which some change from one survey to the next."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.cases = {at: self._case(at) for at in CASES}
        self.pools = {at: self._pool(at) for at in POOLS}
        self.held = {at: chance.choice(POOLS) for at in CASES if chance.random() < 0.7}

    def list_plan_history(self) -> caseload_pb2.ListPlanHistoryResponse:
        """Some two plans a week since 2018."""
        count = 800
        return caseload_pb2.ListPlanHistoryResponse(
            as_of_day=common_pb2.Date(year=2026, month=1, day=15),
            reception_years=[2018 + at % 8 for at in range(count)],
            primary_needs=["ASD"] * count,
            plans_started=[17_600 + 3 * at for at in range(count)],
            plans_ceased=[0] * count,
        )

    def change(self) -> None:
        """A decision here, a move there; now and then a pool, or every price."""
        for at in CASES:
            if self.chance.random() < CHANGED:
                self.cases[at] = self._case(at)
            if self.chance.random() < CHANGED:
                self.held[at] = self.chance.choice(POOLS)
            if self.chance.random() < CHANGED / 4:
                self.cases.pop(at, None)
        if self.chance.random() < 0.3:
            at = self.chance.choice(POOLS)
            self.pools[at] = self._pool(at)
        if self.chance.random() < 0.15:
            self.revision += "1"

    def survey(self) -> Survey:
        """As it stands, in any order."""
        here = [at for at in self.held if at in self.cases]
        for at, one in self.pools.items():
            one.held_by[:] = [f"case_{child_at:02}" for child_at in here if self.held[child_at] == at]
        pools = provision_pb2.ListPlacePoolsResponse(pools=list(self.pools.values()))
        cases = self.chance.sample(list(self.cases.values()), len(self.cases))
        return Survey(2026, date(2026, 1, 15), cases, pools, [pools] * 3, self.revision)

    def _case(self, at: int) -> caseload_pb2.Case:
        chance = self.chance
        case = child(at, chance)
        case.year_group, case.stage = chance.randrange(-1, 14), caseload_pb2.CASE_STAGE_OPEN_PLAN
        case.sex = chance.choice("FM")
        if chance.random() < 0.5:
            case.ClearField("decision_due")
            return case
        case.decision_due.reason = chance.choice(REASONS)
        case.decision_due.first_day.CopyFrom(FIRST_DAY)
        case.decision_due.advised_kinds[:] = chance.sample(KINDS, chance.randrange(3))
        for rank, pool_at in enumerate(chance.sample(POOLS, chance.randrange(3)), 1):
            case.preferences.add(urn=100_000 + pool_at, rank=rank, legal_class=caseload_pb2.LEGAL_CLASS_S38_3)
        return case

    def _pool(self, at: int) -> provision_pb2.PlacePool:
        chance = self.chance
        found = pool(at, chance)
        found.kind, found.admits_sex, found.confirmed = chance.choice(KINDS), "mixed", True
        found.year_group_low, found.year_group_high = -1, chance.randrange(6, 14)
        found.places_commissioned = chance.randrange(9)
        found.setting.s38_3 = found.setting.in_borough = chance.random() < 0.8
        return found


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_the_world_is_the_one_made_whole(seed: int) -> None:
    authority = Authority(random.Random(seed))
    remembered, worlds, key = Remembered(), set(), Pseudonyms(b"test")
    for _ in range(5):
        survey = authority.survey()
        found = world_of(survey, authority.as_neighbours(), remembered, [], key).to_bytes()
        assert found == world_of(survey, authority.as_neighbours(), Remembered(), [], key).to_bytes()
        worlds.add(found)
        authority.change()
    assert len(worlds) == 5


def test_one_decision_prices_no_more_than_the_child_it_is_about() -> None:
    authority = Authority(random.Random(9))
    remembered, key = Remembered(), Pseudonyms(b"test")
    world_of(authority.survey(), authority.as_neighbours(), remembered, [], key)
    authority.pairs.clear()
    at = next(at for at, case in authority.cases.items() if case.decision_due.top_up_band)
    authority.cases[at].ClearField("decision_due")
    authority.held[at] = 0
    world_of(authority.survey(), authority.as_neighbours(), remembered, [], key)
    about_the_child = [len(authority.pools)] * 3
    assert authority.pairs in (about_the_child, about_the_child * 2), "a second time for a need without a band"
