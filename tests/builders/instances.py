"""Small random placement problems as plain tuples, so that a check of the optimiser needs nothing of the optimiser.

They have what trips a solver: ties, negative and huge terms, pools and groups without places, cases without options,
groups nested several deep, two groups of the same pools, and problems with nothing in them at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from services.placement.model.groups import PlaceGroup
from services.placement.model.problem import PlacementProblem, build_problem

Terms = tuple[int, ...]
Option = tuple[int, int, Terms]
Group = tuple[tuple[int, ...], int]
Draws = tuple[Callable[[Random], int], ...]


@dataclass(frozen=True)
class Instance:
    """A placement problem.

    Parameters
    ----------
    term_count
        How many numbers each option has.
    pool_ids, places
        Of each pool, its id and places.
    groups
        Pools, as indices, and the places that they share.
    case_ids
        Of each case.
    options
        Case and pool, as indices, and the terms.
    """

    term_count: int
    pool_ids: tuple[str, ...]
    places: tuple[int, ...]
    groups: tuple[Group, ...]
    case_ids: tuple[str, ...]
    options: tuple[Option, ...]

    def problem(self) -> PlacementProblem:
        """The product's problem that says the same."""
        return build_problem(
            pool_ids=self.pool_ids,
            pool_places=self.places,
            case_ids=self.case_ids,
            terms=[f"term_{index}" for index in range(self.term_count)],
            option_case=[case for case, _, _ in self.options],
            option_pool=[pool for _, pool, _ in self.options],
            option_terms=[[terms[index] for _, _, terms in self.options] for index in range(self.term_count)],
            groups=[PlaceGroup(f"g{index}", pools, places) for index, (pools, places) in enumerate(self.groups)],
        )

    def text(self, order: Callable[[list[object]], object] | None = None) -> str:
        """The problem file that says the same, each of its lists put into another order in place, if asked."""
        file: dict[str, list[object]] = {
            "pools": [{"id": one, "places": n} for one, n in zip(self.pool_ids, self.places, strict=True)],
            "groups": [
                {"id": f"g{index}", "pools": [self.pool_ids[pool] for pool in pools], "places": places}
                for index, (pools, places) in enumerate(self.groups)
            ],
            "cases": list(self.case_ids),
            "options": [
                {"case": self.case_ids[case], "pool": self.pool_ids[pool], "terms": list(terms)}
                for case, pool, terms in self.options
            ],
        }
        if order is not None:
            for listed in file.values():
                order(listed)
        terms = [f"term_{index}" for index in range(self.term_count)]
        return json.dumps({"format": "inborough-problem/1", "terms": terms} | file)

    def options_of(self, case: int) -> dict[int, Terms]:
        """The terms of a case's options, by pool."""
        return {pool: terms for one, pool, terms in self.options if one == case}

    def room(self, pool: int) -> int:
        """The most cases that a pool can hold, with the groups around it."""
        return min([self.places[pool], *(places for pools, places in self.groups if pool in pools)])

    def with_places(self, pool: int, places: int) -> Instance:
        """The instance in which a pool has so many places."""
        return replace(self, places=(*self.places[:pool], places, *self.places[pool + 1 :]))

    def with_options(self, case: int, options: dict[int, Terms]) -> Instance:
        """The instance in which a case has these options and no others."""
        kept = tuple(option for option in self.options if option[0] != case)
        return replace(self, options=(*kept, *((case, pool, terms) for pool, terms in options.items())))

    def with_case(self, case_id: str, options: dict[int, Terms]) -> Instance:
        """The instance with one more case, the last."""
        grown = replace(self, case_ids=(*self.case_ids, case_id))
        return grown.with_options(len(self.case_ids), options)

    def without_case(self, case: int) -> Instance:
        """The instance without a case; those after it move up by one."""
        kept = tuple((one - (one > case), pool, terms) for one, pool, terms in self.options if one != case)
        return replace(self, case_ids=self.case_ids[:case] + self.case_ids[case + 1 :], options=kept)


@dataclass(frozen=True)
class Shape:
    """The most of each that a random instance has; the least is none."""

    cases: int = 14
    pools: int = 7
    places: int = 4
    terms: int = 4


USUAL = Shape()
SMALL = Shape(cases=9, pools=5, places=3, terms=3)
TINY = Shape(cases=5, pools=3, places=2, terms=3)

DRAWS: Draws = (
    lambda random: 0,
    lambda random: random.randint(0, 1),
    lambda random: random.randint(0, 3),
    lambda random: random.choice((-2, -1, 0, 0, 1)),
    lambda random: random.choice((0, 900_000, 2_500_000, 2_600_000, 6_300_000)),
    lambda random: random.randint(-30_000_000, 30_000_000),
    lambda random: random.randint(0, 30_000_000),
)
"""How one term's numbers are drawn: mostly so that many tie."""

