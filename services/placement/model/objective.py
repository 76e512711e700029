"""Price every open option by named terms, and put them together as the problem that the optimiser solves.

  needs_judgement          1 where a rule that unsettles needs a person's judgement.
  request_not_given        1 where the family's live s.38(3) request is for another setting.
  inmss_or_out_of_borough  1 in an independent or non-maintained special school, or outside the authority's area.
  annual_cost_pence        Budget ledger with transport, pence a year.
  travel_minutes           One way; UNKNOWN_MINUTES where home or setting is not located.

A policy that keeps places for later arrivals has three more (`later.py`): later_arrivals_unsettled,
away_with_later_arrivals and cost_with_later_arrivals_pence.

A request is live when no rule fails it, the panel recorded no ground, and its marginal cost exceeds the cheapest
suitable option's by no more than the policy's threshold. Otherwise it is flagged, and the panel decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.placement.model.facts import PlacementFacts
from services.placement.model.groups import PlaceGroup
from services.placement.model.judge import BoolArray, Int32Array, Int64Array, Judgement, OpenOptions
from services.placement.model.later import LATER_TERMS, LaterArrivals, later_terms
from services.placement.model.policy import Policy
from services.placement.model.problem import PlacementProblem, build_problem

UNKNOWN_MINUTES = 240
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Quotes:
    """Prices of the open options, in their order.

    distance_metres, travel_minutes
        int32[A], one way; -1 where not known.
    budget_pence, marginal_pence
        int64[A], totals of each ledger a year.
    """

    distance_metres: Int32Array
    travel_minutes: Int32Array
    budget_pence: Int64Array
    marginal_pence: Int64Array


@dataclass(frozen=True, eq=False)
class PricedOptions:
    """Open options with their prices under a policy."""

    judgement: Judgement
    quotes: Quotes
    policy: Policy
    later: LaterArrivals | None = None
    """What later arrivals are expected to lose by each place; None where nothing is known of them."""
    requests_pence: Int64Array | None = None
    """int64[A], marginal prices by which requests are live, where others are shown since; None: those of the quotes."""

    @property
    def facts(self) -> PlacementFacts:
        """The facts judged."""
        return self.judgement.facts

    @property
    def options(self) -> OpenOptions:
        """The open options, ordered by case, then pool."""
        return self.judgement.open_options

    @cached_property
    def terms(self) -> Int64Array:
        """int64[T, A]: one row for each of the policy's terms."""
        return np.stack([self._term(name) for name in self.policy.terms])

    @cached_property
    def inmss_or_out_of_borough(self) -> BoolArray:
        """bool[A]."""
        away = np.array([pool.is_inmss or not pool.in_borough for pool in self.facts.pools], dtype=np.bool_)
        found: BoolArray = away[self.options.pool]
        return found

    @cached_property
    def over_threshold(self) -> BoolArray:
        """bool[A]: a requested option dearer than the cheapest suitable one by more than the threshold (marginal)."""
        excess = self._requests_pence - self._cheapest_suitable()[self.options.case]
        return (self.options.requested_rank > 0) & (excess > self.policy.request_threshold_pence)

    @cached_property
    def live_request(self) -> BoolArray:
        """bool[A]: options at the setting of the case's first live request."""
        ranks = np.where((self.options.requested_rank > 0) & ~self.over_threshold, self.options.requested_rank, 127)
        best = _least_of_each(ranks.astype(np.int64), self.options.first, 127)
        live: BoolArray = (ranks < 127) & (ranks == best[self.options.case])
        return live

    def problem(self) -> PlacementProblem:
        """The problem that the optimiser solves: these options, and the places free on the first day."""
        return self._problem(self.policy.terms, self.terms)

    def practice_problem(self) -> PlacementProblem:
        """The same places with today's practice for terms: requests first where there is room, else the nearest."""
        far = np.where(self.quotes.distance_metres < 0, 10**7, self.quotes.distance_metres)
        asked = self.options.requested_rank == 0
        rows = (self.options.needs_judgement, asked, self.inmss_or_out_of_borough, far)
        names = ("needs_judgement", "not_requested", "inmss_or_out_of_borough", "distance_metres")
        return self._problem(names, np.stack([row.astype(np.int64) for row in rows]))

    def _problem(self, names: tuple[str, ...], terms: Int64Array) -> PlacementProblem:
        facts = self.facts
        rows = {pool.pool_id: row for row, pool in enumerate(facts.pools)}
        everyone = len(facts.cases)
        return build_problem(
            pool_ids=[pool.pool_id for pool in facts.pools],
            pool_places=[everyone if pool.places_free is None else pool.places_free for pool in facts.pools],
            case_ids=[case.case_id for case in facts.cases],
            terms=names,
            option_case=self.options.case,
            option_pool=self.options.pool,
            option_terms=terms,
            groups=[PlaceGroup(g.group_id, tuple(rows[p] for p in g.pool_ids), g.places_free) for g in facts.groups],
        )

    def _term(self, name: str) -> Int64Array:
        if name == "needs_judgement":
            return self.options.needs_judgement.astype(np.int64)
        if name == "request_not_given":
            return self._request_not_given()
        if name == "inmss_or_out_of_borough":
            return self.inmss_or_out_of_borough.astype(np.int64)
        if name == "annual_cost_pence":
            return self.quotes.budget_pence
        if name in LATER_TERMS:
            cost = self.quotes.budget_pence
            return later_terms(self.inmss_or_out_of_borough, cost, self.options.pool, self.later)[name]
        minutes = self.quotes.travel_minutes
        return np.where(minutes < 0, UNKNOWN_MINUTES, minutes).astype(np.int64)

    def _request_not_given(self) -> Int64Array:
        has_live = np.zeros(len(self.facts.cases), dtype=np.bool_)
        has_live[self.options.case[self.live_request]] = True
        return (has_live[self.options.case] & ~self.live_request).astype(np.int64)

    def _cheapest_suitable(self) -> Int64Array:
        """int64[K]: a case's least marginal cost where nothing needs judgement; the largest int64 if nowhere."""
        pence = np.where(self.options.needs_judgement, _NEVER, self._requests_pence)
        return _least_of_each(pence, self.options.first, _NEVER)

    @property
    def _requests_pence(self) -> Int64Array:
        return self.quotes.marginal_pence if self.requests_pence is None else self.requests_pence


def _least_of_each(values: Int64Array, first: Int64Array, most: int) -> Int64Array:
    """int64[K], the least value of each case's options, which begin at `first`; `most` where it has none."""
    least = np.full(first.size - 1, most, dtype=np.int64)
    some = np.flatnonzero(np.diff(first))
    if some.size:
        least[some] = np.minimum.reduceat(values, first[some])
    return least
