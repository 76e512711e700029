"""Rank one case's options: by what each costs in the policy's terms together with what it does to the other cases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.placement.model.facts import CaseFacts
from services.placement.model.judge import BoolArray, Int32Array, Int64Array, Judgement


@dataclass(frozen=True, eq=False)
class CaseOptions:
    """The open options of one case, as columns in order of pool row.

    judgement, case_row
        Where the case stands among the facts judged.
    pool
        int32[n], pool rows.
    terms
        int64[T, n], own terms.
    on_others
        int64[1 + T, n], effect on the best plan of the other cases, "unplaced" first.
    possible
        bool[n], False where no free place could be given, so that `on_others` means nothing.
    over_threshold
        bool[n], a request dearer than the policy's threshold allows.
    distance_metres
        int32[n], one way; -1 where not known.
    planned
        Pool row that the best plan gives the case; -1 where it gives none.
    """

    judgement: Judgement
    case_row: int
    pool: Int32Array
    terms: Int64Array
    on_others: Int64Array
    possible: BoolArray
    over_threshold: BoolArray
    distance_metres: Int32Array
    planned: int = -1

    @property
    def case(self) -> CaseFacts:
        """The case ranked."""
        return self.judgement.facts.cases[self.case_row]

    @cached_property
    def _together(self) -> Int64Array:
        """int64[1 + T, n]: own terms with the effect on others; own terms alone where no place could be given."""
        own = np.concatenate([np.zeros((1, self.pool.size), dtype=np.int64), self.terms])
        return np.where(self.possible, own + self.on_others, own)

    def best_first(self) -> list[int]:
        """Option rows, best first: by own terms with the effect on others, tier by tier.

        Level options: the one that the best plan gives comes first, then by pool id. Options without a free place come
        last.
        """
        order = np.lexsort((self.pool, self.pool != self.planned, *self._together[::-1], ~self.possible))
        return [int(row) for row in order]

    def are_level(self, row: int, other: int) -> bool:
        """Whether two options are equal in every term, with their effects on others."""
        both_possible = bool(self.possible[row]) and bool(self.possible[other])
        return both_possible and bool((self._together[:, row] == self._together[:, other]).all())

    def requested_rows(self) -> list[int]:
        """Option rows at settings that the family asked for, under either duty."""
        pools = self.judgement.facts.pools
        return [row for row, pool in enumerate(self.pool) if self.case.request_for(pools[pool].urn) is not None]

    def has_settled_nearer(self, row: int) -> bool:
        """Whether an option that needs no judgement and has a place is nearer to home than this one."""
        return bool((self._settled & (self.distance_metres < self.distance_metres[row])).any())

    def nearest_settled(self) -> list[int]:
        """Option rows that need no judgement and have a place, nearest to home first."""
        nearest = np.lexsort((self.pool, self.distance_metres))
        return [int(row) for row in nearest if self._settled[row]]

    @cached_property
    def _settled(self) -> BoolArray:
        """bool[n], needs no judgement, has a place, and it is known how far it is."""
        settled: BoolArray = self.possible & (self.terms[0] == 0) & (self.distance_metres >= 0)
        return settled
