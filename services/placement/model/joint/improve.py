"""Improve a plan together with its runs: place again at what each child adds to its run, send near children together.

Every plan that is taken is priced whole by the runs, and is taken only when it costs less: so the total never rises,
whatever the estimates were that led to it. Deciding where and deciding how in turn goes back to Cooper's "Location-
allocation problems" (1963). It ends in a plan that no step here can better, which need not be the best there is:
`bound.py` says how far off it can be at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.joint.exchanges import Exchange, exchanges, keeps_places, made
from services.placement.model.joint.problem import JointProblem, RunPricer, RunPrices, Solve
from services.placement.model.joint.together import could_save, sent_together
from services.placement.model.solution import NOT_PLACED

SEPARATE = "average transport, priced by its runs"
AGAIN = "placed again at what each child adds to its run"
TOGETHER = "children who live near each other sent together"


@dataclass(frozen=True)
class Limits:
    """When to stop, other than for want of anything better.

    Parameters
    ----------
    rounds
        Most rounds after round 0, 0 or more.
    prices
        Most plans that are priced, 1 or more.

    Raises
    ------
    ValueError
        Stating the rule that is broken.
    """

    rounds: int = 40
    prices: int = 600

    def __post_init__(self) -> None:
        if self.rounds < 0:
            raise ValueError("rounds: must be 0 or more.")
        if self.prices < 1:
            raise ValueError("prices: must be 1 or more.")


@dataclass(frozen=True)
class Round:
    """What one round tried and where it ended. Money is pence a year; `changed` counts children placed elsewhere."""

    number: int
    tried: str
    total: int
    runs: int
    changed: int


@dataclass(frozen=True, eq=False)
class _Present:
    """The best plan so far, priced by its runs."""

    chosen: IntArray
    prices: RunPrices
    total: int


@dataclass(frozen=True, eq=False)
class Joint:
    """A plan improved together with its runs.

    Parameters
    ----------
    chosen
        int64[K], as in Solution.
    prices
        What its runs cost.
    rounds
        Every round, the first of which is the plan that it began with. Totals never rise.
    """

    chosen: IntArray
    prices: RunPrices
    rounds: list[Round]

    @property
    def total(self) -> int:
        """Places without travel, and all runs, pence a year."""
        return self.rounds[-1].total


def improve(
    joint: JointProblem, separate: IntArray, pricer: RunPricer, solve: Solve, limits: Limits | None = None
) -> Joint:
    """Return the plan that is reached from `separate`, `chosen` as in Solution, optimal with average transport.

    Raises
    ------
    ValueError
        If the plan to begin with overfills a place.
    """
    search = Search(joint, pricer, solve, limits)
    for _ in search.rounds(separate):
        pass
    return search.found


class Search:
    """One search: the best plan so far, and what was priced on the way."""

    _present: _Present

    def __init__(self, joint: JointProblem, pricer: RunPricer, solve: Solve, limits: Limits | None = None) -> None:
        self._joint, self._pricer, self._solve, self._limits = joint, pricer, solve, limits or Limits()
        self._rounds: list[Round] = []
        self._asked = 0
        self._refused: set[bytes] = set()

    @property
    def found(self) -> Joint:
        """The best plan so far; there is one after round 0."""
        return Joint(self._present.chosen, self._present.prices, list(self._rounds))

    def rounds(self, separate: IntArray) -> Iterator[Round]:
        """Each round when it is over: both kinds in turn, until neither finds anything. Raises as `improve`."""
        if not keeps_places(self._joint.without_transport, separate):
            raise ValueError("separate: overfills a place.")
        self._present = self._priced_plan(separate)
        yield self._over(SEPARATE, self._present)
        idle, kinds = 0, ((AGAIN, self._place_again), (TOGETHER, self._send_together))
        while idle < len(kinds) and len(self._rounds) <= self._limits.rounds and self._may_price:
            tried, go = kinds[(len(self._rounds) - 1) % len(kinds)]
            before = self._present
            go()
            idle = 0 if self._present is not before else idle + 1
            assert self._present.total <= before.total, "a round made the plan dearer"
            yield self._over(tried, before)

    def _over(self, tried: str, before: _Present) -> Round:
        changed = int((self._present.chosen != before.chosen).sum())
        number, prices = len(self._rounds), self._present.prices
        self._rounds.append(Round(number, tried, self._present.total, prices.total, changed))
        return self._rounds[-1]

    @property
    def _may_price(self) -> bool:
        return self._asked < self._limits.prices

    def _place_again(self) -> None:
        """Take what is cheaper of the plan that is best when travel costs what each child adds to the present runs."""
        present = self._present
        self._take_what_is_cheaper(marginal(self._joint, present.chosen, present.prices, self._added(present.chosen)))

    def _send_together(self) -> None:
        """For each destination, the same when near children share the runs there."""
        present = self._present
        added = self._added(present.chosen)
        for rows in sent_together(self._joint, could_save(self._joint, present.chosen, present.prices.saved)):
            if not self._may_price:
                return
            transport = marginal(self._joint, self._present.chosen, self._present.prices, added)
            self._asked += 1
            transport[rows] = np.minimum(transport[rows], self._pricer.together(self._present.chosen, rows))
            self._take_what_is_cheaper(transport)

    def _take_what_is_cheaper(self, transport: IntArray) -> None:
        """Plan with this price of travel, and go there, or part of the way, wherever the exact total falls."""
        problem = self._joint.with_transport(transport)
        proposed, start = self._solve(problem), self._present.chosen
        expected = _Expected(problem.option_terms[self._joint.money], start, proposed)
        for cases in self._parts(proposed, expected):
            after = made(self._present.chosen, proposed, cases)
            if after.tobytes() in self._refused or not self._may_price or not self._is_as_good(after):
                continue
            trial = self._priced_plan(after)
            if trial.total < self._present.total:
                self._present = trial
            else:
                self._refused.add(after.tobytes())

    def _parts(self, proposed: IntArray, expected: _Expected) -> Iterable[Exchange]:
        """What to try of a difference between plans, of what is expected to save: all of it, then each exchange, the
        most saving first."""
        alone = exchanges(self._joint.without_transport, self._present.chosen, proposed)
        saving = sorted((cases for cases in alone if expected.change(cases) < 0), key=expected.order)
        everybody = tuple(sorted(case for cases in saving for case in cases))
        return dict.fromkeys((everybody, *saving)) if saving else ()

    def _is_as_good(self, after: IntArray) -> bool:
        """Whether a plan changes something, overfills nothing, and loses nothing that comes before money."""
        joint, chosen = self._joint, self._present.chosen
        return (
            not np.array_equal(after, chosen)
            and joint.before_money(after) <= joint.before_money(chosen)
            and keeps_places(joint.without_transport, after)
        )

    def _priced_plan(self, chosen: IntArray) -> _Present:
        self._asked += 1
        prices = self._pricer.price(chosen)
        return _Present(chosen, prices, self._joint.cost_of_places(chosen) + prices.total)

    def _added(self, chosen: IntArray) -> IntArray:
        """What each option adds to the present runs."""
        self._asked += 1
        return self._pricer.added(chosen)


@dataclass(frozen=True, eq=False)
class _Expected:
    """What a change of plan is expected to do to money: the sum of what each case's options are said to cost."""

    pence: IntArray
    before: IntArray
    after: IntArray

    def change(self, cases: Exchange) -> int:
        """Pence a year; below 0 is a saving."""
        rows = list(cases)
        return self._sum(self.after[rows]) - self._sum(self.before[rows])

    def order(self, cases: Exchange) -> tuple[int, Exchange]:
        """The most saving first, then by case."""
        return self.change(cases), cases

    def _sum(self, rows: IntArray) -> int:
        return int(self.pence[rows[rows != NOT_PLACED]].sum())


def marginal(joint: JointProblem, chosen: IntArray, prices: RunPrices, added: IntArray) -> IntArray:
    """Return int64[A], what each option's travel adds.

    That is what its case's leaving would save if taken, else what joining would add, as in RunPricer.
    """
    taken = joint.is_chosen(chosen)
    return np.where(taken, prices.saved[joint.without_transport.option_case], added).astype(np.int64)
