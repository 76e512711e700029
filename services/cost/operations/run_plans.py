"""Read the run plans that are kept. Advice only: a council's own contracts are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from inborough.cost.v1 import transport_pb2
from services.cost.storage import run_plans
from shared import identity
from shared.database import reading, writing
from shared.days import academic_year_start
from shared.errors import InvalidInput, NotFound
from shared.event_log import record_event

MOST_PLANS, USUAL_PLANS = 500, 100
LEAST_TOLD = 5
"""Totals of fewer children than this are told to those who may see cases alone (decision 29)."""
ADVICE = "See `inborough routes --list`; plan runs with `inborough routes`."


def get_run_plan(engine: Engine, run_plan_id: str, day: date) -> transport_pb2.RunPlan:
    """A run plan as it was kept; with an empty id the one in force on a day. A person's view is recorded.

    Raises NotFound.
    """
    with reading(engine) as connection:
        wanted = run_plan_id or find_in_force(connection, day)
        content = run_plans.find_run_plan(connection, wanted) if wanted else None
    if content is None:
        if not run_plan_id:
            raise NotFound("run plan in force on", day.isoformat(), ADVICE)
        raise NotFound("run plan", run_plan_id, ADVICE)
    plan = transport_pb2.RunPlan.FromString(content)
    if not identity.current().is_service:
        with writing(engine) as connection:
            record_event(connection, "run_plan_viewed", case_ids=cases_of(plan), run_plan_id=plan.run_plan_id)
    return plan


def find_in_force(connection: Connection, day: date) -> str | None:
    """The newest run plan of the academic year whose first day is not after a day, or None."""
    return run_plans.find_newest_id(connection, date(academic_year_start(day), 9, 1), day)


def cases_of(plan: transport_pb2.RunPlan) -> list[str]:
    """The children whom a run plan names, carried or not, each once."""
    aboard = {ride.case_id for run in plan.runs for stop in run.stops for ride in stop.rides}
    return sorted(aboard | {child.case_id for child in plan.not_carried})


@dataclass(frozen=True)
class RunPlanPage:
    """Totals of run plans, newest first, and where the next page starts ("" on the last)."""

    run_plans: list[transport_pb2.RunPlan]
    next_page_token: str


def list_run_plans(engine: Engine, page_size: int, page_token: str) -> RunPlanPage:
    """A page of run plans; those of one to four children are left out for whoever may not be shown cases.

    Raises InvalidInput for a page size over 500 or an unknown token.
    """
    if not 0 <= page_size <= MOST_PLANS:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_PLANS}, or 0 for {USUAL_PLANS}")
    most = page_size or USUAL_PLANS
    with reading(engine) as connection:
        rows = run_plans.list_run_plans(connection, most + 1, page_token)
    if rows is None:
        raise InvalidInput("page_token", "was not given by this call; start again without one")
    plans = [transport_pb2.RunPlan.FromString(summary) for _, summary in rows[:most]]
    if not _may_be_shown_cases():
        plans = [plan for plan in plans if not 0 < plan.carried < LEAST_TOLD]
    return RunPlanPage(plans, rows[most - 1][0] if len(rows) > most else "")


def _may_be_shown_cases() -> bool:
    who = identity.current()
    return who.sees_cases or identity.AUDITOR in who.roles


def totals_of(plan: transport_pb2.RunPlan) -> transport_pb2.RunPlan:
    """A run plan without its runs, settings and children not carried."""
    totals = transport_pb2.RunPlan()
    totals.CopyFrom(plan)
    for field in ("runs", "not_carried", "destinations"):
        totals.ClearField(field)
    return totals
