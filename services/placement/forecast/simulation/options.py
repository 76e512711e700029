"""What is open to the children with a decision due: the rules' word, requests, substitutions and pools by lever.

A substitution opens to a child what the advice does not name; it never moves anybody without a decision due.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.rates.rates import FloatArray
from services.placement.forecast.simulation.categories import KEEPS_PLACE, PLACE_KINDS, STAGE_OF_AGE
from services.placement.forecast.simulation.draws import Draws, Seeds
from services.placement.forecast.simulation.outcome import OPPORTUNITIES
from services.placement.forecast.simulation.prepare import LADDER, NO_STEP, Prepared
from services.placement.forecast.simulation.pricing import Pricing
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import BoolArray, IntArray
from services.placement.model.objective import UNKNOWN_MINUTES

MSS, INMSS_STEP = LADDER["state_special"], LADDER["independent_special"]
BASES = ("resource_base", "sen_unit", "hn_unit")
RATHER_THAN: dict[int, tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    MSS: (
        "rather_than_mss",
        (("mainstream_rather_than_mss", ("mainstream",)), ("base_rather_than_mss", BASES)),
    ),
    INMSS_STEP: (
        "rather_than_inmss",
        (
            ("mainstream_rather_than_inmss", ("mainstream",)),
            ("base_rather_than_inmss", BASES),
            ("mss_rather_than_inmss", ("state_special",)),
        ),
    ),
}
"""For children whose best settled place is on a step: the draw that is theirs, and the kinds that each share opens."""


@dataclass(frozen=True, eq=False)
class Options:
    """Open pairs of a child with a decision due (D of them) and a pool, ordered by child, then pool.

    Parameters
    ----------
    due
        int64[D], their rows in the state.
    case, pool
        int64[A], index of `due`, and pool.
    unsettled
        bool[A], needs a person's judgement.
    rank
        int64[A], rank of the family's request for it; 0 where there is none.
    opportunity
        int64[D], index of OPPORTUNITIES that opened more to the child, or -1.
    """

    due: IntArray
    case: IntArray
    pool: IntArray
    unsettled: BoolArray
    rank: IntArray
    opportunity: IntArray


def open_options(
    prepared: Prepared, state: State, exists: BoolArray, pricing: Pricing, year: int, draws: Draws
) -> Options:
    """Return what is open to each child with a decision due.

    Parameters
    ----------
    exists
        bool[N], pools that have places this year, and probes that ask about it.
    """
    due = np.flatnonzero(state.due)
    of = _Due(prepared, state, due)
    available = of.takes & exists
    opened, unsettled = of.judged()
    opened &= available
    _leave(prepared, state, due, opened)
    rank = np.zeros(opened.shape, dtype=np.int8)
    _requests_on_file(prepared, state, due, available, opened, unsettled, rank)
    opportunity = np.full(due.size, -1, dtype=np.int64)
    if prepared.may_open_more:
        settled = opened & ~unsettled
        step = _best_step(prepared, settled, of.rows, of.stages, pricing)
        opportunity, more = _opportunities(prepared, state.seeds[due], step, year, draws)
        more |= _by_lever(prepared, state.seeds[due], step, year, draws)
        more &= of.fits() & available & ~settled
        _leave(prepared, state, due, more)
        opened |= more
        unsettled &= ~more
    _requests_drawn(prepared, state, due, opened, rank, year, draws)
    at = np.flatnonzero(opened)
    case, pool = np.divmod(at, max(1, opened.shape[1]))
    return Options(due, case, pool, unsettled.ravel()[at], rank.ravel()[at].astype(np.int64), opportunity)


class _Due:
    """How the rules see the children with a decision due."""

    def __init__(self, prepared: Prepared, state: State, due: IntArray) -> None:
        children = prepared.world.children
        self._rules = prepared.rules
        self.rows = state.row[due]
        self.stages = STAGE_OF_AGE[state.age[due]]
        later = children.signature[self.stages, self.rows]
        self._signature = np.where(state.on_file[due], children.own_signature[self.rows], later)
        self._advice = np.where(state.on_file[due], 0, state.advice[due])
        self._kind_bit = 1 << prepared.pools.kind.astype(np.int64)
        self.takes = prepared.pools.takes[state.age[due]]

    def judged(self) -> tuple[BoolArray, BoolArray]:
        """bool[D, N] twice: open, and needing judgement."""
        opened, unsettled = self._rules.open[self._signature], self._rules.unsettled[self._signature]
        advised = np.flatnonzero(self._advice)
        named = (self._advice[advised, None] & self._kind_bit) != 0
        opened[advised] = self._rules.fits[self._signature[advised]] & named
        unsettled[advised] = self._rules.fits_unsettled[self._signature[advised]]
        return opened, unsettled

    def fits(self) -> BoolArray:
        """bool[D, N]: open, had the advice named the pool's kind."""
        found: BoolArray = self._rules.fits[self._signature]
        return found


def _leave(prepared: Prepared, state: State, due: IntArray, opened: BoolArray) -> None:
    """A setting that the decision is to leave is not proposed again."""
    leaving = np.flatnonzero(KEEPS_PLACE[state.due[due]] & (state.pool[due] >= 0))
    urn = prepared.pools.urn
    opened[leaving] &= urn != urn[state.pool[due[leaving]], None]


