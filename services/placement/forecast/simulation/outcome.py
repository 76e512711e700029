"""What one replicate came to: arrays by year, small enough to keep, with nothing of any one child in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.forecast.simulation.packing import pack, unpack

Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]

FLOWS = ("start", "new", "ceased", "aged_out", "end")
"""Children: start + new - ceased - aged_out = end, every year."""
LINES = ("place_funding", "top_up", "inmss_fee", "hn_unit_block", "transport", "empty_places", "other")
LEDGERS = ("budget", "marginal")
SAVED = ("unmet", "unsettled", "request_not_given", "inmss_or_out_of_borough", "pence")
"""What a place would save, in order: children without a place, places that need a person's judgement, live requests
not given, INMSS or out-of-borough places, pence a year. Read as a whole: what saves a child a place may cost pence."""
OPPORTUNITIES = (
    "no_plan_needed",
    "mainstream_rather_than_mss",
    "base_rather_than_mss",
    "mainstream_rather_than_inmss",
    "base_rather_than_inmss",
    "mss_rather_than_inmss",
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """One replicate of a definition over a world, year by year from the first: Y years.

    Parameters
    ----------
    replicate
        Its number, from 0.
    children
        int32[Y, 14, 6, A, 11], by need, phase, area and kind of placement, after the year's decisions.
    flows
        int64[Y, 5], of FLOWS.
    new_plans, ceased
        int32[Y, 14, 6], by need and phase.
    due, unplaced
        int32[Y, 7], decisions due, and those of them for which no place was found, by reason (index of REASONS).
    due_by_need
        int32[Y, 14, 6], decisions due by need and phase.
    out_of_borough
        int32[Y, 14, 6], children placed outside the authority's area, by need and phase.
    unsettled
        int32[Y, 14, 6], children whom the year's plan gives a place that needs a person's judgement, by need and phase.
    requests
        int32[Y, 2], live requests among the decisions due, and those given.
    places, used, over_held
        int32[Y, P], places (-1: no fixed number), children in them, and those beyond the number, by pool of
        `prepare.pool_ids`: the world's and then those that levers open.
    spend
        int64[Y, 2, 7], pence by ledger and line.
    spend_by_kind
        int64[Y, 10], pence of the budget ledger by kind of place (PLACE_KINDS), the last of none ("other"). Without
        transport, which the grant does not pay.
    income, deficit
        int64[Y], pence; deficit is cumulative, at the year's end.
    price
        int64[Y, P + Q, 5], what one more place would save (SAVED), by pool and then by probe.
    value
        int64[Y, Q, 5], what a probe's whole number of places would save.
    opportunities
        int32[Y, 6, 2], children who might, and those who did, by OPPORTUNITIES. Of the first, plans not begun: both.
    """

    replicate: int
    children: Int32Array
    flows: Int64Array
    new_plans: Int32Array
    ceased: Int32Array
    due: Int32Array
    unplaced: Int32Array
    due_by_need: Int32Array
    out_of_borough: Int32Array
    unsettled: Int32Array
    requests: Int32Array
    places: Int32Array
    used: Int32Array
    over_held: Int32Array
    spend: Int64Array
    spend_by_kind: Int64Array
    income: Int64Array
    deficit: Int64Array
    price: Int64Array
    value: Int64Array
    opportunities: Int32Array

    @property
    def years(self) -> int:
        """Y, how many years were simulated."""
        return int(self.flows.shape[0])

    def to_bytes(self) -> bytes:
        """Return the outcome as bytes: the same for the same world, definition and replicate, wherever it ran."""
        arrays = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "replicate"}
        return pack(arrays, {"replicate": self.replicate})

    @classmethod
    def from_bytes(cls, packed: bytes) -> Outcome:
        """Return the outcome of `to_bytes`. Raises ValueError where the bytes are not an outcome's."""
        arrays, words = unpack(packed)
        values: dict[str, Any] = {**arrays, **words}
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError(f"These bytes hold no outcome: {error}") from None
