"""What a SEN2 return says of a person, and the rules that read a case from it.

Every plan has its own details: nothing of one plan is ever read as another's. A plan without a day of ceasing is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.caseload.domain.ages import reception_year
from services.caseload.domain.case import (
    CaseFacts,
    CaseStage,
    CurrentPlacement,
    Home,
    Need,
    PlacementPart,
    RequestStage,
)


@dataclass(frozen=True, slots=True)
class PlacedAt:
    """A setting named in a plan or attended; `rank` 1 is the main one. Only one attended has days."""

    urn: int
    sen_setting: str
    part: PlacementPart
    rank: int
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """An EHC plan with the settings that it names."""

    started: date
    ceased: date | None
    details: tuple[PlacedAt, ...]


@dataclass(frozen=True, slots=True)
class ActivePlan:
    """What the return says of a plan in force, or of needs found so far where none is made yet."""

    last_review: date | None
    phase_transfer_due: date | None
    placements: tuple[PlacedAt, ...]
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request for an assessment and what came of it. `stage` counts while no plan is made."""

    received: date | None
    plans: tuple[NamedPlan, ...]
    active_plans: tuple[ActivePlan, ...]
    stage: RequestStage = RequestStage.ASKED


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the return, without name and identifiers. `sex` is "M", "F" or ""."""

    sex: str
    birth_date: date
    requests: tuple[Request, ...]


def read_facts(person: Person, home: Home | None) -> CaseFacts:
    """The case as the return has it: of the request with the newest open plan, else of the newest request."""
    request = _request_in_hand(person.requests)
    stage = stage_of(request)
    plan = newest_open_plan(request)
    last = plan or last_ceased_plan(request)
    active = _active_plan(request, person.requests)
    return CaseFacts(
        sex=person.sex,
        birth_year=person.birth_date.year,
        birth_month=person.birth_date.month,
        reception_year=reception_year(person.birth_date),
        stage=stage,
        needs=active.needs if active else (),
        home=home,
        placement=current_placement(active, plan) if stage is not CaseStage.CEASED else None,
        request_received=request.received if request else None,
        ehc_plan_started=last.started if last else None,
        last_review=active.last_review if active else None,
        phase_transfer_due=active.phase_transfer_due if active and stage is CaseStage.OPEN_PLAN else None,
        request_stage=_request_stage(request, stage),
        ehc_plan_ceased=last.ceased if last else None,
    )


def _request_stage(request: Request | None, stage: CaseStage) -> RequestStage:
    """As its outcomes say while no plan is made; once one is, they are history."""
    if stage is not CaseStage.ASSESSMENT:
        return RequestStage.PLAN_AGREED
    return request.stage if request else RequestStage.ASKED


def stage_of(request: Request | None) -> CaseStage:
    """Open while any plan is, ceased when all are; without a named plan, open once placed or reviewed."""
    if request is None:
        return CaseStage.ASSESSMENT
    if newest_open_plan(request):
        return CaseStage.OPEN_PLAN
    if request.plans:
        return CaseStage.CEASED
    in_force = any(active.placements or active.last_review for active in request.active_plans)
    return CaseStage.OPEN_PLAN if in_force else CaseStage.ASSESSMENT


def newest_open_plan(request: Request | None) -> NamedPlan | None:
    """The plan that has not ceased; the one that began last where a return has several."""
    open_plans = [plan for plan in request.plans if plan.ceased is None] if request else []
    return max(open_plans, key=lambda plan: plan.started, default=None)


def last_ceased_plan(request: Request | None) -> NamedPlan | None:
    """The plan that ceased last; of several that ceased on one day, the one that began last."""
    ceased = [(plan.ceased, plan.started, plan) for plan in request.plans if plan.ceased] if request else []
    return max(ceased, key=lambda dated: dated[:2])[2] if ceased else None


def current_placement(active: ActivePlan | None, plan: NamedPlan | None) -> CurrentPlacement | None:
    """The placement attended, else the setting that the open plan names first.

    Of several: one without a leaving date, then the main one of a dual placement, then the newest entry or leaving.
    """
    attended = max(active.placements, key=_how_current) if active and active.placements else None
    named = min(plan.details, key=lambda detail: detail.rank) if plan and plan.details else None
    placed = attended or named
    if placed is None:
        return None
    return CurrentPlacement(placed.urn, placed.sen_setting, placed.part, placed.first_day, placed.last_day)


def _how_current(placed: PlacedAt) -> tuple[bool, date, int, date]:
    never = date.min
    if placed.last_day:
        return False, placed.last_day, -placed.rank, placed.first_day or never
    return True, never, -placed.rank, placed.first_day or never


def _request_in_hand(requests: Sequence[Request]) -> Request | None:
    def newness(request: Request) -> tuple[bool, date, date]:
        plan = newest_open_plan(request)
        is_open = stage_of(request) is CaseStage.OPEN_PLAN
        return is_open, plan.started if plan else date.min, request.received or date.min

    return requests[0] if len(requests) == 1 else max(requests, key=newness, default=None)


def _active_plan(in_hand: Request | None, requests: Sequence[Request]) -> ActivePlan | None:
    """The most recently reviewed one of the request in hand, else of the newest request that has one."""
    newest_first = sorted(requests, key=lambda request: request.received or date.min, reverse=True)
    for request in (in_hand, *newest_first):
        if request and request.active_plans:
            return max(request.active_plans, key=lambda active: active.last_review or date.min)
    return None
