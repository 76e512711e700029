"""The pairs that no rule fails, put together from parts and followed from one judgement to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.carried import Carried

NEW = -1
BoolArray = npt.NDArray[np.bool_]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OpenOptions:
    """The pairs that no rule fails, ordered by case row, then pool row.

    case, pool
        int32[A], rows in the facts.
    needs_judgement
        bool[A], whether a rule that unsettles needs a person's judgement.
    requested_rank
        int8[A], the rank of the family's s.38(3) request for this setting; 0 where it made none.
    first
        int64[K + 1], case row k's options are first[k] up to, not including, first[k + 1].
    """

    case: Int32Array
    pool: Int32Array
    needs_judgement: BoolArray
    requested_rank: npt.NDArray[np.int8]
    first: Int64Array


@dataclass(frozen=True, eq=False)
class OpenPairs:
    """Some open pairs in any order.

    `keys` are case row times the number of pools plus pool row, `before` the rows that pairs carried over had, or NEW.
    """

    keys: Int64Array
    needs_judgement: BoolArray
    requested_rank: npt.NDArray[np.int8]
    before: Int64Array


@dataclass(frozen=True)
class SpecialPair:
    """A pair that concerns one family alone, judged by itself."""

    case: int
    pool: int
    fails: bool
    needs_judgement: bool
    requested_rank: int


def with_special(keys: Int64Array, needs: BoolArray, special: Sequence[SpecialPair], width: int) -> OpenPairs:
    """Open pairs with the special ones in place of what was said of them. `width` is the number of pools."""
    kept = ~np.isin(keys, np.array([one.case * width + one.pool for one in special], dtype=np.int64))
    good = [one for one in special if not one.fails]
    every = np.concatenate([keys[kept], np.array([one.case * width + one.pool for one in good], dtype=np.int64)])
    return OpenPairs(
        every,
        np.concatenate([needs[kept], np.array([one.needs_judgement for one in good], dtype=np.bool_)]),
        np.concatenate([np.zeros(int(kept.sum()), np.int8), np.array([one.requested_rank for one in good], np.int8)]),
        np.full(every.size, NEW, np.int64),
    )


def in_order(parts: Sequence[OpenPairs], cases: int, width: int) -> tuple[OpenOptions, Int64Array]:
    """The pairs of all parts, which have none in common, and int64[A], the rows that they had before, or NEW."""
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")
    rows, pools = np.divmod(keys[order], width)
    options = OpenOptions(
        rows.astype(np.int32),
        pools.astype(np.int32),
        np.concatenate([part.needs_judgement for part in parts])[order],
        np.concatenate([part.requested_rank for part in parts])[order],
        np.searchsorted(rows, np.arange(cases + 1)).astype(np.int64),
    )
    return options, np.concatenate([part.before for part in parts])[order]


def carried_over(before: OpenOptions, cases: Carried, pools: Carried, width: int) -> OpenPairs:
    """Pairs whose case and pool say what they said."""
    case, pool = cases.now_of[before.case].astype(np.int64), pools.now_of[before.pool]
    stay = np.flatnonzero((case >= 0) & (pool >= 0))
    return OpenPairs(case[stay] * width + pool[stay], before.needs_judgement[stay], before.requested_rank[stay], stay)


def rows_before(
    now: OpenOptions, carried: Int64Array, before: OpenOptions, cases: Carried, pools: Carried
) -> Int64Array:
    """int64[A], the row that each option's case and pool had before; NEW for a pair that was not open, or is new.

    `carried` has the rows that are known, and is filled in where it says NEW.
    """
    new = np.flatnonzero(carried == NEW)
    if not before.case.size or not new.size:
        return carried
    keys = before.case.astype(np.int64) * pools.count_before + before.pool
    case, pool = cases.before[now.case[new]].astype(np.int64), pools.before[now.pool[new]]
    wanted = np.where((case >= 0) & (pool >= 0), case * pools.count_before + pool, -1)
    at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    found = carried.copy()
    found[new] = np.where(keys[at] == wanted, at, NEW)
    return found
