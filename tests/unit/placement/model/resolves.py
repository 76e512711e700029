"""What a change to a plan does, found the slow way: by solving the changed problem from scratch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import PlaceGroup
from services.placement.model.solve import solve
from tests.builders.problems import SmallProblem, rebuilt

IntArray = npt.NDArray[np.int64]


def totals(small: SmallProblem) -> IntArray:
    """Return unplaced and the terms of the optimal plan."""
    return solve(small.problem).totals


def with_places(small: SmallProblem, pool: int, change: int) -> SmallProblem:
    """Return the problem in which a pool has more places, or fewer."""
    places = small.problem.pool_places.copy()
    places[pool] += change
    return SmallProblem(rebuilt(small.problem, small.groups, places=places), small.groups)


def totals_of_others(small: SmallProblem, case: int) -> IntArray:
    """Return the optimal totals with a case absent."""
    kept = small.problem.option_case != case
    return _less_one_unplaced(totals(SmallProblem(rebuilt(small.problem, small.groups, kept=kept), small.groups)))


def totals_of_others_when_taken(small: SmallProblem, row: int) -> IntArray | None:
    """Return the optimal totals of the other cases once this option is taken; None if there is no such place."""
    case, pool = int(small.problem.option_case[row]), int(small.problem.option_pool[row])
    places = small.problem.pool_places.copy()
    places[pool] -= 1
    groups = tuple(PlaceGroup(one.id, one.pools, one.places - (pool in one.pools)) for one in small.groups)
    if places[pool] < 0 or any(group.places < 0 for group in groups):
        return None
    kept = small.problem.option_case != case
    left = rebuilt(small.problem, groups, kept=kept, places=places)
    return _less_one_unplaced(totals(SmallProblem(left, groups)))


def _less_one_unplaced(found: IntArray) -> IntArray:
    """Return the totals without the case that took part no more, but was counted as unplaced."""
    found[0] -= 1
    return found
