"""The runs in force, made ready for quotes from the run plan that is kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from inborough.cost.v1 import transport_pb2
from services.cost.carrying.ready import ReadyRuns, make_ready
from services.cost.operations.run_plans import find_in_force
from services.cost.operations.runs_office import RunsOffice
from services.cost.people_wire import people_from_wire
from services.cost.storage import fleets, repository, run_plans


def find_ready_runs(office: RunsOffice, connection: Connection, day: date) -> ReadyRuns | None:
    """The run plan in force on a day with its own fleet, rate card and bell times, or None where there is none."""
    found = find_in_force(connection, day)
    stored = run_plans.find_stored(connection, found) if found else None
    if stored is None:
        return None
    plan = transport_pb2.RunPlan.FromString(stored.content)
    asked = transport_pb2.PlanRunsRequest.FromString(stored.asked)
    bells = transport_pb2.GetFleetResponse.FromString(stored.bell_times)
    fleet, card = fleets.find_fleet(connection, plan.fleet_id), repository.find_card(connection, plan.rate_card_id)
    assert fleet, "versions are never taken away"
    assert card, "versions are never taken away"
    begins = {bell.urn: bell.bell_minutes for bell in bells.bell_times}
    begins = {setting.urn: begins.get(setting.urn, bells.usual_bell_minutes) for setting in asked.destinations}
    people = people_from_wire(asked.travellers, asked.destinations)
    return make_ready(office.terms_of(fleet, card, begins), people, plan)
