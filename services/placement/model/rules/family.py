"""Rules about what one family asked for, and what the decision is to leave."""

from __future__ import annotations

from collections.abc import Hashable

from services.placement.model.facts import CaseFacts, PoolFacts
from services.placement.model.rules.base import FAILS, MEETS, NEEDS_JUDGEMENT, Judged, Rule


class Wishes(Rule):
    """Mainstream is weighed by a person where the family asked only for schools that are not (s.33(2)(a))."""

    code = "wishes"
    unsettles = True

    def of_case(self, case: CaseFacts) -> Hashable:
        known = [request.kinds for request in case.requests if request.kinds]
        return bool(known) and not any("mainstream" in kinds for kinds in known)

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.kind == "mainstream"

    def judge(self, case: bool, pool: bool, requested: bool) -> Judged:
        if case and pool and not requested:
            reason = "The family asked only for schools that are not mainstream; the duty to name one may not apply."
            return Judged(NEEDS_JUDGEMENT, reason, "Children and Families Act 2014 s.33(2)(a)")
        return Judged(MEETS, "Not against the family's wishes as to mainstream.")


class CurrentSetting(Rule):
    """A setting that the decision is to leave is not proposed again."""

    code = "current_setting"

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.current_urn if case.reason in ("breakdown", "review_change") else 0

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.urn

    def judge(self, case: int, pool: int, requested: bool) -> Judged:
        if not case or case != pool:
            return Judged(MEETS, "Not a setting that the decision is to leave.")
        return Judged(NEEDS_JUDGEMENT if requested else FAILS, "The decision that is due is to leave this setting.")


class RecordedGround(Rule):
    """The panel has recorded no ground against the family's request."""

    code = "recorded_ground"

    def of_case(self, case: CaseFacts) -> Hashable:
        return tuple((request.urn, request.ground) for request in case.requests if request.ground)

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.urn

    def judge(self, case: tuple[tuple[int, str], ...], pool: int, requested: bool) -> Judged:
        ground = dict(case).get(pool)
        if not ground:
            return Judged(MEETS, "The panel has recorded no ground against it.")
        return Judged(FAILS, f"The panel has recorded a ground against it: {ground.replace('_', ' ')}.", "s.39(4)")
