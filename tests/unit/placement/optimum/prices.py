"""Every effect and price that the product gives of an instance, and the same by solving again with the change made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np

from services.placement.model.knock_on import Effects, KnockOns
from services.placement.model.solution import Solution
from services.placement.model.solve import solve
from tests.builders.instances import Instance, Terms

Totals = tuple[int, ...]
Solver = Callable[[Instance, Mapping[int, int]], Totals | None]
Question = Literal["option", "others", "place taken", "new case", "one more place", "one place fewer"]
NEWCOMER = "newcomer"


@dataclass(frozen=True)
class Price:
    """One answer of the product.

    Parameters
    ----------
    question
        What it answers.
    case, pool
        Of which case, or -1, and pool, as indices.
    terms
        What a new case would add.
    said
        Cases unplaced and each term, as the product gives them; None where it says "not possible".
    """

    question: Question
    case: int
    pool: int
    terms: Terms
    said: Totals | None


def prices_of(instance: Instance, solution: Solution | None = None) -> Iterator[Price]:
    """Give every price of an instance, of its plan if given."""
    knock_ons = KnockOns(solution or solve(instance.problem()))
    pools, nothing = range(len(instance.places)), (0,) * instance.term_count
    for case in range(len(instance.case_ids)):
        yield from _priced("option", knock_ons.effect_of_options(case), nothing, case)
        yield from _priced("others", knock_ons.effect_on_others(case), nothing, case)
    yield from _priced("place taken", knock_ons.effect_of_place_taken(), nothing)
    terms = tuple(range(-2, instance.term_count - 2))
    columns = np.repeat(np.array(terms, dtype=np.int64)[:, np.newaxis], len(pools), axis=1)
    yield from _priced("new case", knock_ons.effect_of_new_case(np.array(pools, dtype=np.int32), columns), terms)
    for pool, said in enumerate(knock_ons.saved_by_one_more_place().T.tolist()):
        yield Price("one more place", -1, pool, nothing, tuple(said))
    yield from _priced("one place fewer", knock_ons.cost_of_one_place_fewer(), nothing)


def _priced(question: Question, effects: Effects, terms: Terms, case: int = -1) -> Iterator[Price]:
    columns = zip(effects.pools.tolist(), effects.change.T.tolist(), effects.possible.tolist(), strict=True)
    for pool, change, possible in columns:
        yield Price(question, case, pool, terms, tuple(change) if possible else None)


@dataclass(frozen=True)
class SolvedAgain:
    """Prices worked out by solving an instance with the change made.

    Parameters
    ----------
    instance
        As it stands.
    solver
        Gives the totals of the best plan in which some cases have the pools given; None where there is none.
    """

    instance: Instance
    solver: Solver

    @cached_property
    def optimum(self) -> Totals:
        """The totals of the best plan as things stand."""
        return self._best(self.instance)

    def price(self, asked: Price) -> Totals | None:
        """What a price should be; None where there is no such plan."""
        instance, pool = self.instance, asked.pool
        answers: dict[Question, Callable[[], Totals | None]] = {
            "option": partial(self._change, instance, {asked.case: pool}),
            "others": partial(self._on_others, asked.case, pool),
            "place taken": partial(self._with_newcomer, pool, asked.terms),
            "new case": partial(self._with_newcomer, pool, asked.terms),
            "one more place": lambda: _less(
                self.optimum, self._best(instance.with_places(pool, self._places(pool) + 1))
            ),
            "one place fewer": lambda: (
                self._change(instance.with_places(pool, self._places(pool) - 1)) if self._places(pool) else None
            ),
        }
        return answers[asked.question]()

    def _change(self, changed: Instance, forced: Mapping[int, int] | None = None) -> Totals | None:
        """How the best plan of a changed instance differs from that of the instance."""
        totals = self.solver(changed, forced or {})
        return totals and _less(totals, self.optimum)

    def _on_others(self, case: int, pool: int) -> Totals | None:
        """How the others' best plan changes when the case takes the pool, from their best without it."""
        totals = self.solver(self.instance, {case: pool})
        own = (0, *self.instance.options_of(case)[pool])
        return totals and _less(_less(totals, own), self._best(self.instance.without_case(case)))

    def _with_newcomer(self, pool: int, terms: Terms) -> Totals | None:
        newcomer = len(self.instance.case_ids)
        return self._change(self.instance.with_case(NEWCOMER, {pool: terms}), {newcomer: pool})

    def _best(self, instance: Instance) -> Totals:
        totals = self.solver(instance, {})
        if totals is None:
            raise AssertionError("It is always possible to place nobody.")
        return totals

    def _places(self, pool: int) -> int:
        return self.instance.places[pool]


def _less(some: Totals, others: Totals) -> Totals:
    return tuple(one - other for one, other in zip(some, others, strict=True))
