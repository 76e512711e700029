"""Messages to the words of the domain and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from services.caseload.domain.ages import age_years, year_group
from services.caseload.domain.case import (
    Case,
    CaseFacts,
    CaseStage,
    CurrentPlacement,
    DecisionDue,
    DueReason,
    ExclusionRisk,
    LegalClass,
    NamedPlacement,
    PlacementPart,
    Preference,
    TravelNeeds,
)
from services.caseload.domain.clocks import clocks_from
from services.caseload.domain.pseudonyms import CASE_ID_SHAPE
from services.caseload.operations.since import Since
from shared.days import epoch_days, from_wire, to_wire
from shared.errors import InvalidInput

STAGES = {stage: pb.CaseStage.Value(f"CASE_STAGE_{stage.name}") for stage in CaseStage}
PARTS = {part: pb.PlacementPart.Value(f"PLACEMENT_PART_{part.name}") for part in PlacementPart}
LEGAL_CLASSES = {one: pb.LegalClass.Value(f"LEGAL_CLASS_{one.name}") for one in LegalClass}
REASONS = {reason: pb.DueReason.Value(f"DUE_REASON_{reason.name}") for reason in DueReason}
RISKS = {
    risk: pb.ExclusionRisk.Value(f"EXCLUSION_RISK_{risk.name if risk else 'UNSPECIFIED'}") for risk in ExclusionRisk
}
CasesT = TypeVar("CasesT", pb.ListCasesDueResponse, pb.ListOpenCasesResponse)
MOST_ON_A_PAGE = 500
USUAL_ON_A_PAGE = 100


def read_case_id(text: str) -> str:
    """A case id of the right form. Raises InvalidInput."""
    if not CASE_ID_SHAPE.fullmatch(text):
        raise InvalidInput("case_id", "must be case_ and sixteen digits or letters a to f; see `inborough cases`")
    return text


def read_on_day(request: pb.GetCaseRequest) -> date | None:
    """The day asked for, if any. Raises InvalidInput."""
    return from_wire(request.on_day, "on_day") if request.HasField("on_day") else None


def read_first_day(request: pb.ListCasesDueRequest | pb.ListOpenCasesRequest) -> date:
    """The first day asked for. Raises InvalidInput when there is none."""
    if not request.HasField("first_day"):
        raise InvalidInput("first_day", "is missing; say which first day, see ListFirstDays")
    return from_wire(request.first_day, "first_day")


def read_page_size(size: int) -> int:
    """How many to a page; 0 means the usual number. Raises InvalidInput."""
    if not 0 <= size <= MOST_ON_A_PAGE:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_ON_A_PAGE}, or 0 for {USUAL_ON_A_PAGE}")
    return size or USUAL_ON_A_PAGE


def case_to_wire(case: Case, on_day: date) -> pb.Case:
    """A case with its year group and age on a day."""
    facts, decision = case.facts, case.decision
    home = facts.home
    return pb.Case(
        case_id=case.case_id,
        etag=case.etag,
        sex=facts.sex,
        needs=[pb.Need(rank=need.rank, code=need.code) for need in facts.needs],
        home=common_pb2.GridReference(easting=home.easting, northing=home.northing) if home else None,
        home_authority=home.authority if home else "",
        year_group=year_group(facts.reception_year, on_day),
        age_years=age_years(facts.birth_year, facts.birth_month, on_day),
        on_day=to_wire(on_day),
        current_placement=_placement(facts.placement) if facts.placement else None,
        preferences=[_preference(one) for one in case.preferences],
        decision_due=_decision(decision) if decision else None,
        clocks=_clocks(facts),
        travel_needs=_travel_needs(needs) if (needs := case.travel_needs) else None,
        unit_evidence=_unit_evidence(decision) if decision else None,
        stage=STAGES[facts.stage],
        named_placement=_named(case.named) if case.named else None,
    )


def changes_to_wire(answer: CasesT, changes: Since, on_day: date) -> CasesT:
    """An answer with what a caller lacks, each case with its year group and age on a day."""
    answer.revision, answer.unchanged = changes.revision, changes.rows is None
    found: Sequence[Case] = changes.rows or ()
    answer.cases.extend(case_to_wire(case, on_day) for case in found)
    if changes.changed_ids is not None:
        answer.changes_only = True
        answer.gone_ids.extend(sorted(set(changes.changed_ids) - {case.case_id for case in found}))
    return answer


def changed_placements_to_wire(changes: Since) -> pb.ListPlacementsResponse:
    """Columns of the placements that a caller lacks."""
    if changes.rows is None:
        return pb.ListPlacementsResponse(revision=changes.revision, unchanged=True)
    answer = placements_to_wire(changes.revision, changes.rows)
    answer.changes_only = changes.changed_ids is not None
    answer.changed_ids.extend(changes.changed_ids or ())
    return answer


def placements_to_wire(revision: str, rows: Iterable[Sequence[Any]]) -> pb.ListPlacementsResponse:
    """Rows of `repository.list_placements`, column by column."""
    case_ids, urns, parts, needs, reception_years, first_days, last_days, pool_ids = (
        zip(*rows, strict=True) if rows else ((),) * 8
    )
    part_values = {part.value: PARTS[part] for part in PlacementPart}
    return pb.ListPlacementsResponse(
        revision=revision,
        case_ids=case_ids,
        urns=urns,
        parts=[part_values[part] for part in parts],
        primary_needs=[ranked.partition(";")[0].rpartition(" ")[2] for ranked in needs],
        reception_years=reception_years,
        first_days=[epoch_days(day) for day in first_days],
        last_days=[epoch_days(day) for day in last_days],
        pool_ids=pool_ids,
    )


def _day(day: date | None) -> common_pb2.Date | None:
    return to_wire(day) if day else None


def _placement(placement: CurrentPlacement) -> pb.CurrentPlacement:
    return pb.CurrentPlacement(
        urn=placement.urn,
        sen_setting=placement.sen_setting,
        part=PARTS[placement.part],
        first_day=_day(placement.first_day),
        last_day=_day(placement.last_day),
    )


def _named(named: NamedPlacement) -> pb.NamedPlacement:
    return pb.NamedPlacement(
        urn=named.urn,
        part=PARTS[named.part],
        pool_id=named.pool_id,
        first_day=to_wire(named.first_day),
        decision_id=named.decision_id,
    )


def _preference(preference: Preference) -> pb.Preference:
    return pb.Preference(
        urn=preference.urn,
        rank=preference.rank,
        legal_class=LEGAL_CLASSES[preference.legal_class],
        stated_by=preference.stated_by,
        stated_on=_day(preference.stated_on),
        ground_recorded=preference.ground,
    )


def _decision(decision: DecisionDue) -> pb.DecisionDue:
    return pb.DecisionDue(
        reason=REASONS[decision.reason],
        first_day=to_wire(decision.first_day),
        deadline=_day(decision.deadline),
        advised_kinds=decision.advised_kinds,
        top_up_band=decision.top_up_band,
    )


def _clocks(facts: CaseFacts) -> pb.LegalClocks:
    received = facts.request_received
    clocks = clocks_from(received) if received else None
    return pb.LegalClocks(
        request_received=_day(received),
        assess_by=to_wire(clocks.assess_by) if clocks else None,
        refuse_by=to_wire(clocks.refuse_by) if clocks else None,
        finalise_by=to_wire(clocks.finalise_by) if clocks else None,
        ehc_plan_started=_day(facts.ehc_plan_started),
        last_review=_day(facts.last_review),
        phase_transfer_due=_day(facts.phase_transfer_due),
    )


def _travel_needs(needs: TravelNeeds) -> pb.TravelNeeds:
    return pb.TravelNeeds(
        wheelchair=needs.wheelchair,
        passenger_assistant=needs.passenger_assistant,
        solo=needs.solo,
        apart_from=needs.apart_from,
    )


def _unit_evidence(decision: DecisionDue) -> pb.UnitEvidence:
    return pb.UnitEvidence(
        exclusion_risk=RISKS[decision.exclusion_risk],
        review_says_mainstream_cannot=decision.review_says_mainstream_cannot,
        review_date=_day(decision.review_date),
    )
