"""Small plans with runs: children of few streets, schools with few places, cars of four that each serve one street."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random

import numpy as np

from services.placement.model.groups import IntArray, PlaceGroup
from services.placement.model.joint.problem import JointProblem, RunPrices
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.solution import NOT_PLACED
from services.placement.model.solve import solve

SEATS = 4


@dataclass(frozen=True)
class Town:
    """Children and schools. Children of one street are neighbours; a school's pools are consecutive.

    Parameters
    ----------
    street
        Of each child.
    school
        Of each pool.
    places
        Of each pool.
    options
        For each child, the pools open to it with what comes before money and what the place costs without travel.
    car
        car[school][street], what one car of four costs.
    others
        others[school][street], children who ride already and stay.
    """

    street: tuple[int, ...]
    school: tuple[int, ...]
    places: tuple[int, ...]
    options: tuple[dict[int, tuple[int, int]], ...]
    car: tuple[tuple[int, ...], ...]
    others: tuple[tuple[int, ...], ...]
    school_places: int = 1000

    def with_random_options(self, draw: Random) -> Town:
        """The same, each child with some pools open to it."""
        pools = range(len(self.places))
        found = tuple(
            {pool: (draw.randrange(2), draw.randrange(0, 200, 10)) for pool in pools if draw.random() < 0.7}
            for _ in self.street
        )
        return replace(self, options=found)

    def joint(self) -> JointProblem:
        """The problem of this town."""
        rows = [(child, pool, terms) for child, found in enumerate(self.options) for pool, terms in found.items()]
        problem = build_problem(
            pool_ids=[f"pool_{pool}" for pool in range(len(self.places))],
            pool_places=self.places,
            case_ids=[f"case_{child}" for child in range(len(self.street))],
            terms=("needs_judgement", "annual_cost_pence"),
            option_case=[child for child, _, _ in rows],
            option_pool=[pool for _, pool, _ in rows],
            option_terms=[[terms[term] for _, _, terms in rows] for term in range(2)],
            groups=[
                PlaceGroup(f"school_{school}", self._pools_of(school), self.school_places)
                for school in sorted(set(self.school))
            ],
        )
        destination = np.array([self.school[pool] for pool in problem.option_pool], np.int32)
        children = range(len(self.street))
        near = tuple(frozenset(c for c in children if c != k and self.street[c] == self.street[k]) for k in children)
        pairs = zip(destination.tolist(), problem.option_case.tolist(), strict=True)
        least = np.array([self.car[school][self.street[child]] // SEATS for school, child in pairs], np.int64)
        return JointProblem(problem, 1, destination, near, least)

    def _pools_of(self, school: int) -> tuple[int, ...]:
        return tuple(pool for pool, at in enumerate(self.school) if at == school)

    def pricer(self) -> Cars:
        """What its runs cost."""
        return Cars(self, self.joint())

    def least_of_others(self) -> int:
        """What those who ride already cost at least."""
        schools, streets = range(len(self.car)), range(len(self.car[0]))
        return sum(self.others[s][t] * (self.car[s][t] // SEATS) for s, t in product(schools, streets))

    def plans(self) -> Iterator[IntArray]:
        """Every plan that keeps to the places."""
        problem = self.joint().without_transport
        first = problem.first_option.tolist()
        each = [(NOT_PLACED, *range(first[k], first[k + 1])) for k in range(problem.case_count)]
        for rows in product(*each):
            chosen = np.array(rows, np.int64)
            if self._fits(problem, chosen):
                yield chosen

    def _fits(self, problem: PlacementProblem, chosen: IntArray) -> bool:
        pools = problem.option_pool[chosen[chosen != NOT_PLACED]].tolist()
        schools = [self.school[pool] for pool in pools]
        full = any(pools.count(pool) > self.places[pool] for pool in set(pools))
        return not full and all(schools.count(school) <= self.school_places for school in set(schools))


@dataclass
class Cars:
    """Prices exactly, by counting cars before and after; `asked` counts how often."""

    town: Town
    joint: JointProblem
    asked: int = 0

    def price(self, chosen: IntArray) -> RunPrices:
        """What the plan's cars cost."""
        self.asked += 1
        total = self.total(chosen)
        return RunPrices(total, np.array([total - without for without in self._without_each(chosen)], np.int64))

    def added(self, chosen: IntArray) -> IntArray:
        """What each option adds for its child alone."""
        self.asked += 1
        alone = self._without_each(chosen)
        pairs = enumerate(self.joint.without_transport.option_case.tolist())
        return np.array([self.total(_with(chosen, child, row)) - alone[child] for row, child in pairs], np.int64)

    def together(self, chosen: IntArray, rows: IntArray) -> IntArray:
        """What each adds as the last of all of them."""
        self.asked += 1
        there = {int(self.joint.without_transport.option_case[row]): row for row in rows.tolist()}
        total = self.total(chosen, list(there.values()))
        others = [[row for other, row in there.items() if other != child] for child in there]
        alone = dict(zip(there, (total - self.total(chosen, rest) for rest in others), strict=True))
        return np.array([alone[child] for child in self.joint.without_transport.option_case[rows].tolist()], np.int64)

    def total(self, chosen: IntArray, besides: Sequence[int] = ()) -> int:
        """All cars, those of others too, and of children counted at these options besides."""
        riders = [list(row) for row in self.town.others]
        for row in (*chosen[chosen != NOT_PLACED].tolist(), *besides):
            child = int(self.joint.without_transport.option_case[row])
            riders[int(self.joint.destination[row])][self.town.street[child]] += 1
        cars = (
            (-(-n // SEATS), price)
            for row, prices in zip(riders, self.town.car, strict=True)
            for n, price in zip(row, prices, strict=True)
        )
        return sum(n * price for n, price in cars)

    def _without_each(self, chosen: IntArray) -> list[int]:
        children = range(self.joint.without_transport.case_count)
        return [self.total(_with(chosen, child, NOT_PLACED)) for child in children]


@dataclass
class Guesses:
    """Exact totals, and estimates that have nothing to do with them."""

    cars: Cars
    draw: Random

    def price(self, chosen: IntArray) -> RunPrices:
        """The plan's total, with invented savings."""
        found = self.cars.price(chosen)
        return RunPrices(found.total, self._invented(found.saved))

    def added(self, chosen: IntArray) -> IntArray:
        """Invented."""
        return self._invented(self.cars.added(chosen))

    def together(self, chosen: IntArray, rows: IntArray) -> IntArray:
        """Invented."""
        return self._invented(rows)

    def _invented(self, like: IntArray) -> IntArray:
        return np.array([self.draw.randint(-900, 900) for _ in range(like.size)], np.int64)


def _with(chosen: IntArray, child: int, row: int) -> IntArray:
    after = chosen.copy()
    after[child] = row
    return after


def solved(problem: PlacementProblem) -> IntArray:
    """The optimiser's plan."""
    return solve(problem).chosen


def one_street() -> Town:
    """Two children of one street. Each has a place near for its own reasons; a car to the far school takes both."""
    return Town(
        street=(0, 0),
        school=(0, 1, 2),
        places=(1, 1, 2),
        options=({0: (0, 0), 2: (0, 0)}, {1: (0, 0), 2: (0, 0)}),
        car=((100,), (100,), (150,)),
        others=((0,), (0,), (0,)),
    )


def random_town(draw: Random, *, children: int = 5) -> Town:
    """A town small enough to try every plan of."""
    pools = draw.randint(1, 4)
    school = tuple(sorted(draw.randrange(3) for _ in range(pools)))
    streets = draw.randint(1, 3)
    return Town(
        street=tuple(draw.randrange(streets) for _ in range(draw.randint(0, children))),
        school=school,
        places=tuple(draw.randint(0, 3) for _ in range(pools)),
        options=(),
        car=tuple(tuple(draw.randrange(0, 400, 20) for _ in range(streets)) for _ in range(3)),
        others=tuple(tuple(draw.randint(0, 5) for _ in range(streets)) for _ in range(3)),
        school_places=draw.randint(0, 4),
    ).with_random_options(draw)
