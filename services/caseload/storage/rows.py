"""Cases as rows and back. A row of facts or of a decision is a tuple in the order of its columns in tables.py."""

from __future__ import annotations

import hashlib
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
    NamedPlacement,
    Need,
    PlacementPart,
    Preference,
    RequestStage,
    TravelNeeds,
)
from services.caseload.storage.tables import DECISION_COLUMNS, FACT_COLUMNS

FACTS = slice(2, 2 + len(FACT_COLUMNS))
DECISION = slice(FACTS.stop, None)
DEADLINE_AT = [column.name for column in DECISION_COLUMNS].index("deadline")

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
        *(facts.request_stage.value, facts.ehc_plan_ceased),
    )


def _placement_row(placement: CurrentPlacement) -> Cells:
    part = placement.part.value
    return placement.urn, placement.sen_setting, part, placement.first_day, placement.last_day


def read_facts_row(row: Sequence[Any]) -> CaseFacts:
    """The inverse of `facts_row`."""
    sex, year, month, reception, stage, needs, *rest = row
    easting, northing, authority, *rest = rest
    urn, sen_setting, part, first_day, last_day, *rest = rest
    received, started, reviewed, transfer_due, request_stage, ceased = rest
    return CaseFacts(
        *(sex, year, month, reception, CaseStage(stage), read_needs(needs)),
        None if easting is None else Home(easting, northing, authority),
        None if urn is None else CurrentPlacement(urn, sen_setting, PlacementPart(part), first_day, last_day),
        *(received, started, reviewed, transfer_due, RequestStage(request_stage), ceased),
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


def decision_content(row: Cells) -> str:
    """A hash of what a decision due is about. Its deadline is left out: another deadline is no other decision."""
    about = [str(cell) for at, cell in enumerate(row) if at != DEADLINE_AT]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()


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
    return (
        preference.rank,
        preference.urn,
        legal_class,
        *stated,
        preference.decided_ground,
        preference.ground_decision_id,
    )


def read_preference_row(row: Sequence[Any]) -> Preference:
    """The inverse of `preference_row`."""
    rank, urn, legal_class, *stated = row
    return Preference(rank, urn, LegalClass(legal_class), *stated)


def named_row(named: NamedPlacement) -> Cells:
    """A named placement in the order of its columns after the case id."""
    return named.first_day, named.urn, named.part.value, named.pool_id, named.decision_id


def read_named_row(row: Sequence[Any]) -> NamedPlacement:
    """The inverse of `named_row`."""
    first_day, urn, part, pool_id, decision_id = row
    return NamedPlacement(first_day, urn, PlacementPart(part), pool_id, decision_id)


def read_case_row(
    row: Sequence[Any],
    preferences: tuple[Preference, ...],
    named: NamedPlacement | None,
    travel_stated: TravelNeeds | None,
) -> Case:
    """A case from its id, etag, facts and decision, as `repository.select_cases` orders them."""
    decision = read_decision_row(row[DECISION])
    return Case(row[0], row[1], read_facts_row(row[FACTS]), preferences, decision, named, travel_stated)
