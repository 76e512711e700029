"""What a simulation starts from: an authority's children, places, rules and prices on 1 September of the first year.

Everything is an array or a word, so that a year is arithmetic: what the rules say of a child in a pool, and what a
place costs, is looked up by the child's row. A simulated new child copies such a row, its *template*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import AGE_COUNT, DemandRates
from services.placement.forecast.simulation.packing import pack, unpack

IntArray = npt.NDArray[np.signedinteger[Any]]
BoolArray = npt.NDArray[np.bool_]

NO_PLACE, ELSEWHERE_ROW = -2, -1
"""In a column of pools: without a place, and educated elsewhere."""
NO_FIXED_NUMBER = -1
"""In a column of places."""
CHILD_LINES = ("top_up", "inmss_fee", "transport")
"""Cost lines paid for the child; place funding and a High Needs unit's block are paid for the place."""


@dataclass(frozen=True)
class Signature:
    """Children who look alike to the rules, as far as the rules look; no id, no home, no age.

    `wishes` are the kinds of place at each setting that the family asked for.
    """

    needs: tuple[str, ...]
    sex: str
    advised_kinds: tuple[str, ...]
    wheelchair: bool
    has_plan: bool
    exclusion_risk: str
    review_says_mainstream_cannot: bool | None
    wishes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Children:
    """Every open child, C of them, in order of id.

    Parameters
    ----------
    ids
        Opaque and stable: lots for ties are drawn from them.
    age, need
        int8[C], age index 0 to 25 on 31 August before the first year, and index of NEEDS.
    needs
        int16[C], all needs as bits.
    area
        int16[C], index of the world's areas.
    pool
        int32[C], the pool held, or ELSEWHERE_ROW, or NO_PLACE. A child whose phase transfer is due has the pool that it
        is leaving; it holds no place there on the first day.
    due
        int8[C], index of REASONS, the decision due on file.
    signature
        int32[3, C], by stage of age: how the rules see the child when a later decision is due.
    recent
        bool[C], whether the plan is recent, two years old at most or yet to come: new plans are placed as these are.
    own_signature
        int32[C], how the rules see the decision that is due on file.
    request_first, request_pool, request_rank, request_open, request_unsettled
        The pools at the settings asked for in that decision, judged for this family alone: child c has rows
        request_first[c] up to request_first[c + 1] (int64[C + 1]) of int32[R], int8[R] (0: not under s.38(3)), bool[R]
        (no rule fails it), bool[R] (needs a person's judgement).
    """

    ids: tuple[str, ...]
    age: IntArray
    need: IntArray
    needs: IntArray
    area: IntArray
    pool: IntArray
    due: IntArray
    recent: BoolArray
    signature: IntArray
    own_signature: IntArray
    request_first: IntArray
    request_pool: IntArray
    request_rank: IntArray
    request_open: BoolArray
    request_unsettled: BoolArray

    @property
    def count(self) -> int:
        """C, the number of children."""
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Pools:
    """Place pools, P of them, in order of id, and the groups that share a number, G of them.

    Parameters
    ----------
    ids, names, admits_sex
        Ids, names to print, and "mixed", "girls" or "boys".
    urn, kind, needs, low, high, area
        int[P]: setting, index of PLACE_KINDS, needs catered for as bits (0: any), first and last year group, area.
    in_borough, must_admit, wheelchair
        bool[P], bool[P] (an s.38(3) setting), and int8[P]: 1 accessible, 0 not, -1 not recorded.
    places
        int32[P, H], places on 1 September of each year from the first, or NO_FIXED_NUMBER.
    group
        int32[P], the smallest group around each pool, or -1.
    group_ids, group_parent, group_places
        G ids, int32[G] the group around each group or -1, int32[G, H].
    place_funding, unit_block
        int64[P], pence a year for a place, and for a whole High Needs unit (0 for other kinds).
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    admits_sex: tuple[str, ...]
    urn: IntArray
    kind: IntArray
    needs: IntArray
    low: IntArray
    high: IntArray
    area: IntArray
    in_borough: BoolArray
    must_admit: BoolArray
    wheelchair: IntArray
    places: IntArray
    group: IntArray
    group_ids: tuple[str, ...]
    group_parent: IntArray
    group_places: IntArray
    place_funding: IntArray
    unit_block: IntArray

    @property
    def count(self) -> int:
        """P, the number of pools."""
        return len(self.ids)

    @cached_property
    def takes(self) -> BoolArray:
        """bool[26, P], whether each pool takes an age; one that takes Year -1 takes every year below Reception."""
        year = np.maximum(np.arange(AGE_COUNT) - 4, -1)[:, None]
        found: BoolArray = (self.low <= year) & (year <= self.high)
        return found


@dataclass(frozen=True, eq=False)
class Rules:
    """What the rules say of each signature, S of them, in each pool, were there room and the age right.

    Parameters
    ----------
    signatures
        What each looks like to the rules, so that a pool yet to open can be judged too.
    open, unsettled
        bool[S, P]: no rule fails; a rule that unsettles needs a person's judgement.
    fits, fits_unsettled
        bool[S, P]: the same, had the advice named every kind of place.
    """

    signatures: tuple[Signature, ...]
    open: BoolArray
    unsettled: BoolArray
    fits: BoolArray
    fits_unsettled: BoolArray


@dataclass(frozen=True, eq=False)
class Prices:
    """What a place costs for each child: by template row, so that a new child's price is its template's.

    Parameters
    ----------
    child
        int32[3, 3, C, P], pence a year by stage of age and line of CHILD_LINES, at the first year's prices.
    minutes
        int16[C, P], the journey one way; -1 where not known.
    """

    child: IntArray
    minutes: IntArray


@dataclass(frozen=True, eq=False)
class World:
    """Facts of a simulation. Its content hash names it for ever.

    Parameters
    ----------
    first_year
        Academic year of the first decisions: 2026 is 2026/27.
    share_of_year_before
        From 0 to 1: how much of a year lies between the day of the facts and 1 September of the first year. Plans may
        cease in it.
    areas
        Names, A of them; the last is "" where a home or setting has no area.
    """

    first_year: int
    share_of_year_before: float
    areas: tuple[str, ...]
    children: Children
    pools: Pools
    rules: Rules
    prices: Prices
    rates: DemandRates

    @property
    def horizon(self) -> int:
        """H, how many years have places on file."""
        return int(self.pools.places.shape[1])

    def to_bytes(self) -> bytes:
        """Return the world as bytes: the same for the same facts."""
        arrays: dict[str, npt.NDArray[Any]] = {}
        words: dict[str, object] = {
            "first_year": self.first_year,
            "share_of_year_before": self.share_of_year_before,
            "areas": self.areas,
        }
        for part in _PARTS:
            for field in fields(_PARTS[part]):
                value = getattr(getattr(self, part), field.name)
                if isinstance(value, np.ndarray):
                    arrays[f"{part}.{field.name}"] = value
                else:
                    words[f"{part}.{field.name}"] = _plain(value)
        return pack(arrays, words)

    @classmethod
    def from_bytes(cls, packed: bytes) -> World:
        """Return the world of `to_bytes`. Raises ValueError where the bytes are not a world's."""
        arrays, words = unpack(packed)
        values: dict[str, Any] = {**arrays, **words}
        try:
            values["rules.signatures"] = tuple(_signature(one) for one in values["rules.signatures"])
            parts = {part: _part(part, values) for part in _PARTS}
            return cls(values["first_year"], values["share_of_year_before"], tuple(values["areas"]), **parts)
        except (KeyError, TypeError) as error:
            raise ValueError(f"These bytes hold no world: {error}") from None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return sha256(self.to_bytes()).hexdigest()

    def with_rates(self, rates: DemandRates) -> World:
        """Return the same world with other rates of demand."""
        return replace(self, rates=rates)


_PARTS: Mapping[str, Any] = {
    "children": Children,
    "pools": Pools,
    "rules": Rules,
    "prices": Prices,
    "rates": DemandRates,
}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return vars(value) if isinstance(value, Signature) else value


def _part(part: str, values: Mapping[str, Any]) -> Any:
    kind = _PARTS[part]
    found = {field.name: values[f"{part}.{field.name}"] for field in fields(kind)}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in found.items()})


def _signature(said: Mapping[str, Any]) -> Signature:
    wishes = tuple(tuple(kinds) for kinds in said["wishes"])
    return Signature(
        **{
            **said,
            "needs": tuple(said["needs"]),
            "advised_kinds": tuple(said["advised_kinds"]),
            "wishes": wishes,
        }
    )
