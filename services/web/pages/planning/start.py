"""What waits for a planner: places free next September, and the scenarios made last."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.pages.planning.years import first_day, next_year
from services.web.visit import Visit

LISTED = 5


@dataclass(frozen=True)
class PlannersWork:
    """Pools on file on the first day of the next academic year, with the places that are fixed, and scenarios."""

    year: int
    pools: int
    commissioned: int
    free: int
    full: int
    scenarios: Sequence[scenarios_pb2.Scenario]


async def planners_work(visit: Visit) -> PlannersWork | None:
    """None for somebody who is no planner."""
    if not visit.may_see("board"):
        return None
    year = next_year()
    answer, page = await asyncio.gather(
        visit.services.provision.ListPlacePools(
            provision_pb2.ListPlacePoolsRequest(first_day=first_day(year)), timeout=CHANGE_SECONDS
        ),
        visit.services.scenarios.ListScenarios(
            scenarios_pb2.ListScenariosRequest(page_size=LISTED), timeout=READ_SECONDS
        ),
    )
    fixed = [pool for pool in answer.pools if pool.places_commissioned]
    return PlannersWork(
        year,
        len(answer.pools),
        sum(pool.places_commissioned for pool in fixed),
        sum(pool.places_free for pool in fixed),
        sum(not pool.places_free for pool in fixed),
        list(page.scenarios),
    )