def _requests_on_file(
    prepared: Prepared,
    state: State,
    due: IntArray,
    available: BoolArray,
    opened: BoolArray,
    unsettled: BoolArray,
    rank: IntArray,
) -> None:
    """What a family asked for is open as its own judgement says, whatever the advice names."""
    children, row_of = prepared.world.children, state.row[due]
    asked = np.diff(children.request_first)[row_of] > 0
    for at in np.flatnonzero(state.on_file[due] & asked).tolist():
        row = row_of[at]
        rows = slice(int(children.request_first[row]), int(children.request_first[row + 1]))
        pool = children.request_pool[rows]
        there = available[at, pool] & children.request_open[rows]
        opened[at, pool] = there
        unsettled[at, pool] = children.request_unsettled[rows]
        rank[at, pool[there]] = children.request_rank[rows][there]


def _best_step(prepared: Prepared, settled: BoolArray, rows: IntArray, stages: IntArray, pricing: Pricing) -> IntArray:
    """int64[D], the step of LADDER of each child's best settled place, were there room everywhere; NO_STEP if none."""
    near = settled & ~prepared.is_away
    leading = np.where(near.any(axis=1, keepdims=True), near, settled)
    steps = np.bitwise_or.reduce(leading * (1 << prepared.step).astype(np.int16), axis=1)
    best = _STEP_OF_BIT[steps]
    mixed = np.flatnonzero(steps & (steps - 1))  # all others' places are on one step, whichever is cheapest
    at, pool = np.divmod(np.flatnonzero(leading[mixed]), max(1, settled.shape[1]))
    if at.size:
        case = mixed[at]
        cost = pricing.annual(stages[case], rows[case], pool)
        begins = np.flatnonzero(np.diff(at, prepend=-1))
        least = np.repeat(np.minimum.reduceat(cost, begins), np.diff(begins, append=at.size))
        cheapest = np.flatnonzero(cost == least)
        first = cheapest[np.diff(at[cheapest], prepend=-1) > 0]
        best[case[first]] = prepared.step[pool[first]]
    return best


_STEP_OF_BIT = np.full(2 << NO_STEP, NO_STEP)
_STEP_OF_BIT[1 << np.arange(NO_STEP + 1)] = np.arange(NO_STEP + 1)


def _opportunities(
    prepared: Prepared, seeds: Seeds, step: IntArray, year: int, draws: Draws
) -> tuple[IntArray, BoolArray]:
    """int64[D], the opportunity of each child by chance, and bool[D, N], pools of the kinds that it opens."""
    shares = prepared.definition.levers.opportunities
    chosen = np.full(step.size, -1, dtype=np.int64)
    more = np.zeros((step.size, prepared.pools.count), dtype=np.bool_)
    for on_step, (purpose, choices) in RATHER_THAN.items():
        limits = np.cumsum([getattr(shares, name) for name, _ in choices])
        if not limits[-1]:
            continue
        at = np.flatnonzero(step == on_step)
        drawn = np.searchsorted(limits, draws.uniform_of(purpose, _academic(prepared, year), seeds[at]), side="right")
        for index, (name, kinds) in enumerate(choices):
            taken = at[drawn == index]
            chosen[taken] = OPPORTUNITIES.index(name)
            more[taken] = np.isin(prepared.pools.kind, [PLACE_KINDS.index(kind) for kind in kinds])
    return chosen, more


def _by_lever(prepared: Prepared, seeds: Seeds, step: IntArray, year: int, draws: Draws) -> BoolArray:
    """bool[D, N]: the added pools to which a child on a higher step is suited, by each pool's share."""
    suited = np.zeros((step.size, prepared.pools.count), dtype=np.bool_)
    special = (step == MSS) | (step == INMSS_STEP)
    for at, added in enumerate(prepared.added):
        pool = prepared.world.pools.count + at
        if added.suitable_share and prepared.step[pool] < INMSS_STEP:
            drawn = draws.uniform_of("suitable", _academic(prepared, year), seeds ^ _KIND_SALT[added.kind])
            suited[:, pool] = special & (prepared.step[pool] < step) & (drawn < added.suitable_share)
    return suited


_KIND_SALT = {kind: np.uint64(0x9E37 + at) for at, kind in enumerate(PLACE_KINDS)}
"""A child suited to one base is suited to the next, of the same kind: the draw is the child's, not the pool's."""


def _requests_drawn(
    prepared: Prepared, state: State, due: IntArray, opened: BoolArray, rank: IntArray, year: int, draws: Draws
) -> None:
    """Families without a request on file ask, by chance, for the nearest setting of a kind that is open to them."""
    lever = prepared.definition.levers.preferences
    if lever is None or not due.size:
        return
    limits: FloatArray = np.cumsum(lever.shares)
    uniform = draws.uniform_of("request", _academic(prepared, year), state.seeds[due])
    drawn = np.searchsorted(limits, uniform, side="right")
    asks = np.flatnonzero((drawn < limits.size) & ~rank.any(axis=1))
    of_kind = opened[asks] & (prepared.pools.kind == drawn[asks, None]) & prepared.pools.must_admit
    of_kind[:, prepared.told_count :] = False
    minutes = prepared.prices.minutes[state.row[due[asks]]].astype(np.int64)
    away = np.where(of_kind, np.where(minutes < 0, UNKNOWN_MINUTES, minutes), np.iinfo(np.int64).max)
    nearest = away.argmin(axis=1)
    found = of_kind.any(axis=1)
    rank[asks[found], nearest[found]] = 1


def _academic(prepared: Prepared, year: int) -> int:
    return prepared.definition.first_year + year
