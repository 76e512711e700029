"""Cases as rows and back. A row of facts or of a decision is a tuple in the order of its columns in tables.py."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from services.caseload.domain.case import (
    Case,
    CaseFacts,
    CaseStage,
    CurrentPlacement,
    DecisionDue,
    DueReason,
    ExclusionRisk,
    Home,
    LegalClass,
    Need,
    PlacementPart,
    Preference,
)
from services.caseload.storage.tables import FACT_COLUMNS

FACTS = slice(2, 2 + len(FACT_COLUMNS))
DECISION = slice(FACTS.stop, None)

Cells = tuple[Any, ...]


def facts_row(facts: CaseFacts) -> Cells:
    """Facts in the order of FACT_COLUMNS."""
    home, placement = facts.home, facts.placement
    return (
        *(facts.sex, facts.birth_year, facts.birth_month, facts.reception_year, facts.stage.value),
        ";".join(f"{need.rank} {need.code}" for need in facts.needs),
        *((home.easting, home.northing, home.authority) if home else (None, None, None)),
        *(_placement_row(placement) if placement else (None,) * 5),
        *(facts.request_received, facts.ehc_plan_started, facts.last_review, facts.phase_transfer_due),
    )


def _placement_row(placement: CurrentPlacement) -> Cells:
    part = placement.part.value
    return placement.urn, placement.sen_setting, part, placement.first_day, placement.last_day


def read_facts_row(row: Sequence[Any]) -> CaseFacts:
    """The inverse of `facts_row`."""
    sex, year, month, reception, stage, needs, *rest = row
    easting, northing, authority, *rest = rest
    urn, sen_setting, part, first_day, last_day, *clocks = rest
    return CaseFacts(
        *(sex, year, month, reception, CaseStage(stage), read_needs(needs)),
        None if easting is None else Home(easting, northing, authority),
        None if urn is None else CurrentPlacement(urn, sen_setting, PlacementPart(part), first_day, last_day),
        *clocks,
    )


@lru_cache(maxsize=4096)
def read_needs(text: str) -> tuple[Need, ...]:
    """Needs from "1 SEMH;2 ASD". Remembered: a large authority has some hundreds of different ones."""
    words = (word.split() for word in text.split(";") if word)
    return tuple(Need(int(rank), code) for rank, code in words)


def decision_row(decision: DecisionDue) -> Cells:
    """A decision in the order of DECISION_COLUMNS."""
    return (
        *(decision.reason.value, decision.first_day, decision.deadline, ";".join(decision.advised_kinds)),
        *(decision.top_up_band, decision.wheelchair, decision.passenger_assistant, decision.solo_travel),
        *(decision.exclusion_risk.value, decision.review_says_mainstream_cannot, decision.review_date),
    )


def read_decision_row(row: Sequence[Any]) -> DecisionDue | None:
    """The inverse of `decision_row`; None where an outer join found no decision."""
    reason, first_day, deadline, kinds, band, wheelchair, assistant, solo, risk, review_says, review_date = row
    if reason is None:
        return None
    advised = tuple(kinds.split(";")) if kinds else ()
    travel = (wheelchair, assistant, solo)
    return DecisionDue(
        DueReason(reason), first_day, deadline, advised, band, *travel, ExclusionRisk(risk), review_says, review_date
    )


def preference_row(preference: Preference) -> Cells:
    """A preference in the order of its columns after the case id."""
    legal_class = preference.legal_class.value
    stated = (preference.stated_by, preference.stated_on, preference.ground_recorded)
    return preference.rank, preference.urn, legal_class, *stated


def read_preference_row(row: Sequence[Any]) -> Preference:
    """The inverse of `preference_row`."""
    rank, urn, legal_class, stated_by, stated_on, ground = row
    return Preference(rank, urn, LegalClass(legal_class), stated_by, stated_on, ground)


def read_case_row(row: Sequence[Any], preferences: tuple[Preference, ...]) -> Case:
    """A case from its id, etag, facts and decision, as `repository.select_cases` orders them."""
    return Case(row[0], row[1], read_facts_row(row[FACTS]), preferences, read_decision_row(row[DECISION]))
