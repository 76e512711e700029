"""Rules about the setting and its places."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from services.placement.model.facts import INMSS_KINDS, CaseFacts, PoolFacts
from services.placement.model.rules.base import FAILS, MEETS, NEEDS_JUDGEMENT, Judged, Rule
from services.placement.model.words import day_in_words, year_group_in_words, year_span_in_words

NURSERY = -1
"""A pool that takes year group -1 takes every year below Reception."""


class OpenSetting(Rule):
    """The setting is open."""

    code = "open_setting"

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.status

    def judge(self, case: None, pool: str, requested: bool) -> Judged:
        if pool.casefold().startswith("closed"):
            return Judged(FAILS, "The setting has closed.", f"GIAS status: {pool}")
        return Judged(MEETS, "The setting is open.", f"GIAS status: {pool or 'not recorded'}")


class Opening(Rule):
    """The pool's places are confirmed and there by the first day."""

    code = "opening"

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.confirmed, pool.opens_on, pool.places_commissioned == 0

    def judge(self, case: None, pool: tuple[bool, Any, bool], requested: bool) -> Judged:
        confirmed, opens_on, empty = pool
        if not confirmed:
            return Judged(FAILS, "The opening is planned but not confirmed, so no place can be counted on.")
        if opens_on:
            return Judged(FAILS, f"The places open on {day_in_words(opens_on)}, after the first day.")
        if empty:
            return Judged(FAILS, "No places are commissioned on the first day.")
        return Judged(MEETS, "The places are there by the first day.")


class YearGroup(Rule):
    """The pool takes the child's year group."""

    code = "year_group"

    def of_case(self, case: CaseFacts) -> Hashable:
        return max(case.year_group, NURSERY)

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.year_group_low, pool.year_group_high

    def judge(self, case: int, pool: tuple[int, int], requested: bool) -> Judged:
        low, high = pool
        sentence = f"Takes {year_span_in_words(low, high)}; the child will be in {year_group_in_words(case)}."
        return Judged(MEETS if low <= case <= high else FAILS, sentence, "s.39(4)(a): age")


class Sex(Rule):
    """The setting admits the child's sex: a fact of the school, never a wish of the software's (Equality Act 2010)."""

    code = "sex"

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.sex

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.admits_sex

    def judge(self, case: str, pool: str, requested: bool) -> Judged:
        wanted = {"girls": "F", "boys": "M"}.get(pool)
        if wanted is None:
            return Judged(MEETS, "Admits girls and boys.")
        if case not in ("F", "M"):
            return Judged(NEEDS_JUDGEMENT, f"Admits {pool} only, and the child's sex is not recorded.")
        return Judged(MEETS if case == wanted else FAILS, f"Admits {pool} only.")


class Agreement(Rule):
    """A wholly independent school must agree to admit."""

    code = "agreement"

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.s38_3 or pool.kind not in INMSS_KINDS

    def judge(self, case: None, pool: bool, requested: bool) -> Judged:
        if pool:
            return Judged(MEETS, "A setting that must admit once it is named.")
        reason = (
            "Wholly independent: it can be named only if it agrees, and unreasonable public expenditure is avoided."
        )
        return Judged(NEEDS_JUDGEMENT, reason, "Education Act 1996 s.9")


class Places(Rule):
    """There is a free place on the first day."""

    code = "places"

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.places_commissioned, pool.places_filled, pool.places_free, pool.given_up

    def judge(self, case: None, pool: tuple[int | None, int, int | None, int], requested: bool) -> Judged:
        commissioned, filled, free, given_up = pool
        if free is None:
            return Judged(MEETS, "No fixed number of places.")
        others = f" ({given_up} more by children whose own move is being decided)" if given_up else ""
        counts = f"{filled} of {commissioned} places are held on the first day{others}"
        if free > 0:
            return Judged(MEETS, f"{counts}; {free} free.")
        if requested:
            reason = f"{counts}; none is free. Being full is not a ground to refuse a requested setting."
            return Judged(NEEDS_JUDGEMENT, reason, "s.39(4): evidence for grounds (b) or (c), not a ground itself")
        return Judged(FAILS, f"{counts}; none is free.")
