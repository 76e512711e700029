"""What families asked for in the decisions that are due, as the rules judge it for each family alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from services.placement.forecast.simulation.judging import with_room
from services.placement.forecast.simulation.world import BoolArray, IntArray
from services.placement.model.facts import CaseFacts, PlacementFacts, PoolFacts
from services.placement.model.judge import Judgement

_FIRST_DAY = date(2000, 9, 1)  # any: no rule looks at it once there is room
_NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Requests:
    """The `request_` columns of `Children`."""

    first: IntArray
    pool: IntArray
    rank: IntArray
    open: BoolArray
    unsettled: BoolArray


def judge_requests(cases: Sequence[CaseFacts], pools: Sequence[PoolFacts]) -> Requests:
    """Every pool at a setting asked for in a decision that is due, as the rules judge it for this family."""
    asking = [row for row, case in enumerate(cases) if case.reason and case.requests]
    asked = tuple(cases[row] for row in asking)
    roomy = tuple(replace(with_room(pool), pool_id=f"{at:06}") for at, pool in enumerate(pools))
    judgement = Judgement(PlacementFacts(first_day=_FIRST_DAY, cases=asked, pools=roomy))
    pairs = [
        (row, pool)
        for row, case in enumerate(asked)
        for pool in sorted({pool for request in case.requests for pool in judgement.pools_at(request.urn)})
    ]
    case, pool = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True)) if pairs else (_NONE, _NONE)
    opened = np.zeros((len(asked), len(pools)), dtype=np.bool_)
    unsettled = opened.copy()
    if asked:
        found = judgement.open_options
        opened[found.case, found.pool] = True
        unsettled[found.case, found.pool] = found.needs_judgement
    of_child = np.array(asking, dtype=np.int32)[case]
    return Requests(
        first=np.searchsorted(of_child, np.arange(len(cases) + 1)).astype(np.int64),
        pool=pool,
        rank=np.array([judgement.requested_rank(row, at) for row, at in pairs], dtype=np.int8),
        open=opened[case, pool],
        unsettled=unsettled[case, pool],
    )
