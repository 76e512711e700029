"""Ask the model's own rules about children as signatures, in pools as they would be with room and for every age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from services.placement.forecast.simulation.categories import PLACE_KINDS
from services.placement.forecast.simulation.world import BoolArray, Rules, Signature
from services.placement.model.facts import CaseFacts, PlacementFacts, PoolFacts, Request
from services.placement.model.judge import Judgement

_ANY_DAY = date(2000, 9, 1)
_ANY_YEAR = 99


def judge(signatures: Sequence[Signature], pools: Sequence[PoolFacts]) -> Rules:
    """Return what the rules say of each signature in each pool.

    Places, openings and year groups never refuse here: how many places there are on a day, and which ages a pool takes,
    are limits of each year's problem (`Pools.places`, `Pools.takes`).
    """
    roomy = [with_room(pool) for pool in pools]
    opened, unsettled = _judged(signatures, roomy)
    fits, fits_unsettled = _judged([replace(one, advised_kinds=PLACE_KINDS) for one in signatures], roomy)
    return Rules(tuple(signatures), opened, unsettled, fits, fits_unsettled)


class KnownRules:
    """What the rules said last, so that only signatures that are new are judged, as long as the pools are the same.

    For one thread at a time.
    """

    def __init__(self) -> None:
        self._pools: tuple[PoolFacts, ...] = ()
        self._rules: Rules | None = None

    def judge(self, signatures: Sequence[Signature], pools: Sequence[PoolFacts]) -> Rules:
        """As the function `judge`."""
        roomy = tuple(with_room(pool) for pool in pools)
        last = self._rules if self._pools == roomy else None
        row_of = {one: row for row, one in enumerate(last.signatures)} if last else {}
        new = judge([one for one in signatures if one not in row_of], pools)
        found = _joined(last, new, signatures) if last else new
        self._pools, self._rules = roomy, found
        return found


def _joined(last: Rules, new: Rules, signatures: Sequence[Signature]) -> Rules:
    """The rows of some signatures, from those of two judgements."""
    row_of = {one: row for row, one in enumerate((*last.signatures, *new.signatures))}
    rows = [row_of[one] for one in signatures]
    tables = ("open", "unsettled", "fits", "fits_unsettled")
    return Rules(
        tuple(signatures),
        **{name: np.concatenate([getattr(last, name), getattr(new, name)])[rows] for name in tables},
    )


def with_room(pool: PoolFacts) -> PoolFacts:
    """The pool with places for everybody, open, and for every year group; its id is no matter."""
    return replace(
        pool,
        year_group_low=-_ANY_YEAR,
        year_group_high=_ANY_YEAR,
        places_commissioned=None,
        places_filled=0,
        places_free=None,
        given_up=0,
        confirmed=True,
        opens_on=None,
    )


def case_of(signature: Signature, case_id: str) -> CaseFacts:
    """A case that looks to the rules as the signature says; it asks for settings that are nobody's."""
    asked = tuple(
        Request(urn=-1 - at, rank=at + 1, s38_3=False, kinds=kinds) for at, kinds in enumerate(signature.wishes)
    )
    return CaseFacts(
        case_id=case_id,
        year_group=0,
        sex=signature.sex,
        needs=signature.needs,
        advised_kinds=signature.advised_kinds,
        requests=asked,
        wheelchair=signature.wheelchair,
        has_plan=signature.has_plan,
        exclusion_risk=signature.exclusion_risk,
        review_says_mainstream_cannot=signature.review_says_mainstream_cannot,
    )


def _judged(signatures: Sequence[Signature], pools: Sequence[PoolFacts]) -> tuple[BoolArray, BoolArray]:
    """bool[S, P] twice: open, and open but for a person's judgement."""
    opened = np.zeros((len(signatures), len(pools)), dtype=np.bool_)
    unsettled = opened.copy()
    if opened.size:
        cases = tuple(case_of(one, str(at)) for at, one in enumerate(signatures))
        found = Judgement(PlacementFacts(_ANY_DAY, cases, tuple(pools))).open_options
        opened[found.case, found.pool] = True
        unsettled[found.case, found.pool] = found.needs_judgement
    return opened, unsettled