EXTREME: Draws = (
    *DRAWS[:4],
    lambda random: random.choice((-(10**11), 10**11, 10**11 - 1, 0)),
    lambda random: random.randint(-(10**11), 10**11),
)
"""The same with numbers as large as a problem may hold."""


def instances(count: int, seed: int, shape: Shape = USUAL, draws: Draws = DRAWS) -> Iterator[tuple[str, Instance]]:
    """So many random instances, each with the name by which it can be made again."""
    for number in range(count):
        name = f"{seed}/{number}"
        yield name, random_instance(Random(name), shape, draws)


def random_instance(random: Random, shape: Shape = USUAL, draws: Draws = DRAWS) -> Instance:
    """One random instance."""
    cases, pools = _tilted(random, shape.cases), _tilted(random, shape.pools)
    term_count = _tilted(random, shape.terms)
    drawn = [random.choice(draws) for _ in range(term_count)]
    density = random.choice((0.3, 0.6, 0.9, 1.0))
    options = [
        (case, pool, tuple(draw(random) for draw in drawn))
        for case in range(cases)
        if random.random() < 0.93
        for pool in range(pools)
        if random.random() < density
    ]
    random.shuffle(options)
    most = _tilted(random, shape.places)
    places = tuple(_some_places(random, most) for _ in range(pools))
    return Instance(
        term_count=term_count,
        pool_ids=_ids(random, "p", pools),
        places=places,
        groups=_nested_groups(random, places),
        case_ids=_ids(random, "c", cases),
        options=tuple(options),
    )


def _tilted(random: Random, most: int) -> int:
    """A number from 0, more often a large one."""
    return max(random.randint(0, most), random.randint(0, most))


def _some_places(random: Random, most: int) -> int:
    """A number of places, seldom none."""
    return 0 if random.random() < 0.12 else random.randint(1, max(1, most))


def _ids(random: Random, letter: str, count: int) -> tuple[str, ...]:
    """Ids whose order is not the order of their rows."""
    return tuple(f"{letter}{number}" for number in random.sample(range(100), count))


def _nested_groups(random: Random, places: tuple[int, ...]) -> tuple[Group, ...]:
    """Groups nested or disjoint, in any order: parts of parts of the pools."""
    if random.random() < 0.25:
        return ()
    pools = list(range(len(places)))
    random.shuffle(pools)
    groups: list[Group] = []
    parts = [pools]
    while parts:
        part = parts.pop()
        if random.random() < 0.6:
            groups.append((tuple(part), _some_places(random, sum(places[pool] for pool in part))))
        if len(part) > 1 and random.random() < 0.8:
            cut = random.randint(1, len(part) - 1)
            parts += [part[:cut], part[cut:]]
        elif random.random() < 0.1:
            parts.append(part)
    random.shuffle(groups)
    return tuple(groups)


def authority_instance(seed: int, cases: int, pools: int, options_each: int) -> Instance:
    """An instance of an authority's size: out of borough or not, pence up to 30 million, minutes.

    Places fall a little short of the cases; three pools in turn are a school with a limit of its own, and three
    schools a trust with another.
    """
    random = Random(f"authority {seed}")
    fees = [random.randrange(900_000, 28_800_000, 5_000) for _ in range(pools)]
    fare = (0, 250_000, 811_600, 1_200_000)
    places = tuple(max(0, round(random.gammavariate(2, cases / pools / 2))) for _ in range(pools))
    options = [
        (case, pool, (int(fees[pool] > 15_000_000), fees[pool] + random.choice(fare), random.randint(5, 90)))
        for case in range(cases)
        for pool in random.sample(range(pools), options_each)
    ]
    schools, trusts = (
        [tuple(range(first, first + size)) for first in range(0, pools // 2 - size, size)] for size in (3, 9)
    )
    groups = [(one, max(0, sum(places[pool] for pool in one) - len(one))) for one in (*schools, *trusts)]
    return Instance(
        term_count=3,
        pool_ids=tuple(f"pool_{number}" for number in range(pools)),
        places=places,
        groups=tuple(groups),
        case_ids=tuple(f"case_{number}" for number in range(cases)),
        options=tuple(options),
    )


def chain_instance(random: Random, length: int) -> Instance:
    """Pools of one place in a row, each case content with its own or the next: the longest chains of moves there are.

    Every number is the largest that a problem may hold, one way or the other, or nothing.
    """
    terms = random.randint(1, 2)
    options = [
        (case, pool, tuple(random.choice((-(10**11), 0, 10**11)) for _ in range(terms)))
        for case in range(length)
        for pool in (case, case + 1)
    ]
    return Instance(
        term_count=terms,
        pool_ids=_ids(random, "p", length + 1),
        places=(1,) * (length + 1),
        groups=((tuple(range(length + 1)), length),) if random.random() < 0.5 else (),
        case_ids=_ids(random, "c", length),
        options=tuple(options),
    )
