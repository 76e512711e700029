"""What surveys ask of the cost service, invented: prices by what was asked about, and a count of it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from typing import cast

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.forecast.simulation.build_world import LABELS
from services.placement.gather import Neighbours

NEEDS, BANDS = ("ASD", "SEMH", ""), ("A", "B", "")


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
