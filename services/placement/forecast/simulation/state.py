"""The children of a simulated authority at one moment, and the turn of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS, FloatArray
from services.placement.forecast.simulation.categories import NOT_DUE, PHASE_OF_AGE, PHASES
from services.placement.forecast.simulation.draws import Draws, Seeds
from services.placement.forecast.simulation.levers import CeaseChange
from services.placement.forecast.simulation.world import BoolArray, IntArray, World
from services.placement.model.lots import seeds_of


@dataclass(frozen=True, eq=False)
class State:
    """Children, n of them; every column has an entry for each.

    Parameters
    ----------
    ids, seeds
        object[n] and uint64[n]: what their lots and their draws hang on.
    row
        Their template's row in the world: their own for the children on file.
    age, need, area
        Indices; `age` on 31 August before the year.
    pool
        The pool held, ELSEWHERE_ROW or NO_PLACE.
    due
        Index of REASONS.
    on_file
        bool[n], whether the decision due is the one on file, with its advice and requests.
    advice
        Kinds of place that a later decision's advice names, as bits of PLACE_KINDS; 0: as the signature says.
    joined, seated
        Year index in which the plan began, and in which the present place was given; -1 for those on file.
    """

    ids: npt.NDArray[np.object_]
    seeds: Seeds
    row: IntArray
    age: IntArray
    need: IntArray
    area: IntArray
    pool: IntArray
    due: IntArray
    on_file: BoolArray
    advice: IntArray
    joined: IntArray
    seated: IntArray

    @property
    def count(self) -> int:
        """n, how many children."""
        return int(self.row.size)

    def only(self, kept: BoolArray) -> State:
        """Return those children alone."""
        rows = np.flatnonzero(kept)
        return State(**{one.name: getattr(self, one.name).take(rows) for one in fields(self)})

    def and_also(self, others: State) -> State:
        """Return these children and then the others."""
        return State(
            **{one.name: np.concatenate([getattr(self, one.name), getattr(others, one.name)]) for one in fields(self)}
        )

    def but(self, **columns: npt.NDArray[Any]) -> State:
        """Return the same children with other columns."""
        return replace(self, **columns)


def children_on_file(world: World) -> State:
    """Return the children of the world on 1 September of the first year."""
    children, count = world.children, world.children.count
    return State(
        ids=np.array(children.ids, dtype=object),
        seeds=seeds_of(children.ids),
        row=np.arange(count, dtype=np.int64),
        age=children.age.astype(np.int64),
        need=children.need.astype(np.int64),
        area=children.area.astype(np.int64),
        pool=children.pool.astype(np.int64),
        due=children.due.astype(np.int64),
        on_file=children.due != NOT_DUE,
        advice=np.zeros(count, dtype=np.int64),
        joined=np.full(count, -1, dtype=np.int64),
        seated=np.full(count, -1, dtype=np.int64),
    )


@dataclass(frozen=True, eq=False)
class Left:
    """Who left at the turn of the year: ceased by need and phase, int32[14, 6], and how many grew out of all plans."""

    ceased: npt.NDArray[np.int32]
    aged_out: int


def turn_of_year(state: State, chance: FloatArray, year: int, draws: Draws, *, ages: bool) -> tuple[State, Left]:
    """Return who is still there on 1 September, a year older, and who left.

    Parameters
    ----------
    chance
        float64[26], that a plan ceases, by the age that children had until now.
    ages
        False at the first year's: the world already stands on its 1 September.
    """
    ceases = draws.uniform_of("cease", year, state.seeds) < chance[state.age]
    ceased = count_by_need(state.need[ceases], state.age[ceases])
    if not ages:
        return state.only(~ceases), Left(ceased, 0)
    older = state.but(age=state.age + 1)
    grown = older.age >= AGE_COUNT
    return older.only(~ceases & ~grown), Left(ceased, int((grown & ~ceases).sum()))


def cease_chances(chance: FloatArray, changes: Sequence[CeaseChange], part_of_year: float = 1.0) -> FloatArray:
    """Return float64[26], chances within part of a year, with the levers' factors; never above 1."""
    found = chance.copy()
    for one in changes:
        found[np.isin(PHASE_OF_AGE, _phases(one.phase))] *= one.factor
    return 1 - (1 - np.clip(found, 0, 1)) ** part_of_year


def count_by_need(need: IntArray, age: IntArray) -> npt.NDArray[np.int32]:
    """Return int32[14, 6], children by need and phase."""
    cell = need * len(PHASES) + PHASE_OF_AGE[age]
    counted = np.bincount(cell, minlength=len(NEEDS) * len(PHASES))
    return counted.reshape(len(NEEDS), len(PHASES)).astype(np.int32)


def _phases(phase: str) -> list[int]:
    return [PHASES.index(phase)] if phase else list(range(len(PHASES)))
