"""Worlds to simulate: a tiny named one with one-change variants, and an invented authority of Halton's size.

Everything here is invented. The tiny world, on 1 September 2026:

  pool               kind                 years     places  holds
  pool_base          resource base, ASD   0 to 6    4       Ann (Year 2), Ben (Year 6: grows out in 2027)
  pool_indie         independent special  any       none    Cal (SEMH, Year 8)
  pool_main          mainstream           0 to 11   none    Dee (Year 1), Eve (Year 5)
  pool_special_low   special, SEMH        0 to 6    4       Fay (Year 6: goes on inside the group)
  pool_special_high  special, SEMH        7 to 11   4       Gil (Year 9)
  group_special      the two of them      -         6
  college            further education    12 to 15  none    Hal (Year 12)

Ivy has a new plan for SEMH and no place yet; Joe, in Year 4, is educated elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS, DemandRates
from services.placement.forecast.simulation.build_world import (
    ChildFacts,
    GroupYears,
    PoolYears,
    QuotedPrices,
    build_world,
)
from services.placement.forecast.simulation.levers import Definition, read_definition
from services.placement.forecast.simulation.world import World
from services.placement.model.facts import CaseFacts, PoolFacts, Request

FIRST_YEAR = 2026
YEARS = 6
NO_NUMBER = (-1,) * YEARS
CARE_POUNDS = {
    "mainstream": 8_000,
    "resource_base": 9_000,
    "sen_unit": 10_000,
    "state_special": 14_000,
    "alternative_provision": 16_000,
    "further_education": 7_000,
}
"""Invented top-up by kind; an INMSS place has a fee instead."""
FEE_POUNDS = 63_000
PLACE_POUNDS = {"resource_base": 6_000, "sen_unit": 6_000, "state_special": 10_000}


def no_demand() -> DemandRates:
    """Rates under which nothing happens: nobody joins, no plan ceases."""
    return DemandRates(np.zeros((AGE_COUNT, len(NEEDS))), np.zeros(AGE_COUNT), 0.0, 0.0, 0.0, 0.0, "Invented: none.")


def steady_demand(
    yearly: float = 6.0, cease: float = 0.05, growth_sd: float = 0.05, level_sd: float = 0.1
) -> DemandRates:
    """Rates with so many new plans a year, at 4 to 15 years, for SEMH, ASD and SLCN alike."""
    new = np.zeros((AGE_COUNT, len(NEEDS)))
    for need in ("SEMH", "ASD", "SLCN"):
        new[4:16, NEEDS.index(need)] = yearly / 36
    return DemandRates(new, np.full(AGE_COUNT, cease), 0.03, growth_sd, level_sd, 0.1, "Invented: steady.")


def child(case_id: str, year_group: int, need: str, pool_id: str = "", **facts: Any) -> ChildFacts:
    """A child settled in a pool, whose home is in the middle of the tiny world."""
    outer = {name: facts.pop(name) for name in ("home", "elsewhere", "recent") if name in facts}
    case = CaseFacts(
        case_id=case_id,
        **{"year_group": year_group, "age_years": year_group + 4, "sex": "F", "needs": (need,), **facts},
    )
    return ChildFacts(case, **{"home": (350_000, 385_000), **outer}, pool_id=pool_id)


def pool(pool_id: str, kind: str, years: tuple[int, int], places: Sequence[int] = NO_NUMBER, **facts: Any) -> PoolYears:
    """A pool at a setting of its own unless a `urn` is given."""
    location = facts.pop("location", (351_000, 385_000))
    urn = facts.pop("urn", 100_000 + sum(map(ord, pool_id)))
    low, high = years
    return PoolYears(
        PoolFacts(pool_id=pool_id, urn=urn, kind=kind, year_group_low=low, year_group_high=high, **facts),
        tuple(places),
        location,
    )


CHILDREN = (
    child("ann", 2, "ASD", "pool_base"),
    child("ben", 6, "ASD", "pool_base"),
    child("cal", 8, "SEMH", "pool_indie"),
    child("dee", 1, "SLCN", "pool_main"),
    child("eve", 5, "SLCN", "pool_main"),
    child("fay", 6, "SEMH", "pool_special_low"),
    child("gil", 9, "SEMH", "pool_special_high"),
    child("hal", 12, "SEMH", "college"),
    child("ivy", 3, "SEMH", reason="new_plan", advised_kinds=("state_special", "independent_special")),
    child("joe", 4, "ASD", elsewhere=True),
)
POOLS = (
    pool("college", "further_education", (12, 15)),
    pool("pool_base", "resource_base", (0, 6), (4,) * YEARS, needs=("ASD",)),
    pool("pool_indie", "independent_special", (0, 14), in_borough=False, location=(370_000, 385_000)),
    pool("pool_main", "mainstream", (-1, 11)),
    pool("pool_special_high", "state_special", (7, 11), (4,) * YEARS, needs=("SEMH",), urn=900_001),
    pool("pool_special_low", "state_special", (0, 6), (4,) * YEARS, needs=("SEMH",), urn=900_001),
)
GROUPS = (GroupYears("group_special", ("pool_special_low", "pool_special_high"), (6,) * YEARS),)


def tiny_world(
    *,
    children: Sequence[ChildFacts] = CHILDREN,
    pools: Sequence[PoolYears] = POOLS,
    groups: Sequence[GroupYears] = GROUPS,
    rates: DemandRates | None = None,
    share_of_year_before: float = 0.0,
) -> World:
    """The tiny world, or one of other parts."""
    quoted = invented_prices(children, pools)
    return build_world(
        FIRST_YEAR, children, pools, groups, quoted, rates or no_demand(), share_of_year_before=share_of_year_before
    )


def with_more(*more: ChildFacts, rates: DemandRates | None = None) -> World:
    """The tiny world with more children."""
    return tiny_world(children=(*CHILDREN, *more), rates=rates)


def with_places(pool_id: str, places: Sequence[int], rates: DemandRates | None = None) -> World:
    """The tiny world with other places in one pool."""
    pools = [replace(one, places=tuple(places)) if one.pool.pool_id == pool_id else one for one in POOLS]
    return tiny_world(pools=pools, rates=rates)


def invented_prices(children: Sequence[ChildFacts], pools: Sequence[PoolYears]) -> QuotedPrices:
    """Prices by kind, and transport by distance: GBP 300 a kilometre beyond 3 (2 under 8), 2 minutes a kilometre."""
    homes = np.array([one.home or (350_000, 385_000) for one in children], dtype=np.float64).reshape(-1, 2)
    sites = np.array([one.location or (350_000, 385_000) for one in pools], dtype=np.float64).reshape(-1, 2)
    away = np.linalg.norm(homes[:, None] - sites[None], axis=2) / 1000
    everyone = np.ones((len(children), 1), dtype=np.int64)
    kinds = [one.pool.kind for one in pools]
    inmss = np.array([one.pool.is_inmss for one in pools])
    fee = everyone * np.where(inmss, FEE_POUNDS * 100, 0)
    care = everyone * np.array([CARE_POUNDS.get(kind, 0) * 100 for kind in kinds])
    place = everyone * np.array([PLACE_POUNDS.get(kind, 0) * 100 for kind in kinds])
    block = everyone * np.array([14_000_000 if kind == "hn_unit" else 0 for kind in kinds])
    lines: list[Mapping[str, Any]] = []
    for limit in (2, 3, 3):
        transport = np.where(away > limit, np.round(away * 300), 0).astype(np.int64) * 100
        lines.append(
            {
                "Place funding": place,
                "Top-up": care,
                "School fee": fee,
                "High Needs unit, share of yearly cost": block,
                "Travel": transport,
            }
        )
    return QuotedPrices(lines, np.round(away * 2 + 5).astype(np.int64))


def definition(**table: Any) -> Definition:
    """A scenario of four years over the tiny world; breakdowns do not happen unless a test says so."""
    levers = {"breakdowns": {"factor": 0}, **table.pop("levers", {})}
    return read_definition(
        {"name": "Test", "first_year": FIRST_YEAR, "years": 4, "replicates": 2, "levers": levers, **table}
    )


def asks(urn: int, kinds: tuple[str, ...] = ()) -> tuple[Request, ...]:
    """A family's one request under s.38(3)."""
    return (Request(urn=urn, kinds=kinds),)


