"""Placement problems to test and measure with: tiny random ones with every trap, and large ones of a real shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import PlaceGroup
from services.placement.model.problem import PlacementProblem, build_problem

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """A size of authority: cases, pools, options in all, and kinds of need, by which the options fall into blocks."""

    name: str
    cases: int
    pools: int
    options: int
    needs: int


PANEL = Size("panel", 20, 60, 1_200, 1)
PHASE = Size("phase", 300, 100, 7_000, 2)
HALTON = Size("halton", 2_000, 170, 85_000, 2)
COUNTY = Size("county", 20_000, 1_200, 859_000, 6)
SIZES = {size.name: size for size in (PANEL, PHASE, HALTON, COUNTY)}


def size_of(cases: int) -> Size:
    """An authority with this many cases: pools, options and kinds of need between those of Halton and county."""
    pools = max(PANEL.pools, round(cases * COUNTY.pools / COUNTY.cases))
    options = min(cases * pools, round(cases * COUNTY.options / COUNTY.cases))
    needs = HALTON.needs + round((COUNTY.needs - HALTON.needs) * min(1.0, cases / COUNTY.cases))
    return Size(f"{cases:,} cases", cases, pools, options, needs)


TERMS = ("out_of_borough", "annual_cost_pence", "travel_minutes")
PHASES = 3
KIND_SHARES = (0.35, 0.25, 0.2, 0.2)
KIND_COSTS_PENCE = (900_000, 1_600_000, 2_600_000, 6_300_000)
INDEPENDENT = 3
TRANSPORT_BANDS_PENCE = (0, 250_000, 450_000, 811_600, 1_200_000)


def authority_problem(size: Size, seed: int = 1) -> PlacementProblem:
    """Return a seeded problem of an authority of this size.

    A pool has a kind, a place on a 40 km square, up to two of the needs and one or two phases; a case has its
    nearest options among the pools for its need and phase. Cost is the kind's with a school's own part, and transport
    by distance band, so that many options tie. Places in the borough fall short of the cases; independents, out of
    borough, mostly make it up. A tenth of the pools share a school's total.
    """
    rng = np.random.default_rng(seed)
    kind = rng.choice(len(KIND_SHARES), size=size.pools, p=KIND_SHARES)
    pool_at, case_at = rng.uniform(0, 40, (size.pools, 2)), rng.uniform(0, 40, (size.cases, 2))
    distance = np.linalg.norm(case_at[:, None] - pool_at[None], axis=2)
    fits = _fits(rng, size)
    case, pool = _nearest(np.where(fits, distance, np.inf), size.options)
    kilometres = distance[case, pool]
    own_part = rng.integers(0, 40, size.pools) * 5_000
    band = np.searchsorted((3, 8, 15, 25), kilometres)
    cost = np.array(KIND_COSTS_PENCE)[kind[pool]] + own_part[pool] + np.array(TRANSPORT_BANDS_PENCE)[band]
    terms = np.stack([(kind[pool] == INDEPENDENT), cost, (kilometres * 2).astype(np.int64)]).astype(np.int64)
    places = _places(rng, kind, size)
    return build_problem(
        pool_ids=[f"pool_{index:05}" for index in range(size.pools)],
        pool_places=places,
        case_ids=[f"case_{index:06}" for index in range(size.cases)],
        terms=TERMS,
        option_case=case,
        option_pool=pool,
        option_terms=terms,
        groups=_schools(places, size.pools // 10),
    )


def _fits(rng: np.random.Generator, size: Size) -> npt.NDArray[np.bool_]:
    pool_needs = rng.integers(0, size.needs, (size.pools, 2))
    first_phase, span = rng.integers(0, PHASES, size.pools), rng.integers(1, 3, size.pools)
    need, phase = rng.integers(0, size.needs, size.cases), rng.integers(0, PHASES, size.cases)
    in_phase = (phase[:, None] >= first_phase) & (phase[:, None] < first_phase + span)
    if size.needs == 1:
        return np.ones((size.cases, size.pools), dtype=np.bool_)
    return np.asarray((need[:, None, None] == pool_needs).any(axis=2) & in_phase)


def _nearest(distance: npt.NDArray[np.float64], wanted: int) -> tuple[IntArray, IntArray]:
    """Return case and pool of each case's nearest options, so many for each that about `wanted` come together."""
    ranked = np.sort(distance, axis=1)
    most = np.searchsorted(np.cumsum(np.isfinite(ranked).sum(axis=0)), wanted)
    limit = ranked[:, min(most, ranked.shape[1] - 1)]
    case, pool = np.nonzero((distance <= limit[:, None]) & np.isfinite(distance))
    return case, pool


