"""Which bids to fund: the set with the least expected whole-period cost within the budget, and the next best.

A two-stage stochastic programme in its extensive form: which bids to fund is decided now, once; who goes where is
decided in each year of each sampled path, knowing that path. The README has its sets, rules and objective.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from services.placement.model.siting_answer import FundedSet, SitingAnswer
from services.placement.model.siting_columns import THOUSAND_POUNDS, Columns, columns_of
from services.placement.model.siting_problem import IntArray, SitingProblem
from services.placement.model.siting_solver import Engine, Found, Standing

MOST_LEVEL_SETS = 20
EXACT = 1e-9
A_PENNY = 1
"""Costs and bounds are rounded to it one by one, so a best set that is proven may lie this far from its bound."""


@dataclass(frozen=True)
class SitingSearch:
    """How far to go.

    Parameters
    ----------
    gap
        Stop once the best is proven within this share of what it saves; from 0 (to the penny) to 0.5.
    runners_up
        How many next best sets, from 0 to 10.
    seconds
        For each set, more than 0; None for no limit. Then the gap reached is what it is, and said.
    hindsight
        Whether to solve each path alone too, for the regrets. Without, regrets are against the sets compared only.
    """

    gap: float = 0.0
    runners_up: int = 3
    seconds: float | None = None
    hindsight: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.gap <= 0.5:
            raise ValueError("gap must be from 0 to 0.5.")
        if not 0 <= self.runners_up <= 10:
            raise ValueError("runners_up must be from 0 to 10.")
        if self.seconds is not None and self.seconds <= 0:
            raise ValueError("seconds must be more than 0.")


@dataclass(frozen=True)
class SitingProgress:
    """Where the search is: "best", "runner-up" or "hindsight", which of how many, and for a set its gap so far.

    `gap` is None before there is a set to compare, and throughout "hindsight".
    """

    doing: str
    number: int
    of: int
    seconds: float
    saving_pence: int | None = None
    gap: float | None = None


Watch = Callable[[SitingProgress], None]


def solve_siting(
    problem: SitingProblem, search: SitingSearch | None = None, watch: Watch | None = None
) -> SitingAnswer:
    """The best set of bids, proven as far as `search` says, the next best ones, and the regret of each.

    Sets whose expected costs are level to the penny are ordered by less capital, then fewer bids, then earlier bids;
    with a gap above 0, or no runner-up asked for, only as far as they were found.

    Raises
    ------
    TimeoutError
        If no set was found in the seconds given.
    KeyboardInterrupt
        Once the engine has stopped, when the person wants no more.
    """
    settings = search or SitingSearch()
    return _Search(problem, settings, watch or (lambda _: None)).answer()


class _Search:
    """One search: the programme of the merged problem, the sets found, the seconds taken."""

    def __init__(self, problem: SitingProblem, search: SitingSearch, watch: Watch) -> None:
        self._problem, self._search, self._watch = problem, search, watch
        self._merged = problem.merged()
        self._columns = columns_of(self._merged)
        self._open = [bid for bid in range(problem.bid_count) if not problem.given[bid]]
        self._seconds = 0.0

    def answer(self) -> SitingAnswer:
        nothing = self._priced(())
        found, first = self._sets()
        priced = sorted((self._priced(bids) for bids in found), key=_in_order)
        hindsight = self._hindsight([nothing, *priced])
        best, *others = (_with_regret(one, hindsight) for one in priced)
        bound = round(min(self._expected_otherwise() + first.bound * THOUSAND_POUNDS, best.expected_pence))
        saved = nothing.expected_pence - best.expected_pence
        beyond = best.expected_pence - bound
        gap = beyond / saved if saved > 0 and beyond > A_PENNY else 0.0
        return SitingAnswer(
            best=best,
            runners_up=tuple(others[: self._search.runners_up]),
            nothing=_with_regret(nothing, hindsight),
            bound_pence=bound,
            gap=gap,
            hindsight_pence=hindsight,
            seconds=self._seconds,
        )

    def _sets(self) -> tuple[list[tuple[int, ...]], Found]:
        """The best set and the next ones, each found by forbidding those before it; and what was found first."""
        engine = self._engine(self._columns, self._problem)
        found: list[tuple[int, ...]] = []
        first, wanted = None, 1 + self._search.runners_up
        while one := engine.solve(self._search.gap, self._search.seconds, tell := self._telling(len(found), wanted)):
            self._seconds += one.seconds
            tell(Standing(one.seconds, one.cost, one.bound))
            first = first or one
            found.append(self._funded(one))
            more = MOST_LEVEL_SETS if self._search.runners_up and _level(one, first) else 0
            if len(found) >= wanted + more:
                break
            self._forbid(engine, found[-1])
        if first is None:
            raise AssertionError("Funding nothing is always possible.")
        return found, first

    def _engine(self, columns: Columns, problem: SitingProblem) -> Engine:
        engine = Engine(columns)
        for bid in np.flatnonzero(problem.given).tolist():
            engine.fix(bid, 1)
        return engine

    def _funded(self, found: Found) -> tuple[int, ...]:
        return tuple(bid for bid in self._open if found.values[bid] > 0.5)

    def _forbid(self, engine: Engine, bids: tuple[int, ...]) -> None:
        """From now on at least one bid more or fewer than these."""
        signs = [-1.0 if bid in bids else 1.0 for bid in self._open]
        engine.at_least(1.0 - len(bids), self._open, signs)

    def _priced(self, bids: tuple[int, ...]) -> FundedSet:
        """The set's cost on every path: with the bids held, each year of each path is solved for itself, exactly."""
        engine = self._engine(self._columns, self._problem)
        for bid in self._open:
            engine.fix(bid, int(bid in bids))
        found = engine.solve(EXACT)
        if found is None:
            raise AssertionError("A set that was found can be had.")
        self._seconds += found.seconds
        capital = int(self._problem.capital_pence[list(bids)].sum())
        by_path = self._path_pence(found, bids)
        children, otherwise = self._children(found)
        return FundedSet(bids, capital, by_path, round(float(by_path.mean())), children, otherwise)

    def _path_pence(self, found: Found, bids: tuple[int, ...]) -> IntArray:
        """int64[S]: every path's discounted cost in whole pence."""
        problem, columns = self._merged, self._columns
        held = [*bids, *np.flatnonzero(problem.given).tolist()]
        steady = np.zeros(problem.bid_count)
        steady[held] = np.where(problem.least_children[held] > 0, 0, problem.running_pence[held])
        running = np.einsum("stb,t,b->s", problem.ready, problem.discount, steady)
        runs, taken = self._runs_and_children(found)
        ran = runs * problem.discount[columns.run_year] * problem.running_pence[columns.run_bid]
        gain = problem.gain_pence[columns.arc_cell, columns.arc_bid]
        saved = taken * problem.discount[columns.arc_year] * gain
        paths = problem.path_count
        changes = running + np.bincount(columns.run_path, ran, paths) - np.bincount(columns.arc_path, saved, paths)
        capital = problem.capital_pence[list(bids)].sum()
        made: IntArray = np.rint(self._problem.unplaced_pence + capital + changes).astype(np.int64)
        return made

    def _runs_and_children(self, found: Found) -> tuple[IntArray, IntArray]:
        """Whether each run runs, and how many children each arc has: whole numbers, for what is left is a network."""
        runs, bids = self._columns.run_bid.size, self._problem.bid_count
        rounded = np.rint(found.values[bids:]).astype(np.int64)
        return rounded[:runs], rounded[runs:]

    def _children(self, found: Found) -> tuple[np.ndarray, np.ndarray]:
        """float64[T, B] expected children in each bid, and float64[T] in none."""
        columns, paths = self._columns, self._problem.path_count
        _, taken = self._runs_and_children(found)
        inside = np.zeros((self._problem.year_count, self._problem.bid_count))
        np.add.at(inside, (columns.arc_year, columns.arc_bid), taken)
        there = self._problem.children.sum(axis=(0, 2))
        return inside / paths, (there - inside.sum(axis=1)) / paths

    def _hindsight(self, sets: list[FundedSet]) -> IntArray:
        """int64[S]: the least cost of each path known beforehand, or of the sets compared where no more is asked."""
        least: IntArray = np.min([one.path_pence for one in sets], axis=0)
        if not self._search.hindsight:
            return least
        for path in range(self._problem.path_count):
            alone = self._merged.only_path(path)
            found = self._engine(columns_of(alone), alone).solve(EXACT)
            if found is None:
                raise AssertionError("Funding nothing is always possible.")
            self._seconds += found.seconds
            cost = round(float(self._problem.unplaced_pence[path]) + found.bound * THOUSAND_POUNDS)
            least[path] = min(least[path], cost)
            self._watch(SitingProgress("hindsight", path + 1, self._problem.path_count, self._seconds))
        return least

    def _expected_otherwise(self) -> float:
        return float(self._problem.unplaced_pence.mean())

    def _telling(self, done: int, wanted: int) -> Callable[[Standing], None]:
        doing = "runner-up" if done else "best"

        def tell(standing: Standing) -> None:
            saving, gap = None, None
            if np.isfinite(standing.cost):
                saving = round(-standing.cost * THOUSAND_POUNDS)
                beyond = max(standing.cost - standing.bound, 0.0)
                gap = beyond / abs(standing.cost) if abs(standing.cost) > EXACT else None
            self._watch(
                SitingProgress(doing, max(done, 1), max(wanted - 1, done) if done else 1, standing.seconds, saving, gap)
            )

        return tell


def _level(one: Found, other: Found) -> bool:
    """To the penny."""
    return round(one.cost * THOUSAND_POUNDS) == round(other.cost * THOUSAND_POUNDS)


def _in_order(one: FundedSet) -> tuple[int, int, int, tuple[int, ...]]:
    return one.expected_pence, one.capital_pence, len(one.bids), one.bids


def _with_regret(one: FundedSet, hindsight: IntArray) -> FundedSet:
    regret = one.path_pence - hindsight
    return replace(
        one,
        expected_regret_pence=round(float(regret.mean())),
        worst_regret_pence=int(regret.max()),
        worst_path=int(regret.argmax()),
    )