HALTON_CHILDREN, HALTON_POOLS = 1_700, 110
_KIND_SHARES = {
    "mainstream": 0.43,
    "resource_base": 0.06,
    "sen_unit": 0.02,
    "state_special": 0.30,
    "independent_special": 0.07,
    "non_maintained_special": 0.01,
    "alternative_provision": 0.01,
    "further_education": 0.07,
}
"""Roughly Halton's shares of children by kind of place; the rest are educated elsewhere."""
_NEED_SHARES = {"ASD": 0.34, "SEMH": 0.24, "SLCN": 0.16, "MLD": 0.1, "SLD": 0.06, "SPLD": 0.04, "PD": 0.03, "HI": 0.03}
_POOLS_OF_KIND = {
    "mainstream": 56,
    "resource_base": 12,
    "sen_unit": 4,
    "state_special": 10,
    "independent_special": 16,
    "non_maintained_special": 4,
    "alternative_provision": 3,
    "further_education": 5,
}


def halton_world(seed: int = 1, children: int = HALTON_CHILDREN) -> World:
    """An invented authority of Halton's size: 1,700 children, 110 pools, some 330 new plans a year."""
    rng = np.random.default_rng(seed)
    pools = _halton_pools(rng)
    people = _halton_children(rng, pools, children)
    held: dict[str, int] = {}
    for one in people:
        held[one.pool_id] = held.get(one.pool_id, 0) + 1
    sized = [_with_room(rng, one, held.get(one.pool.pool_id, 0)) for one in pools]
    return build_world(
        FIRST_YEAR, people, sized, (), invented_prices(people, sized), _halton_rates(children / HALTON_CHILDREN)
    )


