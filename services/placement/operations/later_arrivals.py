"""What children expected later in the year would lose by a place that is given today: decision 25.

Worked out from the facts as they stand, by sampled futures with a fixed seed: the same facts give the same numbers. A
policy that keeps places for later arrivals has them in its terms; beside any other ranking they are only shown.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from inborough.placement.v1 import placement_pb2
from services.placement.forecast.simulation.levers import Definition
from services.placement.gather import Gathered
from services.placement.model.facts import PlacementFacts
from services.placement.model.later import LaterArrivals
from services.placement.model.objective import PricedOptions
from services.placement.model.policy import find_policy
from services.placement.model.problem import PlacementProblem
from services.placement.operations.worlds import coming_year, known_world
from services.placement.solver import Later
from shared.errors import WrongState

if TYPE_CHECKING:
    from services.placement.operations.context import Context

SAMPLES = 16
FRESH_SECONDS = 600.0
"""Shown numbers are worked out anew at most so often; what a policy weighs is always of the facts as they stand."""
FIRST_DAYS_KEPT = 4
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Expected:
    """What was worked out from one gathering of facts, when, by pool in the order of `pool_ids`."""

    gathered: Gathered
    pool_ids: tuple[str, ...]
    later: LaterArrivals
    worked_out_at: float


class KnownLater:
    """The last numbers of each first day. Safe for several threads."""

    def __init__(self) -> None:
        self._known: dict[date, Expected] = {}
        self._lock = threading.Lock()

    def find(self, first_day: date) -> Expected | None:
        """The last that were worked out for a first day, whether or not they still stand."""
        return self._known.get(first_day)

    def keep(self, first_day: date, expected: Expected) -> Expected:
        """Remember them, and forget those of the first day that was worked out longest ago."""
        with self._lock:
            others = [(day, known) for day, known in self._known.items() if day != first_day]
            self._known = {**dict(others[1 - FIRST_DAYS_KEPT :]), first_day: expected}
        return expected


def later_arrivals_of(context: Context, priced: PricedOptions, gathered: Gathered) -> Expected:
    """What later arrivals would lose by each pool's place, as facts stand: worked out once for each gathering.

    Raises WrongState where the coming year cannot be simulated, NeighbourDown, ChangedMeanwhile.
    """
    first_day = gathered.facts.first_day
    known = context.later.find(first_day)
    if known is not None and known.gathered is gathered:
        return known
    default = find_policy("")
    assert default is not None  # one is shipped
    problem = PricedOptions(priced.judgement, priced.quotes, default).problem()
    later = _work_out(context, gathered.facts, problem)
    return context.later.keep(first_day, Expected(gathered, problem.pool_ids, later, time.monotonic()))


def refresh_later_arrivals(context: Context, priced: PricedOptions, gathered: Gathered) -> bool:
    """Work out anew what is shown beside rankings, unless it is recent; whether it was."""
    known = context.later.find(gathered.facts.first_day)
    if known is not None and time.monotonic() - known.worked_out_at < FRESH_SECONDS:
        return False
    later_arrivals_of(context, priced, gathered)
    return True


def later_arrivals_shown(context: Context, advice: placement_pb2.Recommendation) -> placement_pb2.LaterArrivals | None:
    """What is known of the pools of a recommendation's options; None where nothing was worked out for its day yet."""
    first_day = date(advice.first_day.year, advice.first_day.month, advice.first_day.day)
    known = context.later.find(first_day)
    if known is None:
        return None
    rows = {pool_id: row for row, pool_id in enumerate(known.pool_ids)}
    pool_ids = sorted({option.pool_id for option in advice.options} & rows.keys())
    at = [rows[pool_id] for pool_id in pool_ids]
    later = known.later
    columns = (later.unsettled_thousandths()[at], later.away_thousandths()[at], later.cost_pence()[at])
    return placement_pb2.LaterArrivals(
        as_of_time=known.gathered.facts.as_of_time,
        pools=[
            placement_pb2.LaterArrivals.Pool(
                pool_id=pool_id, unsettled_thousandths=unsettled, away_thousandths=away, annual_cost_pence=pence
            )
            for pool_id, unsettled, away, pence in zip(pool_ids, *(row.tolist() for row in columns), strict=True)
        ],
    )


def _work_out(context: Context, facts: PlacementFacts, now: PlacementProblem) -> LaterArrivals:
    world = known_world(context, Definition("Later arrivals", coming_year(), years=1)).simulated
    if world.pools.ids != now.pool_ids:
        raise WrongState("The coming year has other place pools than the first day asked about. Ask for that year's.")
    free = {group.group_id: group.places_free for group in facts.groups}
    return context.solver.price_later(
        Later(
            world=world,
            free=np.array([-1 if pool.places_free is None else pool.places_free for pool in facts.pools]),
            free_in_groups=np.array([free.get(group, -1) for group in world.pools.group_ids], dtype=np.int64),
            year_left=_year_left(facts.first_day),
            samples=SAMPLES,
            now=now,
        )
    )


def _year_left(first_day: date) -> float:
    """The part of the academic year of a first day that is still to come then."""
    ends = date(first_day.year + (first_day.month >= 9), 8, 31)
    return min(1.0, (ends - first_day).days / DAYS_A_YEAR)
