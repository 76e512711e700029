"""Rank one case's options: by what each costs in the policy's terms together with what it does to the other cases."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    judgement: Judgement
    case_row: int
    pool: Int32Array
    terms: Int64Array
    on_others: Int64Array
    possible: BoolArray
    over_threshold: BoolArray

    @property
    def case(self) -> CaseFacts:
        """The case ranked."""
        return self.judgement.facts.cases[self.case_row]

    def best_first(self) -> list[int]:
        """Option rows, best first: possible ones by own terms plus effect on others, tier by tier; ties by pool id.

        Options without a free place come last, by own terms.
        """
        together = self.on_others.copy()
        together[1:] += self.terms
        keys = np.where(self.possible, together, 0)
        keys[1:] = np.where(self.possible, keys[1:], self.terms)
        order = np.lexsort((self.pool, *keys[::-1], ~self.possible))
        return [int(row) for row in order]

    def requested_rows(self) -> list[int]:
        """Option rows at settings that the family asked for under s.38(3)."""
        return [row for row, pool in enumerate(self.pool) if self.judgement.requested_rank(self.case_row, int(pool))]