def _halton_pools(rng: np.random.Generator) -> list[PoolYears]:
    found: list[PoolYears] = []
    for kind, count in _POOLS_OF_KIND.items():
        for at in range(count):
            inmss = kind in ("independent_special", "non_maintained_special")
            spread = 30_000 if inmss else 6_000
            place = rng.normal((352_000, 384_000), spread, 2).astype(int).clip(300_000)
            facts: dict[str, Any] = {"location": (int(place[0]), int(place[1])), "in_borough": not inmss}
            if kind not in ("mainstream", "further_education", "alternative_provision"):
                facts["needs"] = tuple(rng.choice(list(_NEED_SHARES), size=2 if not inmss else 3, replace=False))
            if kind in ("state_special", "independent_special", "resource_base", "sen_unit") and at < 3:
                facts["needs"] = (*("ASD", "SEMH", "SLCN")[at : at + 1], "MLD", "SLD")
            found.append(pool(f"pool_{kind}_{at:02}", kind, _years_of(kind, at), urn=200_000 + len(found), **facts))
    return found


def _years_of(kind: str, at: int) -> tuple[int, int]:
    if kind == "further_education":
        return 12, 21
    if kind in ("independent_special", "non_maintained_special"):
        return 0, 14
    if kind == "state_special":
        return (0, 6) if at % 3 == 1 else (7, 14) if at % 3 == 2 else (0, 14)
    return (-1, 6) if at % 4 else (7, 11)


def _halton_children(rng: np.random.Generator, pools: Sequence[PoolYears], count: int) -> list[ChildFacts]:
    kinds = [*_KIND_SHARES, ""]
    shares = [*_KIND_SHARES.values()]
    drawn = rng.choice(kinds, size=count, p=[*shares, 1 - sum(shares)])
    found: list[ChildFacts] = []
    for at, kind in enumerate(drawn.tolist()):
        year = int(rng.integers(12, 18) if kind == "further_education" else rng.integers(-1, 14))
        need = str(rng.choice(list(_NEED_SHARES), p=list(_NEED_SHARES.values())))
        home = tuple(rng.normal((352_000, 384_000), 4_000, 2).astype(int).tolist())
        seats = [one for one in pools if one.pool.kind == kind and _takes(one.pool, year, need)]
        mine = seats[int(rng.integers(len(seats)))].pool.pool_id if seats else ""
        facts: dict[str, Any] = {"home": home, "sex": str(rng.choice(["F", "M"])), "recent": bool(rng.random() < 0.3)}
        if not mine and kind:
            facts |= {"reason": "new_plan", "advised_kinds": (kind,)}
        found.append(child(f"case_{at:05}", year, need, mine, elsewhere=not kind, **facts))
    return found


def _takes(one: PoolFacts, year: int, need: str) -> bool:
    return one.year_group_low <= year <= one.year_group_high and (not one.needs or need in one.needs)


def _with_room(rng: np.random.Generator, one: PoolYears, held: int) -> PoolYears:
    if one.pool.kind in ("further_education", "independent_special"):
        return replace(one, places=NO_NUMBER)
    spare = int(rng.integers(0, 4)) + (3 * held + 8 if one.pool.kind == "mainstream" else 0)
    return replace(one, places=(max(held + spare, 1),) * YEARS)


def _halton_rates(size: float) -> DemandRates:
    new = np.zeros((AGE_COUNT, len(NEEDS)))
    by_age = np.array([2, 4, 10, 26, 44, 34, 30, 30, 30, 28, 26, 24, 16, 12, 8, 6, 4, 2, 1, 1] + [0] * 6, dtype=float)
    for need, share in _NEED_SHARES.items():
        new[:, NEEDS.index(need)] = by_age * share * size
    cease = np.array([0.01] * 15 + [0.04, 0.08, 0.15, 0.25, 0.35, 0.4, 0.4, 0.4, 0.4, 0.5, 1.0])
    return DemandRates(new, cease, 0.04, 0.05, 0.08, 0.05, "Invented: of Halton's size.")
