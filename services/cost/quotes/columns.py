"""What is to be priced, column by column, and the checks that a request must pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.domain.words import BANDS, KINDS, NEEDS
from services.cost.transport.travel import Points
from shared.errors import InvalidInput, TooMuch

MAX_PAIRS = 5_000_000
MAX_PAIRS_WITH_LINES = 1_000_000
"""A message with every cost line of more pairs would pass the 256 MiB that a message may hold."""


@dataclass(frozen=True, eq=False)
class Children:
    """The children, an entry a child in every column. `homes` may be unknown; blank need or band: not recorded.

    `ids` say who rides on a run already; without them nobody does.
    """

    homes: Points
    year_group: Sequence[int]
    age_years: Sequence[int]
    need: Sequence[str]
    band: Sequence[str]
    wheelchair: Sequence[bool]
    assistant: Sequence[bool]
    solo: Sequence[bool]
    ids: Sequence[str] = ()

    def check(self) -> None:
        """Raises InvalidInput naming the first child and field at fault."""
        self.homes.check("cases.home")
        _all_known("cases", "primary_need", self.need, (*NEEDS, ""), "is no SEN2 need code")
        _all_known("cases", "top_up_band", self.band, (*BANDS, ""), "is not a band from A to E")
        _all_between("cases", "age_years", self.age_years, 0, 99)
        _all_between("cases", "year_group", self.year_group, -10, 99)


@dataclass(frozen=True, eq=False)
class Places:
    """The place pools, an entry a pool in every column.

    `commissioned` 0: no fixed number of places. `no_vacancy`: none is vacant on the first day.
    """

    settings: Points
    kind: Sequence[str]
    urn: Sequence[int]
    commissioned: Sequence[int]
    no_vacancy: Sequence[bool]

    def check(self) -> None:
        """Raises InvalidInput naming the first pool and field at fault."""
        self.settings.check("pools.location")
        _all_known("pools", "kind", self.kind, tuple(KINDS), f"is not one of {', '.join(KINDS)}")
        _all_between("pools", "urn", self.urn, 0, 9_999_999)
        _all_between("pools", "places_commissioned", self.commissioned, 0, 100_000)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pair i is child `child_at[i]` in pool `pool_at[i]`. `flags`: what is known of each pair; None: nothing."""

    child_at: NDArray[np.int32]
    pool_at: NDArray[np.int32]
    flags: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class QuoteColumns:
    """Everything that one call prices. Raises InvalidInput when a column breaks a rule."""

    children: Children
    places: Places
    pairs: Pairs

    def __post_init__(self) -> None:
        self.children.check()
        self.places.check()
        _all_in_range("case_index", self.pairs.child_at, len(self.children.need), "cases")
        _all_in_range("pool_index", self.pairs.pool_at, len(self.places.kind), "pools")


def unpack_pairs(case_index: bytes, pool_index: bytes, pair_flags: bytes = b"", *, include_lines: bool) -> Pairs:
    """The pairs of a request. Raises InvalidInput for a torn or unequal column, TooMuch for too many pairs."""
    for field, packed in (("case_index", case_index), ("pool_index", pool_index)):
        if len(packed) % 4:
            raise InvalidInput(field, f"holds {len(packed)} bytes; pack four a pair (little-endian int32)")
    if len(case_index) != len(pool_index):
        count = f"{len(case_index) // 4} and {len(pool_index) // 4} entries"
        raise InvalidInput("pool_index", f"case_index and pool_index have {count}; send one of each a pair")
    most = MAX_PAIRS_WITH_LINES if include_lines else MAX_PAIRS
    if len(case_index) // 4 > most:
        raise TooMuch(f"One call prices at most {most:,} pairs{' with lines' if include_lines else ''}. Split it.")
    if pair_flags and len(pair_flags) != len(case_index) // 4:
        raise InvalidInput("pair_flags", f"has {len(pair_flags)} entries; send one a pair, or none")
    flags = np.frombuffer(pair_flags, np.uint8) if pair_flags else None
    return Pairs(np.frombuffer(case_index, "<i4"), np.frombuffer(pool_index, "<i4"), flags)


def _all_known(what: str, field: str, column: Sequence[str], allowed: Sequence[str], fault: str) -> None:
    if unknown := set(column).difference(allowed):
        at = next(at for at, value in enumerate(column) if value in unknown)
        raise InvalidInput(f"{what}[{at}].{field}", fault)


def _all_between(what: str, field: str, column: Sequence[int], low: int, high: int) -> None:
    if column and not low <= min(column) <= max(column) <= high:
        at = next(at for at, value in enumerate(column) if not low <= value <= high)
        raise InvalidInput(f"{what}[{at}].{field}", f"must be from {low} to {high:,}")


def _all_in_range(field: str, index: NDArray[np.int32], count: int, what: str) -> None:
    if index.size and (index.min() < 0 or index.max() >= count):
        at = int(((index < 0) | (index >= count)).argmax())
        raise InvalidInput(f"{field}[{at}]", f"is {index[at]}, but the request has {count} {what}, counted from 0")
