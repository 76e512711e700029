"""How the rules see the children on file: for the decision that is due, and for those to come at each stage of age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services.placement.forecast.rates.rates import AGE_COUNT
from services.placement.forecast.simulation.categories import STAGE_OF_AGE, STAGES, year_group
from services.placement.forecast.simulation.world import Signature
from services.placement.model.facts import CaseFacts

COLLEGE = "further_education"
_BASES = ("resource_base", "sen_unit")
_INMSS = ("non_maintained_special", "independent_special")
LIKE = {
    "resource_base": _BASES,
    "sen_unit": _BASES,
    "state_special": ("state_special", *_INMSS),
    "non_maintained_special": _INMSS,
    "independent_special": _INMSS,
}
"""Kinds that later advice names for a child who holds one of these: an assumption. Whether a base or a unit, and whose
special school, is then a matter of room and of the policy, so that a full special school sends children to INMSS."""

_Alike = tuple[int, str, bool, int]
"""Row of the own signature, kind of place held, whether educated elsewhere, stage of age: children alike in all this
are seen alike later."""


class Signatures:
    """The distinct ways in which the rules see the children, in order of appearance.

    Parameters
    ----------
    children
        Of each its case, the kind of place held ("" for none), and whether it is educated elsewhere.
    """

    def __init__(self, children: Sequence[tuple[CaseFacts, str, bool]]) -> None:
        self._rows: dict[Signature, int] = {}
        own = [self._row(own_signature(case)) for case, _, _ in children]
        now = [int(STAGE_OF_AGE[age_of(case.year_group)]) for case, _, _ in children]
        alike = [(row, *child[1:], stage) for row, child, stage in zip(own, children, now, strict=True)]
        self.own = np.array(own, dtype=np.int32)
        later = [self._later(alike, self.known, stage) for stage in range(len(STAGES))]
        self.later = np.array(later, dtype=np.int32).reshape(len(STAGES), -1)

    @property
    def known(self) -> tuple[Signature, ...]:
        """Each once."""
        return tuple(self._rows)

    def _later(self, children: Sequence[_Alike], own: Sequence[Signature], stage: int) -> list[int]:
        rows: dict[_Alike, int] = {}
        for one in children:
            if one not in rows:
                rows[one] = self._row(later_signature(own[one[0]], *one[1:], stage))
        return [rows[one] for one in children]

    def _row(self, one: Signature) -> int:
        return self._rows.setdefault(one, len(self._rows))


def own_signature(case: CaseFacts) -> Signature:
    """How the rules see the decision that is due on file."""
    return Signature(
        needs=case.needs,
        sex=case.sex,
        advised_kinds=case.advised_kinds,
        wheelchair=case.wheelchair,
        has_plan=case.has_plan,
        exclusion_risk=case.exclusion_risk,
        review_says_mainstream_cannot=case.review_says_mainstream_cannot,
        wishes=tuple(request.kinds for request in case.requests if request.kinds),
    )


def later_signature(own: Signature, held: str, elsewhere: bool, now: int, stage: int) -> Signature:
    """How a later decision, at a stage of age, sees a child who is `now` at another: the advice names what it names
    now, or else kinds like the one held.

    From 16 it names colleges too, before 16 never. Requests are not carried over: the preferences lever draws them.
    """
    kinds = own.advised_kinds if own.advised_kinds and stage == now else LIKE.get(held, (held,)) if held else ()
    if not kinds and elsewhere:
        kinds = ("mainstream",)
    if stage == len(STAGES) - 1:
        kinds = tuple(dict.fromkeys((*kinds, COLLEGE))) if kinds else ()
    elif kinds:
        kinds = tuple(kind for kind in kinds if kind != COLLEGE) or ("mainstream",)
    return replace(own, advised_kinds=kinds, has_plan=True, wishes=())


def age_of(year: int) -> int:
    """The age, from 0 to 25, of a year group."""
    return min(max(year - year_group(0), 0), AGE_COUNT - 1)
