"""Improve a plan together with its runs: place again at what each child adds to its run, send near children together.

Every plan that is taken is priced whole by the runs, and is taken only when it costs less: so the total never rises,
whatever the estimates were that led to it. Deciding where and deciding how in turn goes back to Cooper's "Location-
allocation problems" (1963). It ends in a plan that no step here can better, which need not be the best there is:
`bound.py` says how far off it can be at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.joint.exchanges import Exchange, exchanges, keeps_places, made
from services.placement.model.joint.problem import JointProblem, RunPricer, RunPrices, Solve
from services.placement.model.joint.together import Companions, sent_together
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


Report = Callable[[Round], None]


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
    joint: JointProblem,
    separate: IntArray,
    pricer: RunPricer,
    solve: Solve,
    report: Report = lambda found: None,
    limits: Limits | None = None,
) -> Joint:
    """Return the plan that is reached from `separate`, `chosen` as in Solution, optimal with average transport.

    `report` is called after every round, and may raise to stop the work.

    Raises
    ------
    ValueError
        If the plan to begin with overfills a place.
    """
    if not keeps_places(joint.without_transport, separate):
        raise ValueError("separate: overfills a place.")
    search = _Search(joint, pricer, solve, limits or Limits())
    return search.run(separate, report)


class _Search:
    """One search: the best plan so far, and what was priced on the way."""

    present: _Present

    def __init__(self, joint: JointProblem, pricer: RunPricer, solve: Solve, limits: Limits) -> None:
        self._joint, self._pricer, self._solve, self._limits = joint, pricer, solve, limits
        self._priced: dict[bytes, RunPrices] = {}
        self._refused: set[bytes] = set()

    def run(self, separate: IntArray, report: Report) -> Joint:
        """Both kinds of round in turn, until neither finds anything."""
        self.present = self._priced_plan(separate)
        rounds = [Round(0, SEPARATE, self.present.total, self.present.prices.total, 0)]
        report(rounds[0])
        idle, kinds = 0, ((AGAIN, self._place_again), (TOGETHER, self._send_together))
        while idle < len(kinds) and len(rounds) <= self._limits.rounds and self._may_price:
            tried, propose = kinds[(len(rounds) - 1) % len(kinds)]
            before = self.present
            for proposed in propose():
                self._take_what_is_cheaper(proposed)
            changed = int((self.present.chosen != before.chosen).sum())
            idle = 0 if changed else idle + 1
            assert self.present.total <= before.total, "a round made the plan dearer"
            rounds.append(Round(len(rounds), tried, self.present.total, self.present.prices.total, changed))
            report(rounds[-1])
        return Joint(self.present.chosen, self.present.prices, rounds)

    @property
    def _may_price(self) -> bool:
        return len(self._priced) < self._limits.prices

    def _place_again(self) -> Iterator[IntArray]:
        """The plan that is best when travel costs what each child adds to the present runs."""
        yield self._solve(self._joint.with_transport(marginal(self._joint, self.present.chosen, self.present.prices)))

    def _send_together(self) -> Iterator[IntArray]:
        """For each destination, the plan that is best when near children share the runs there."""
        for destination in np.unique(self._joint.destination).tolist():
            companions = sent_together(self._joint, self.present.chosen, destination)
            if companions is None or not self._may_price:
                continue
            transport = marginal(self._joint, self.present.chosen, self.present.prices)
            shared = _with_companions(transport, companions, self._price(companions.chosen))
            yield self._solve(self._joint.with_transport(shared))

    def _take_what_is_cheaper(self, proposed: IntArray) -> None:
        """Go to the proposed plan, or part of the way, wherever the exact total falls."""
        for cases in self._parts(proposed):
            after = made(self.present.chosen, proposed, cases)
            if after.tobytes() in self._refused or not self._may_price or not self._is_as_good(after):
                continue
            trial = self._priced_plan(after)
            if trial.total < self.present.total:
                self.present = trial
            else:
                self._refused.add(after.tobytes())

    def _parts(self, proposed: IntArray) -> Iterable[Exchange]:
        """What to try of a difference between plans: all of it, all who go to one place, each exchange alone."""
        alone = exchanges(self._joint.without_transport, self.present.chosen, proposed)
        by_place: dict[int, set[int]] = {}
        for cases in alone:
            for place in {self._place(proposed, case) for case in cases}:
                by_place.setdefault(place, set()).update(cases)
        everybody = tuple(sorted(case for cases in alone for case in cases))
        return dict.fromkeys((everybody, *(tuple(sorted(found)) for _, found in sorted(by_place.items())), *alone))

    def _place(self, chosen: IntArray, case: int) -> int:
        row = int(chosen[case])
        return -1 if row == NOT_PLACED else int(self._joint.destination[row])

    def _is_as_good(self, after: IntArray) -> bool:
        """Whether a plan changes something, overfills nothing, and loses nothing that comes before money."""
        joint, chosen = self._joint, self.present.chosen
        return (
            not np.array_equal(after, chosen)
            and joint.before_money(after) <= joint.before_money(chosen)
            and keeps_places(joint.without_transport, after)
        )

    def _priced_plan(self, chosen: IntArray) -> _Present:
        prices = self._price(chosen)
        return _Present(chosen, prices, self._joint.cost_of_places(chosen) + prices.total)

    def _price(self, chosen: IntArray) -> RunPrices:
        key = chosen.tobytes()
        if key not in self._priced:
            self._priced[key] = self._pricer.price(chosen)
        return self._priced[key]


def marginal(joint: JointProblem, chosen: IntArray, prices: RunPrices) -> IntArray:
    """Return int64[A], what each option's travel adds.

    That is what its case's leaving would save if taken, else what joining would add.
    """
    taken = joint.is_chosen(chosen)
    return np.where(taken, prices.saved[joint.without_transport.option_case], prices.added).astype(np.int64)


def _with_companions(transport: IntArray, companions: Companions, prices: RunPrices) -> IntArray:
    """What options add when the companions go too, where that is less."""
    cheaper = transport.copy()
    rows = companions.rows
    cheaper[rows] = np.minimum(cheaper[rows], prices.saved[companions.cases])
    return cheaper
