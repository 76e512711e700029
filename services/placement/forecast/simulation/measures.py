"""What is measured of an outcome: for each measure, its cells with the words that name them, and their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import INMSS, KINDS, PHASES, PLACE_KINDS, REASONS, UNMET
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.outcome import LINES, OPPORTUNITIES, SAVED, Outcome
from services.placement.forecast.simulation.world import World

Numbers = npt.NDArray[Any]
Words = dict[str, str]
NEED, PHASE, AREA, KIND = "need", "phase", "area", "kind"
UNRECORDED = "not recorded"
"""What a need or an area that is not known is called in a figure."""


@dataclass(frozen=True)
class Measure:
    """One measure: `take` gives numeric[Y, n] of an outcome, and `words` the n cells' names."""

    name: str
    unit: str
    words: Sequence[Words]
    take: Callable[[Outcome], Numbers]


def pool_ids(world: World, definition: Definition) -> tuple[str, ...]:
    """Ids of the pools of an outcome's arrays: the world's, then "lever:" and the name of each that a lever opens."""
    return (*world.pools.ids, *(f"lever:{one.name}" for one in definition.levers.open))


def measures(world: World, definition: Definition) -> Iterator[Measure]:
    """Every measure of an outcome of this definition over this world, in a fixed order."""
    names = {
        NEED: tuple(need or UNRECORDED for need in NEEDS),
        PHASE: PHASES,
        AREA: tuple(area or UNRECORDED for area in world.areas),
        KIND: KINDS,
    }
    full = (NEED, PHASE, AREA, KIND)
    of_children: tuple[tuple[str, ...], ...] = ((), (KIND,), (NEED,), (PHASE,), (AREA,), (NEED, KIND), (PHASE, KIND))
    for kept in of_children:
        yield _table("children", lambda one: one.children, full, kept, names)
    where = (NEED, PHASE, AREA)
    breakdowns: tuple[tuple[str, ...], ...] = ((), (NEED,), (PHASE,), (AREA,), where)
    for kept in breakdowns:
        yield _table("unmet", lambda one: one.children[..., UNMET], where, kept, names)
    for kept in breakdowns:
        yield _table("inmss", lambda one: one.children[..., INMSS].sum(axis=-1), where, kept, names)
    flows: dict[str, Callable[[Outcome], Numbers]] = {
        "new_plans": lambda one: one.new_plans,
        "ceased": lambda one: one.ceased,
        "decisions_due": lambda one: one.due_by_need,
        "out_of_borough": lambda one: one.out_of_borough,
        "placed_unsettled": lambda one: one.unsettled,
    }
    for name, take in flows.items():
        for kept in ((), (NEED,), (PHASE,)):
            yield _table(name, take, (NEED, PHASE), kept, names)
    yield from _of_decisions()
    yield from _of_places(world, definition)
    yield from _of_money()
    yield from _of_prices(world, definition)


def _table(
    name: str,
    take: Callable[[Outcome], Numbers],
    axes: tuple[str, ...],
    kept: tuple[str, ...],
    names: dict[str, tuple[str, ...]],
) -> Measure:
    """A measure of children summed over every axis but those kept."""
    gone = tuple(1 + at for at, axis in enumerate(axes) if axis not in kept)
    cells = np.ndindex(*(len(names[axis]) for axis in kept))
    words = [{axis: names[axis][at] for axis, at in zip(kept, cell, strict=True)} for cell in cells]
    return Measure(name, "children", words, lambda one: take(one).sum(axis=gone).reshape(one.years, -1))


def _of_decisions() -> Iterator[Measure]:
    reasons = [{"line": reason} for reason in REASONS[1:]]
    yield Measure("decisions_due_by_reason", "children", reasons, lambda one: one.due[:, 1:])
    yield Measure("not_placed_by_reason", "children", reasons, lambda one: one.unplaced[:, 1:])
    yield Measure("requests_live", "children", [{}], lambda one: one.requests[:, :1])
    yield Measure("requests_given", "children", [{}], lambda one: one.requests[:, 1:])
    names = [{"line": name} for name in OPPORTUNITIES]
    yield Measure("opportunities_open", "children", names, lambda one: one.opportunities[:, :, 0])
    yield Measure("opportunities_taken", "children", names, lambda one: one.opportunities[:, :, 1])


def _of_places(world: World, definition: Definition) -> Iterator[Measure]:
    ids = pool_ids(world, definition)
    words = [{"pool_id": one} for one in ids]
    yield Measure("places_used", "places", words, lambda one: one.used)
    yield Measure("places_empty", "places", words, lambda one: np.maximum(one.places - one.used, 0))
    yield Measure("places_over_held", "places", words, lambda one: one.over_held)
    kinds = [*(KINDS[kind] for kind in world.pools.kind), *(one.kind for one in definition.levers.open)]
    units = [at for at, kind in enumerate(kinds) if kind == "hn_unit"]
    yield Measure("hn_unit_occupancy", "children", [words[at] for at in units], lambda one: one.used[:, units])


def _of_money() -> Iterator[Measure]:
    lines = [{"line": ""}, *({"line": line} for line in LINES)]
    for ledger, name in enumerate(("spend", "spend_marginal")):
        yield Measure(name, "pence", lines, lambda one, at=ledger: _with_total(one.spend[:, at]))  # type: ignore[misc]
    kinds = [{KIND: kind} for kind in (*PLACE_KINDS, "other")]
    yield Measure("spend_by_kind", "pence", kinds, lambda one: one.spend_by_kind)
    yield Measure("income", "pence", [{}], lambda one: one.income[:, None])
    yield Measure("deficit", "pence", [{}], lambda one: one.deficit[:, None])


def _with_total(by_line: Numbers) -> Numbers:
    return np.concatenate([by_line.sum(axis=1, keepdims=True), by_line], axis=1)


def _of_prices(world: World, definition: Definition) -> Iterator[Measure]:
    probes = [
        {"need": one.need, "phase": one.phase, "area": one.area, "kind": one.kind, "pool_id": f"probe:{at}"}
        for at, one in enumerate(definition.probes)
    ]
    pools: list[Words] = [{"pool_id": one} for one in pool_ids(world, definition)]
    for name, cells, take in (
        ("price_of_one_more_place", pools + probes, lambda one: one.price),
        ("value_of_places", probes, lambda one: one.value),
    ):
        for at, saved in enumerate(SAVED):
            is_money = saved == "pence"
            words = [{**cell, "line": "" if is_money else saved} for cell in cells]
            unit = "pence" if is_money else "children"
            yield Measure(name, unit, words, lambda one, take=take, at=at: take(one)[:, :, at])  # type: ignore[misc]
