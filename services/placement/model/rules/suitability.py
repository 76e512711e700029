"""Rules about meeting the child's needs: suitability is judged first, and never weighed against cost."""

from __future__ import annotations

from collections.abc import Hashable

from services.placement.model.facts import KINDS_IN_WORDS, CaseFacts, PoolFacts
from services.placement.model.rules.base import FAILS, MEETS, NEEDS_JUDGEMENT, Judged, Rule
from services.placement.model.words import NEEDS_IN_WORDS, listed, with_article


class Need(Rule):
    """The pool caters for the child's primary need."""

    code = "need"
    unsettles = True

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.needs[:1], frozenset(case.needs[1:])

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.needs

    def judge(self, case: tuple[tuple[str, ...], frozenset[str]], pool: tuple[str, ...], requested: bool) -> Judged:
        primary, others = case
        if not pool:
            return Judged(MEETS, "Open to any need.")
        caters = f"Caters for {listed(NEEDS_IN_WORDS.get(code, code) for code in pool)}"
        if not primary:
            return Judged(NEEDS_JUDGEMENT, f"{caters}; no need is recorded for the child yet.")
        name = NEEDS_IN_WORDS.get(primary[0], primary[0])
        if primary[0] in pool:
            return Judged(MEETS, f"{caters}, which includes the primary need ({name}).")
        if shared := sorted(others & set(pool)):
            also = listed(NEEDS_IN_WORDS.get(code, code) for code in shared)
            return Judged(NEEDS_JUDGEMENT, f"{caters}: a further need ({also}), but not the primary need ({name}).")
        reason = f"{caters}, not for {name}."
        return Judged(NEEDS_JUDGEMENT if requested else FAILS, reason, "s.39(4)(a): special educational needs")


class AdvisedKind(Rule):
    """The advice on file says that this kind of place could meet the need."""

    code = "advised_kind"
    unsettles = True

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.advised_kinds

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.kind

    def judge(self, case: tuple[str, ...], pool: str, requested: bool) -> Judged:
        kind = KINDS_IN_WORDS[pool]
        if not case:
            return Judged(NEEDS_JUDGEMENT, "No advice on file yet says what kind of place could meet the need.")
        advised = listed(KINDS_IN_WORDS[k] for k in case)
        if pool in case:
            return Judged(MEETS, f"The advice on file names this kind of place ({kind}).")
        if pool == "mainstream":
            reason = f"The advice on file names {advised}; unsuitability alone does not rule out mainstream."
            return Judged(NEEDS_JUDGEMENT, reason, "Children and Families Act 2014 s.33")
        reason = f"The advice on file names {advised}; this is {with_article(kind)}."
        return Judged(NEEDS_JUDGEMENT if requested else FAILS, reason, "s.39(4)(a): special educational needs")


class UnitAdmission(Rule):
    """A High Needs dependency unit takes pupils with a plan for SEMH, close to exclusion, on a review's evidence."""

    code = "unit_admission"
    unsettles = True

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.primary_need, case.has_plan, case.exclusion_risk, case.review_says_mainstream_cannot

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.kind == "hn_unit"

    def judge(self, case: tuple[str, bool, str, bool | None], pool: bool, requested: bool) -> Judged:
        need, has_plan, risk, review = case
        if not pool:
            return Judged(MEETS, "Not a High Needs dependency unit.")
        if need != "SEMH":
            return Judged(FAILS, "The unit is for children whose plan is for SEMH.")
        if risk == "none" or review is False:
            missing = (
                "no risk of exclusion is recorded"
                if risk == "none"
                else "the annual review does not rule out mainstream"
            )
            return Judged(FAILS, f"The unit is for children close to exclusion; {missing}.")
        gaps = [
            gap
            for missing, gap in (
                (not has_plan, "there is no plan yet"),
                (not risk, "the risk of exclusion is not recorded"),
                (review is None, "no annual review on mainstream is on file"),
            )
            if missing
        ]
        if gaps:
            return Judged(NEEDS_JUDGEMENT, f"Evidence for the unit is missing: {listed(gaps)}.")
        return Judged(
            MEETS, "A plan for SEMH, exclusion or its risk, and a review that rules out mainstream are on file."
        )


class Wheelchair(Rule):
    """A child who uses a wheelchair can be admitted."""

    code = "wheelchair"
    unsettles = True

    def of_case(self, case: CaseFacts) -> Hashable:
        return case.wheelchair

    def of_pool(self, pool: PoolFacts) -> Hashable:
        return pool.wheelchair_accessible

    def judge(self, case: bool, pool: bool | None, requested: bool) -> Judged:
        if not case or pool:
            return Judged(MEETS, "Wheelchair access is there." if case else "No wheelchair access is needed.")
        if pool is None:
            return Judged(
                NEEDS_JUDGEMENT, "Whether a wheelchair user can be admitted is not recorded; ask the setting."
            )
        reason = "No wheelchair access is recorded; reasonable adjustments are for the setting and the panel to weigh."
        return Judged(NEEDS_JUDGEMENT if requested else FAILS, reason, "Equality Act 2010 s.20")
