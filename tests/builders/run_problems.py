"""Problems of runs for tests: a straight road by default, drawn ones for properties, the best runs by trying all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import Fleet, IntArray, Legs, RunsProblem, Travellers, VehicleType

CAR = VehicleType("car", seats=3, wheelchair_places=0, pence_per_day=4_000, pence_per_km=100)
TAIL_LIFT = VehicleType("tail lift", seats=2, wheelchair_places=1, pence_per_day=6_000, pence_per_km=120)
MINIBUS = VehicleType("minibus", seats=8, wheelchair_places=1, pence_per_day=9_000, pence_per_km=150)
FLEET = Fleet((CAR, TAIL_LIFT, MINIBUS), assistant_pence_per_day=5_000)
BELL = 530
METRES_A_MINUTE = 500


def some_travellers(count: int, **changes: Any) -> Travellers:
    """Children c0, c1, ... who need nothing, ride at most 45 minutes and take a minute to get in."""
    parts: dict[str, Any] = {
        "ids": tuple(f"c{at}" for at in range(count)),
        **{name: np.zeros(count, dtype=np.bool_) for name in ("wheelchair", "assistant", "solo")},
        "guide_minutes": np.full(count, 45, dtype=np.int64),
        "boarding_minutes": np.ones(count, dtype=np.int64),
    }
    return Travellers(**{name: _array(value) for name, value in (parts | changes).items()})


def legs_between(points: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]] | None = None) -> Legs:
    """Streets of a grid: east-west, then north-south, 500 metres a minute, begun minutes whole; a metric."""
    here, there = np.array(points).reshape(-1, 2), np.array(points if others is None else others).reshape(-1, 2)
    metres: IntArray = abs(here[:, None, :] - there[None, :, :]).sum(axis=2).astype(np.int64)
    return Legs(metres, -(-metres // METRES_A_MINUTE))


def a_runs_problem(homes_km: Sequence[float], settings_km: Sequence[float] = (0,), **changes: Any) -> RunsProblem:
    """Homes along one straight road from the first setting; all children go to it unless `destination` says otherwise.

    `travellers` changes what `some_travellers` gives; every other change replaces a part of the problem.
    """
    points = [(round(1000 * km), 0) for km in (*settings_km, *homes_km)]
    settings = len(settings_km)
    parts: dict[str, Any] = {
        "fleet": FLEET,
        "destination_ids": tuple(range(100_001, 100_001 + settings)),
        "bell_minutes": [BELL] * settings,
        "travellers": some_travellers(len(homes_km), **changes.pop("travellers", {})),
        "destination": np.zeros(len(homes_km), dtype=np.int64),
        "legs": legs_between(points),
    }
    return RunsProblem(**{name: _array(value) for name, value in (parts | changes).items()})


@st.composite
def drawn_run_problems(draw: st.DrawFn, most: int = 7) -> RunsProblem:
    """Up to `most` children of every kind and up to 3 settings in a town of a few kilometres; homes may be the same."""
    count, settings = draw(st.integers(0, most)), draw(st.integers(1, 3))
    ids = tuple(f"c{at}" for at in draw(st.permutations(range(count))))
    rows = st.integers(0, max(count - 1, 0))
    pairs = draw(st.frozensets(st.tuples(rows, rows).filter(lambda pair: pair[0] != pair[1]), max_size=2))
    return RunsProblem(
        fleet=Fleet(draw(st.sampled_from([(CAR,), (CAR, TAIL_LIFT), (CAR, TAIL_LIFT, MINIBUS)])), 5_000),
        destination_ids=tuple(draw(st.permutations(range(100_001, 100_001 + settings)))),
        bell_minutes=np.array([BELL + draw(st.sampled_from([0, 5, 30])) for _ in range(settings)]),
        travellers=draw(drawn_travellers(ids)),
        destination=np.array([draw(st.integers(0, settings - 1)) for _ in range(count)], dtype=np.int64),
        legs=legs_between([draw(a_place(5, 7)) for _ in range(settings)] + [draw(a_place()) for _ in range(count)]),
        apart=frozenset((ids[one], ids[other]) for one, other in pairs),
    )


@st.composite
def drawn_crooked_problems(draw: st.DrawFn) -> RunsProblem:
    """The same where roads are crooked: past a third place it may be nearer, as imported distances can say."""
    problem = draw(drawn_run_problems())
    crooked = np.random.default_rng(draw(st.integers(0, 10_000))).uniform(0.5, 1.5, problem.legs.metres.shape)
    np.fill_diagonal(crooked, 1)
    metres = (problem.legs.metres * crooked).astype(np.int64)
    return replace(problem, legs=Legs(metres, -(-metres // METRES_A_MINUTE)))


@st.composite
def drawn_travellers(draw: st.DrawFn, ids: tuple[str, ...]) -> Travellers:
    """Every kind of child; one in four in a wheelchair, one in four with an assistant, one in eight alone."""
    eighths = st.lists(st.integers(0, 7), min_size=len(ids), max_size=len(ids))
    return some_travellers(
        len(ids),
        ids=ids,
        wheelchair=np.array(draw(eighths), dtype=np.int64) > 5,
        assistant=np.array(draw(eighths), dtype=np.int64) > 5,
        solo=np.array(draw(eighths), dtype=np.int64) > 6,
        guide_minutes=[draw(st.sampled_from([10, 25, 45])) for _ in ids],
        boarding_minutes=[draw(st.sampled_from([0, 1, 4])) for _ in ids],
    )


def a_place(low: int = 0, high: int = 12) -> st.SearchStrategy[tuple[int, int]]:
    """A point on whole kilometres."""
    km = st.integers(low, high)
    return st.tuples(km, km).map(lambda pair: (1000 * pair[0], 1000 * pair[1]))


def reordered(problem: RunsProblem, settings: Sequence[int], travellers: Sequence[int]) -> RunsProblem:
    """The same problem with its rows in another order."""
    place = {old: new for new, old in enumerate(settings)}
    points = np.array([*settings, *(problem.setting_count + row for row in travellers)], dtype=np.int64)
    return RunsProblem(
        fleet=Fleet(problem.fleet.vehicle_types[::-1], problem.fleet.assistant_pence_per_day),
        destination_ids=tuple(problem.destination_ids[row] for row in settings),
        bell_minutes=problem.bell_minutes[list(settings)],
        travellers=problem.travellers.at(list(travellers)),
        destination=np.array([place[int(problem.destination[row])] for row in travellers], dtype=np.int64),
        legs=Legs(problem.legs.metres[np.ix_(points, points)], problem.legs.minutes[np.ix_(points, points)]),
        apart=problem.apart,
        set_down_early_minutes=problem.set_down_early_minutes,
    )


def least_by_trying_all(problem: RunsProblem) -> int:
    """Pence a school day of the cheapest runs there are: every way to part the children, in every order."""
    prices = RunPrices(problem)
    carried = [row for row in range(problem.travellers.count) if prices.vehicles_for([row])]
    cheapest: dict[tuple[int, ...], int | None] = {}

    def price(group: tuple[int, ...]) -> int | None:
        if group not in cheapest:
            runs = [prices.find_run(order) for order in permutations(group)] if prices.may_share(group) else []
            cheapest[group] = min((run.pence_per_day for run in runs if run), default=None)
        return cheapest[group]

    totals = [[price(tuple(group)) for group in parts] for parts in partitions(carried)]
    return min(sum(each for each in total if each is not None) for total in totals if None not in total)


def partitions(rows: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to part rows into groups."""
    if not rows:
        yield []
        return
    first, rest = rows[0], rows[1:]
    for parts in partitions(rest):
        yield [[first], *parts]
        for at in range(len(parts)):
            yield [*parts[:at], [first, *parts[at]], *parts[at + 1 :]]


def _array(value: Any) -> Any:
    if isinstance(value, list):
        return np.array(value, dtype=np.bool_ if value and isinstance(value[0], bool) else np.int64)
    return value
