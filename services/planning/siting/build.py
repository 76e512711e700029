"""Bids and demand as the model's arrays: who fits where, and what each child costs there and otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.money.hn_unit import PLACES as UNIT_PLACES
from services.placement.model.siting_problem import (
    GREEN_BOOK_RATE,
    FloatArray,
    IntArray,
    SitingProblem,
    ready_from,
    sampled_slips,
)
from services.planning.siting.bids import BidRow
from services.planning.siting.demand import PHASES, Demand


@dataclass(frozen=True)
class Prices:
    """Pence a year for each child, each 0 or more. The defaults are published averages, not the authority's own.

    Parameters
    ----------
    inmss_fee_pence, inmss_transport_pence
        Of a child in none of the bids: parliamentary answers 50389 and 100030 (2023/24) and the NAO (2023/24).
    near_transport_pence
        To a bid in the child's own area: the NAO's average for a mainstream pupil.
    far_transport_pence
        To a bid in another area: the NAO's average for a pupil with SEND.
    """

    inmss_fee_pence: int = 6_300_000
    inmss_transport_pence: int = 811_600
    near_transport_pence: int = 152_600
    far_transport_pence: int = 811_600

    @property
    def otherwise_pence(self) -> int:
        """A child in none of the bids."""
        return self.inmss_fee_pence + self.inmss_transport_pence


@dataclass(frozen=True)
class Choices:
    """The budget in pence, bids that are left out, the discount rate, and the seed of slippage."""

    budget_pence: int
    without: tuple[str, ...] = ()
    discount_rate: float = GREEN_BOOK_RATE
    seed: int = 1


def build_problem(bids: Sequence[BidRow], demand: Demand, prices: Prices, choices: Choices) -> SitingProblem:
    """The problem. Raises ValueError that names a bid which is to be left out and is not there."""
    if unknown := sorted(set(choices.without) - {bid.bid_ref for bid in bids}):
        raise ValueError(f"{unknown[0]!r} is not the bid_ref of a bid")
    kept = [bid for bid in bids if bid.bid_ref not in choices.without]
    chance = np.array([bid.chance_of_slipping for bid in kept])
    slips = sampled_slips(chance, len(demand.paths), choices.seed)
    share = _share(kept, demand)
    return SitingProblem(
        bid_ids=tuple(bid.bid_ref for bid in kept),
        capital_pence=_column(bid.capital for bid in kept),
        running_pence=_column(bid.running_a_year for bid in kept),
        places=_column(bid.places for bid in kept),
        least_children=_column(UNIT_PLACES[0] if bid.kind == "hn_unit" else 0 for bid in kept),
        given=np.array([bid.exists for bid in kept], dtype=np.bool_),
        exclusive=_exclusive(kept),
        ready=ready_from([bid.opens_year for bid in kept], slips, demand.years[0], len(demand.years)),
        share=share,
        child_pence=_child_pence(kept, demand, prices),
        otherwise_pence=np.full(len(demand.cells), prices.otherwise_pence, dtype=np.int64),
        children=demand.children,
        budget_pence=choices.budget_pence,
        discount_rate=choices.discount_rate,
    )


def _share(bids: Sequence[BidRow], demand: Demand) -> FloatArray:
    """float64[C, B]: the part of a cell's year groups that a bid takes, if it caters for the need."""
    made = np.zeros((len(demand.cells), len(bids)))
    for at_cell, (need, phase, _) in enumerate(demand.cells):
        low, high = PHASES[phase]
        for at_bid, bid in enumerate(bids):
            if not bid.needs or need in bid.needs:
                common = min(high, bid.year_group_high) - max(low, bid.year_group_low) + 1
                made[at_cell, at_bid] = max(common, 0) / (high - low + 1)
    return made


def _child_pence(bids: Sequence[BidRow], demand: Demand, prices: Prices) -> IntArray:
    """int64[C, B]: the bid's own cost of a child, and transport near or far."""
    near, far = prices.near_transport_pence, prices.far_transport_pence
    rows = [
        [bid.cost_a_child + (near if not area or bid.area in ("", area) else far) for bid in bids]
        for _, _, area in demand.cells
    ]
    return np.array(rows, dtype=np.int64).reshape(len(demand.cells), len(bids))


def _exclusive(bids: Sequence[BidRow]) -> tuple[tuple[int, ...], ...]:
    words = dict.fromkeys(bid.exclusive_with for bid in bids if bid.exclusive_with)
    return tuple(tuple(at for at, bid in enumerate(bids) if bid.exclusive_with == word) for word in words)


def _column(numbers: Iterable[int]) -> IntArray:
    return np.array(list(numbers), dtype=np.int64)
