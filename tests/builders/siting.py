"""Siting problems for tests, small by default, and their costs by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from services.placement.model.siting_problem import SitingProblem


def a_siting_problem(**changes: Any) -> SitingProblem:
    """Two bids for one cell of ten children, one year, one path; each change replaces one part.

    "small" has 4 places for 100 pounds, "large" 8 for 300; a child costs 50 less in either than otherwise.
    """
    children = np.asarray(changes.pop("children", [[[10]]]), dtype=np.int64)
    paths, years, cells = children.shape
    bids = len(changes.get("bid_ids", ("small", "large")))
    parts: dict[str, Any] = {
        "bid_ids": ("small", "large"),
        "capital_pence": np.array([10_000, 30_000])[:bids],
        "running_pence": np.zeros(bids, dtype=np.int64),
        "places": np.array([4, 8])[:bids],
        "least_children": np.zeros(bids, dtype=np.int64),
        "given": np.zeros(bids, dtype=np.bool_),
        "exclusive": (),
        "ready": np.ones((paths, years, bids), dtype=np.bool_),
        "share": np.ones((cells, bids)),
        "child_pence": np.full((cells, bids), 5_000, dtype=np.int64),
        "otherwise_pence": np.full(cells, 10_000, dtype=np.int64),
        "children": children,
        "budget_pence": 40_000,
        "discount_rate": 0.0,
    }
    arrays = {name: np.asarray(value) if isinstance(value, list) else value for name, value in changes.items()}
    return SitingProblem(**(parts | arrays))


@st.composite
def siting_problems(draw: st.DrawFn) -> SitingProblem:
    """Up to 2 paths, 2 years, 3 cells and 4 bids, some of them units; a bid takes all of a cell's children or none."""
    paths, years, cells, bids = (draw(st.integers(1, most)) for most in (2, 2, 3, 4))

    def whole(low: int, high: int, *shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        drawn = draw(st.lists(st.integers(low, high), min_size=count, max_size=count))
        return np.array(drawn, dtype=np.int64).reshape(shape)

    unit = whole(0, 3, bids) == 0
    given = (whole(0, 5, bids) == 0) & ~unit
    return SitingProblem(
        bid_ids=tuple(f"bid-{at}" for at in range(bids)),
        capital_pence=np.where(given, 0, whole(0, 9, bids) * 1_000),
        running_pence=whole(0, 6, bids) * 500,
        places=np.where(unit, whole(4, 6, bids), whole(1, 6, bids)),
        least_children=np.where(unit, 4, 0),
        given=given,
        exclusive=((0, 1),) if bids > 1 and not given[:2].all() and draw(st.booleans()) else (),
        ready=whole(0, 4, paths, years, bids) > 0,
        share=(whole(0, 2, cells, bids) > 0).astype(np.float64),
        child_pence=whole(0, 12, cells, bids) * 100,
        otherwise_pence=whole(0, 15, cells) * 100,
        children=whole(0, 6, paths, years, cells),
        budget_pence=draw(st.integers(0, 20)) * 1_000,
        discount_rate=draw(st.sampled_from([0.0, 0.035])),
    )


def allowed_sets(problem: SitingProblem) -> Iterator[tuple[int, ...]]:
    """Every set of bids that the budget and the exclusions allow, without places that exist already."""
    given = set(np.flatnonzero(problem.given).tolist())
    free = [bid for bid in range(problem.bid_count) if bid not in given]
    for count in range(len(free) + 1):
        for bids in combinations(free, count):
            held = given | set(bids)
            if problem.capital_pence[list(bids)].sum() <= problem.budget_pence and all(
                len(held & set(group)) <= 1 for group in problem.exclusive
            ):
                yield bids


def cost_by_trying(problem: SitingProblem, bids: Sequence[int]) -> list[float]:
    """Each path's discounted pence with these bids funded, by trying every way to share the children out."""
    held = [*bids, *np.flatnonzero(problem.given).tolist()]
    capital = int(problem.capital_pence[list(bids)].sum())
    return [
        capital
        + sum(
            _year(problem, path, year, [bid for bid in held if problem.ready[path, year, bid]]) * problem.discount[year]
            for year in range(problem.year_count)
        )
        for path in range(problem.path_count)
    ]


def _year(problem: SitingProblem, path: int, year: int, held: list[int]) -> float:
    least: dict[tuple[int, ...], float] = {(0,) * len(held): 0.0}
    for cell in range(problem.children.shape[2]):
        least = _with_cell(problem, cell, int(problem.children[path, year, cell]), held, least)
    return min(cost + _running(problem, held, taken) for taken, cost in least.items() if _may_run(problem, held, taken))


def _with_cell(
    problem: SitingProblem, cell: int, there: int, held: list[int], least: dict[tuple[int, ...], float]
) -> dict[tuple[int, ...], float]:
    """The least cost of each way to fill the bids once this cell's children are shared out too."""
    reach: dict[tuple[int, ...], float] = {}
    limits = [min(round(float(problem.share[cell, bid]) * there), int(problem.places[bid])) for bid in held]
    for given in product(*(range(limit + 1) for limit in limits)):
        if (inside := sum(given)) > there:
            continue
        price = sum(n * int(problem.child_pence[cell, bid]) for n, bid in zip(given, held, strict=True))
        price += (there - inside) * int(problem.otherwise_pence[cell])
        for taken, cost in least.items():
            now = tuple(map(sum, zip(taken, given, strict=True)))
            if all(n <= problem.places[bid] for n, bid in zip(now, held, strict=True)):
                reach[now] = min(reach.get(now, np.inf), cost + price)
    return reach


def _may_run(problem: SitingProblem, held: list[int], taken: tuple[int, ...]) -> bool:
    return all(not 0 < n < problem.least_children[bid] for n, bid in zip(taken, held, strict=True))


def _running(problem: SitingProblem, held: list[int], taken: tuple[int, ...]) -> int:
    """A unit without children does not run; any other bid does, however few come."""
    pairs = zip(taken, held, strict=True)
    return sum(int(problem.running_pence[bid]) for n, bid in pairs if n or not problem.least_children[bid])
