"""Prices of one year: the first year's, with the levers' inflation, in whole pence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from services.placement.forecast.simulation.transport_prices import transport_growth
from services.placement.forecast.simulation.world import CHILD_LINES, IntArray

if TYPE_CHECKING:
    from services.placement.forecast.simulation.prepare import Prepared

MILLION = 10**6


@dataclass(frozen=True, eq=False)
class Pricing:
    """What each line costs in the year of an index from 0. Indices are parts in a million; amounts round half up."""

    prepared: Prepared
    year: int

    @cached_property
    def index(self) -> dict[str, int]:
        """By line, the year's prices for a million pence of the first year's."""
        definition = self.prepared.definition
        rise, changes = definition.levers.inflation, definition.levers.transport_prices
        lines = ("inmss_fee", "top_up", "place_funding", "hn_unit_block", "other")
        grown = {line: (1 + getattr(rise, line)) ** self.year for line in lines}
        grown["transport"] = transport_growth(changes, rise.transport, definition.first_year, self.year)
        return {line: round(MILLION * by) for line, by in grown.items()}

    def of(self, line: str, pence: IntArray) -> IntArray:
        """int64[n], amounts at the year's prices."""
        return parts(pence, self.index[line])

    def child_line(self, line: str, stage: IntArray, row: IntArray, pool: IntArray) -> IntArray:
        """int64[n], pence a year of a line of CHILD_LINES for children at stages and template rows, in pools."""
        return self._lines_at([line], stage, row, pool)

    def marginal(self, stage: IntArray, row: IntArray, pool: IntArray) -> IntArray:
        """int64[n], what the child's being there adds: a vacant place adds nothing for the place itself."""
        return self._lines_at(CHILD_LINES, stage, row, pool)

    def _lines_at(self, lines: Sequence[str], stage: IntArray, row: IntArray, pool: IntArray) -> IntArray:
        """int64[n], the sum of some lines. By one number for each place in the table: quicker than by four."""
        child = self.prepared.prices.child
        _, by_stage, rows, pools = child.shape
        at = (stage * by_stage * rows + row) * pools + pool
        flat, total = child.reshape(-1), np.zeros(row.size, dtype=np.int64)
        for line in lines:
            total += self.of(line, flat[at + CHILD_LINES.index(line) * rows * pools])
        return total

    def annual(self, stage: IntArray, row: IntArray, pool: IntArray) -> IntArray:
        """int64[n], the full annual cost, with place funding and an equal share of a unit's block."""
        total: IntArray = self.marginal(stage, row, pool) + self.for_place[pool]
        return total

    @cached_property
    def place_funding(self) -> IntArray:
        """int64[N]."""
        return self.of("place_funding", self.prepared.pools.place_funding)

    @cached_property
    def unit_block(self) -> IntArray:
        """int64[N], the whole block of each High Needs unit."""
        return self.of("hn_unit_block", self.prepared.pools.unit_block)

    @cached_property
    def for_place(self) -> IntArray:
        """int64[N], what counts for the place when options are compared."""
        among = self.prepared.unit_places
        return self.place_funding + (2 * self.unit_block + among) // (2 * among)


def parts(pence: IntArray, in_a_million: int) -> IntArray:
    """int64[n], parts in a million of amounts, rounded half up to whole pence."""
    if in_a_million == MILLION:
        return pence.astype(np.int64)
    return (pence.astype(np.int64) * in_a_million + MILLION // 2) // MILLION
