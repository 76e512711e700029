"""A simulated year as it comes: decisions due on the first day, then new plans panel by panel, and sampled futures.

The decisions due on 1 September (transfers, breakdowns, those unmet) are the first panel's. New plans of the year come
to one of the later panels each, by chance. A sampled future is the new plans of the same year as another replicate
draws them, with only those of its children who are still to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.placement.forecast.simulation.deciding import Room, build, of_groups, room_of
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.joining import joiners
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.options import open_options
from services.placement.forecast.simulation.prepare import Prepared, prepare
from services.placement.forecast.simulation.simulate import Year, exists
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import BoolArray, IntArray, World
from services.placement.model.problem import PlacementProblem

FAR = 1_000_000
"""Replicate numbers of samples start here: no replicate that is replayed is sampled."""


@dataclass(frozen=True, eq=False)
class YearOfArrivals:
    """One year's cases, D of them: those that come, and those of each sampled future.

    Parameters
    ----------
    problem
        All of them at once, with the places free on the first day.
    panel
        int64[D], the panel at which each comes: 0 for the decisions due on the first day.
    future
        int64[D], -1 for a case that comes, else the sample it is in.
    """

    prepared: Prepared
    problem: PlacementProblem
    panel: IntArray
    future: IntArray

    @property
    def samples(self) -> int:
        """How many futures are sampled."""
        return int(self.future.max(initial=-1)) + 1

    def coming(self, panel: int) -> IntArray:
        """Rows of the cases that come to a panel."""
        return np.flatnonzero((self.future < 0) & (self.panel == panel))

    def everybody(self) -> IntArray:
        """Rows of all cases that come in the year."""
        return np.flatnonzero(self.future < 0)

    def still_to_come(self, sample: int, panel: int) -> IntArray:
        """Rows of a sampled future's cases after a panel."""
        return np.flatnonzero((self.future == sample) & (self.panel > panel))

    def part(self, cases: IntArray, taken: IntArray) -> PlacementProblem:
        """The problem of some cases, with the places that are left once some are taken: int64[N] by pool."""
        problem, chosen = self.problem, np.zeros(self.problem.case_count, dtype=np.bool_)
        chosen[cases] = True
        rows = np.flatnonzero(chosen[problem.option_case])
        number = np.cumsum(chosen) - 1
        in_groups = of_groups(self.prepared, taken)
        return replace(
            problem,
            pool_places=np.maximum(problem.pool_places - taken, 0),
            case_ids=tuple(problem.case_ids[case] for case in np.flatnonzero(chosen).tolist()),
            option_case=number[problem.option_case[rows]].astype(np.int32),
            option_pool=problem.option_pool[rows],
            option_terms=problem.option_terms[:, rows],
            groups=replace(problem.groups, places=np.maximum(problem.groups.places - in_groups, 0)),
        )


def year_of_arrivals(prepared: Prepared, year: Year, replicate: int, samples: int, panels: int) -> YearOfArrivals:
    """Return a simulated year as it comes, with sampled futures.

    Parameters
    ----------
    panels
        How many come after the first day, 1 or more.
    """
    seed = prepared.definition.seed
    known = year.before.count - year.new.count
    people, future = year.before, [np.full(year.before.count, -1)]
    for sample in range(samples):
        drawn = joiners(prepared, Draws(seed, FAR + replicate * samples + sample), year.index).state
        drawn = drawn.but(ids=np.array([f"sample:{sample}:{one}" for one in drawn.ids], dtype=object))
        people, future = people.and_also(drawn), [*future, np.full(drawn.count, sample)]
    draws = Draws(seed, replicate)
    problem, due = _problem(prepared, year, people, draws)
    panel = np.zeros(people.count, dtype=np.int64)
    panel[known:] = 1 + np.floor(panels * _arrival(people, future, draws, year)[known:]).astype(np.int64)
    return YearOfArrivals(prepared, problem, panel[due], np.concatenate(future)[due])


def sampled_futures(
    world: World, free: IntArray, free_in_groups: IntArray, year_left: float, samples: int, seed: int = 1
) -> Iterator[PlacementProblem]:
    """Yield sampled arrivals to the year's end, each as the problem of placing them alone in the places free now.

    `model.later_prices.price_later_arrivals` says what they would lose by each place; each `joined` to the problem of
    the children due now, `price_joint_plans` says what a plan for now should heed. By pool as in `world.pools`.

    Parameters
    ----------
    free, free_in_groups
        int64[P], int64[G], places free now; -1 for no fixed number.
    year_left
        From 0 to 1, the part of the academic year that is left: so large a part of its new plans is still to come.
    samples
        How many futures, 1 or more; the same ones for the same `seed`.

    Raises
    ------
    ValueError
        If `year_left` is not from 0 to 1, or a column is not as long as the world has pools or groups.
    """
    if not 0 <= year_left <= 1:
        raise ValueError(f"year_left: {year_left} is not from 0 to 1.")
    groups = len(world.pools.group_ids)
    for name, column, count in (("free", free, world.pools.count), ("free_in_groups", free_in_groups, groups)):
        if column.shape != (count,):
            raise ValueError(f"{name}: has shape {column.shape}; expected one number for each of the {count}.")
    prepared = prepare(world, Definition("Later arrivals", world.first_year, years=1, replicates=samples, seed=seed))
    pricing, there = prepared.pricing[0], world.pools.places[:, 0] != 0
    for sample in range(samples):
        draws = Draws(seed, sample)
        people = joiners(prepared, draws, 0).state
        people = people.only(draws.uniform_of("arrival", 0, people.seeds) < year_left)
        options = open_options(prepared, people, there, pricing, 0, draws)
        many = options.due.size
        room = Room(np.where(free < 0, many, free), np.where(free_in_groups < 0, many, free_in_groups))
        yield build(prepared, people, options, room, pricing)[0]


def _arrival(people: State, future: Sequence[IntArray], draws: Draws, year: Year) -> np.ndarray:
    """float64[n], when in the year each new plan comes; a child of a sample comes by a draw of that sample's."""
    salted = people.seeds ^ (np.concatenate(future) + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return draws.uniform_of("arrival", year.index, salted)


def _problem(prepared: Prepared, year: Year, people: State, draws: Draws) -> tuple[PlacementProblem, IntArray]:
    places = year.numbers.places[:, year.index]
    there: BoolArray = exists(prepared, places, year.index)
    there[prepared.told_count :] = False
    there[prepared.units] &= year.running[prepared.units]
    pricing = prepared.pricing[year.index]
    options = open_options(prepared, people, there, pricing, year.index, draws)
    room = room_of(prepared, people, places, year.numbers.group_places[:, year.index])
    return build(prepared, people, options, room, pricing)[0], options.due
