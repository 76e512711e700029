"""What surveys ask of the services, invented: prices by what was asked about, and an authority that changes."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from datetime import date
from typing import cast

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.forecast.simulation.build_world import LABELS
from services.placement.gather import Neighbours
from services.placement.held_lists import HeldCases
from services.placement.surveying import Survey

NEEDS, BANDS = ("ASD", "SEMH", ""), ("A", "B", "")
CASES, POOLS, CHANGED = range(40), range(8), 0.1
KINDS = ("mainstream", "state_special", "resource_base", "further_education")
FIRST_DAY = common_pb2.Date(year=2026, month=9, day=1)
REASONS = (caseload_pb2.DUE_REASON_NEW_PLAN, caseload_pb2.DUE_REASON_PHASE_TRANSFER, caseload_pb2.DUE_REASON_BREAKDOWN)


class Cost:
    """Invents prices, of a place by pool, need and band, of a journey by child, age and pool; counts the pairs."""

    def __init__(self) -> None:
        self.revision = "1"
        self.pairs: list[int] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.unexplained = 0

    def quote_lines(self, request: cost_pb2.QuoteOptionsRequest) -> cost_pb2.QuoteOptionsResponse:
        self.before_answer()
        pairs = [
            (request.cases[case], request.pools[pool])
            for case, pool in zip(
                np.frombuffer(request.case_index, "<i4"), np.frombuffer(request.pool_index, "<i4"), strict=True
            )
        ]
        self.pairs.append(len(pairs))
        lines = {label: np.array([self._line(label, *pair) for pair in pairs], "<i8") for label in LABELS}
        travel = np.array([self._travel(*pair) for pair in pairs], "<i8")
        answer = cost_pb2.QuoteOptionsResponse(
            revision=self.revision,
            travel_minutes=np.array([self._minutes(*pair) for pair in pairs], "<i4").tobytes(),
            annual_budget_cost_pence=(sum(lines.values()) + travel + self.unexplained).tobytes(),
            annual_transport_pence=travel.tobytes(),
        )
        if request.include_lines:
            for label, pence in (*lines.items(), ("Shared vehicle", travel)):
                for ledger in (cost_pb2.LEDGER_BUDGET, cost_pb2.LEDGER_MARGINAL):
                    answer.lines.add(label=label, ledger=ledger, annual_pence=pence.tobytes())
        return answer

    def _line(self, label: str, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(label, child.primary_need, child.top_up_band, pool)

    def _travel(self, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(child, pool) if child.HasField("home") else 0

    def _minutes(self, child: cost_pb2.QuoteCase, pool: cost_pb2.QuotePool) -> int:
        return self._invented(child.home, pool) % 90 if child.HasField("home") else -1

    def _invented(self, *words: object) -> int:
        return zlib.crc32(repr((self.revision, *map(str, words))).encode()) % 5_000_000

    def as_neighbours(self) -> Neighbours:
        """In the place of all services."""
        return cast(Neighbours, self)


def child(at: int, chance: random.Random) -> caseload_pb2.Case:
    return caseload_pb2.Case(
        case_id=f"case_{at:02}",
        needs=[caseload_pb2.Need(code=chance.choice(NEEDS))],
        decision_due=caseload_pb2.DecisionDue(top_up_band=chance.choice(BANDS)),
        home=common_pb2.GridReference(easting=chance.randrange(9), northing=1) if chance.random() < 0.8 else None,
    )


def pool(at: int, chance: random.Random) -> provision_pb2.PlacePool:
    setting = provision_pb2.Setting(urn=100_000 + at)
    return provision_pb2.PlacePool(pool_id=f"pool_{at}", kind=chance.choice(("mainstream", "hn_unit")), setting=setting)


class Authority(Cost):
    """Children and pools of which some change from one survey to the next."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.cases = {at: self._case(at) for at in CASES}
        self.pools = {at: self._pool(at) for at in POOLS}
        self.asked = self.changes = 0
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

    def follow_open_cases(self, on_day: date, known: HeldCases) -> HeldCases:
        """All of them."""
        self.asked += 1
        return known.after(caseload_pb2.ListOpenCasesResponse(revision=self.of_cases(), cases=self.cases.values()))

    def list_pools(self, on_day: date) -> provision_pb2.ListPlacePoolsResponse:
        """As on any day."""
        return self._answer()

    def price_revision(self, first_day: date) -> str:
        """That of every answer."""
        return self.revision

    def of_cases(self) -> str:
        """A revision of the caseload."""
        return str(self.changes)

    def change(self) -> None:
        """A decision here, a move there; now and then a pool, or every price."""
        self.changes += 1
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
        pools, cases = self._answer(), self.chance.sample(list(self.cases.values()), len(self.cases))
        return Survey(2026, date(2026, 1, 15), cases, pools, [pools] * 3, self.revision)

    def _answer(self) -> provision_pb2.ListPlacePoolsResponse:
        here = [at for at in self.held if at in self.cases]
        for at, one in self.pools.items():
            one.held_by[:] = [f"case_{child_at:02}" for child_at in here if self.held[child_at] == at]
        now = str(self.changes)
        return provision_pb2.ListPlacePoolsResponse(revision=now, caseload_revision=now, pools=self.pools.values())

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