def _places(rng: np.random.Generator, kind: npt.NDArray[np.int64], size: Size) -> IntArray:
    weight = rng.gamma(2.0, 1.0, size.pools) * np.array([0.6, 0.8, 1.6, 1.0])[kind]
    share = weight / weight.sum()
    places: IntArray = np.floor(share * size.cases * 1.02).astype(np.int64)
    places[rng.random(size.pools) < 0.02] = 0
    return places


def _schools(places: IntArray, count: int) -> list[PlaceGroup]:
    """Return groups of three neighbouring pools, each a little short of their places together."""
    trios = [tuple(range(3 * index, 3 * index + 3)) for index in range(count)]
    return [
        PlaceGroup(f"school_{index}", trio, max(0, int(places[list(trio)].sum()) - 2))
        for index, trio in enumerate(trios)
    ]


@dataclass(frozen=True)
class SmallProblem:
    """A tiny problem with its groups still as lists of pools, so that a test can write it down in another way."""

    problem: PlacementProblem
    groups: tuple[PlaceGroup, ...]


def small_problem(
    rng: np.random.Generator,
    *,
    most_cases: int = 9,
    most_pools: int = 6,
    largest_term: int | None = None,
) -> SmallProblem:
    """Return a random tiny problem: ties, terms below 0, cases without options, pools without places, nested groups."""
    cases, pools = int(rng.integers(0, most_cases + 1)), int(rng.integers(1, most_pools + 1))
    term_count, largest = int(rng.integers(0, 4)), largest_term or int(rng.integers(1, 6))
    case, pool = np.nonzero(rng.random((cases, pools)) < rng.uniform(0.3, 0.9))
    groups = _nested_groups(rng, pools)
    problem = build_problem(
        pool_ids=[f"p{index}" for index in range(pools)],
        pool_places=rng.integers(0, 4, pools),
        case_ids=[f"c{index}" for index in range(cases)],
        terms=[f"t{index}" for index in range(term_count)],
        option_case=case,
        option_pool=pool,
        option_terms=rng.integers(-largest, largest + 1, (term_count, case.size)),
        groups=groups,
    )
    return SmallProblem(problem, groups)


def _nested_groups(rng: np.random.Generator, pools: int) -> tuple[PlaceGroup, ...]:
    """Return a chain of nested groups and one apart from it, or fewer where the pools do not suffice."""
    order = rng.permutation(pools).tolist()
    cut = int(rng.integers(0, pools + 1))
    inside, apart = order[:cut], order[cut:]
    members = [inside[: max(1, cut // 2)], inside, inside[:], apart]
    kept = [one for one in members[: int(rng.integers(0, 5))] if one]
    return tuple(PlaceGroup(f"g{at}", tuple(one), int(rng.integers(0, 5))) for at, one in enumerate(kept))


def rebuilt(
    problem: PlacementProblem,
    groups: tuple[PlaceGroup, ...],
    *,
    kept: npt.NDArray[np.bool_] | None = None,
    places: IntArray | None = None,
) -> PlacementProblem:
    """Return the problem anew, with only the options at which `kept`, bool[A], is true, and these places."""
    at = np.arange(problem.option_count) if kept is None else np.flatnonzero(kept)
    return build_problem(
        pool_ids=problem.pool_ids,
        pool_places=problem.pool_places if places is None else places,
        case_ids=problem.case_ids,
        terms=problem.terms,
        option_case=problem.option_case[at],
        option_pool=problem.option_pool[at],
        option_terms=problem.option_terms[:, at],
        groups=groups,
    )
