"""Plan the runs that carry children from a first day, and keep them whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import numpy as np

from inborough.cost.v1 import transport_pb2
from services.cost.carrying.groups import build_groups
from services.cost.carrying.people import NOWHERE
from services.cost.carrying.planned import GroupPlan, WholePlan, gather_plan
from services.cost.carrying.solver import Stopped
from services.cost.fleet_wire import fleet_to_wire
from services.cost.operations.fleets import FleetInForce
from services.cost.operations.run_plans import totals_of
from services.cost.operations.runs_office import RunsOffice
from services.cost.people_wire import people_from_wire
from services.cost.run_plan_wire import Heading, run_plan_to_wire
from services.cost.storage import repository, run_plans
from shared.database import reading, writing
from shared.days import now_utc
from shared.event_log import record_event
from shared.ids import new_id
from shared.logs import log

Progress = tuple[int, int]


def plan_runs(
    office: RunsOffice, first_day: date, asked: transport_pb2.PlanRunsRequest, gone: threading.Event
) -> Iterator[Progress | transport_pb2.RunPlan]:
    """Groups done and all of them while it works; at last the run plan, kept. Once `gone` is set nothing is kept.

    Raises WrongState without a fleet or a rate card, InvalidInput and TooMuch as `people_from_wire`.
    """
    people = people_from_wire(asked.travellers, asked.destinations)
    with reading(office.engine) as connection:
        terms = office.get_terms(connection, first_day)
    going = np.flatnonzero(people.destination != NOWHERE)
    owed = office.judge(people, going, people.destination[going])
    carried = going[owed.carried]
    groups = build_groups(terms, people, np.unique(people.destination[carried]), carried)
    found: list[GroupPlan | None] = [None] * len(groups)
    yield 0, len(groups)
    try:
        for done, (at, runs) in enumerate(office.solver.plan([group.problem for group in groups], gone), start=1):
            found[at] = GroupPlan(groups[at], runs)
            yield done, len(groups)
    except Stopped:
        log("run_plan_dropped", groups=len(groups))
        return
    planned = gather_plan(terms, people, owed, [each for each in found if each])
    yield _keep(office, first_day, asked, planned)


def _keep(
    office: RunsOffice, first_day: date, asked: transport_pb2.PlanRunsRequest, plan: WholePlan
) -> transport_pb2.RunPlan:
    heading = Heading(new_id("runs"), first_day, now_utc())
    message, terms = run_plan_to_wire(heading, plan), plan.terms
    bells = fleet_to_wire(FleetInForce(terms.fleet, terms.bell_minutes), terms.habits.usual_bell_minutes)
    aboard = [plan.people.ids[row] for row in plan.carried.tolist()]
    stored = run_plans.StoredRunPlan(
        run_plan_id=heading.run_plan_id,
        first_day=first_day,
        planned_at=heading.planned_at,
        summary=totals_of(message).SerializeToString(deterministic=True),
        content=message.SerializeToString(deterministic=True),
        asked=_aboard(asked, set(aboard)).SerializeToString(deterministic=True),
        bell_times=bells.SerializeToString(deterministic=True),
    )
    with writing(office.engine) as connection:
        repository.lock_for_import(connection)
        run_plans.keep_run_plan(connection, stored)
        record_event(
            connection,
            "run_plan_kept",
            case_ids=aboard,
            run_plan_id=heading.run_plan_id,
            first_day=first_day,
            fleet_id=message.fleet_id,
            rate_card_id=message.rate_card_id,
        )
    log("run_plan_kept", run_plan_id=heading.run_plan_id, carried=message.carried, runs=message.run_count)
    return message


def _aboard(asked: transport_pb2.PlanRunsRequest, aboard: set[str]) -> transport_pb2.PlanRunsRequest:
    """What was asked, as far as somebody is carried."""
    travellers = [child for child in asked.travellers if child.case_id in aboard]
    used = {child.urn for child in travellers}
    destinations = [setting for setting in asked.destinations if setting.urn in used]
    return transport_pb2.PlanRunsRequest(first_day=asked.first_day, travellers=travellers, destinations=destinations)
