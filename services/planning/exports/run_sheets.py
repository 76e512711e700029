"""Runs as tables for a file: every stop with who gets in or out, and every run with what it costs. No home is named."""

from __future__ import annotations

from collections.abc import Iterator

from inborough.cost.v1 import transport_pb2
from services.planning.exports.sheets import Cell, Sheet
from services.words import runs
from services.words.runs import Names

STOP_COLUMNS = (
    *("run", "vehicle_type", "passenger_assistant", "stop", "time", "place", "urn"),
    *("case_id", "in_or_out", "ride_minutes", "limit_minutes", "beyond_guide", "wheelchair"),
)
RUN_COLUMNS = (
    *("run", "vehicle_type", "passenger_assistant", "settings", "children", "first_stop", "minutes", "metres"),
    *("gbp_a_year", "gbp_a_year_alone_in_taxis"),
)
NOT_CARRIED_COLUMNS = ("case_id", "urn", "setting", "why", "legal_basis")


def run_plan_sheets(plan: transport_pb2.RunPlan, names: Names) -> list[Sheet]:
    """Stops, runs and children who are not carried; a home is its square kilometre."""
    return [
        Sheet("stops", STOP_COLUMNS, [row for run in plan.runs for row in _stop_rows(run, names)]),
        Sheet("runs", RUN_COLUMNS, [_run_row(run, names) for run in plan.runs]),
        Sheet("not carried", NOT_CARRIED_COLUMNS, [_not_carried_row(child, names) for child in plan.not_carried]),
    ]


def _stop_rows(run: transport_pb2.Run, names: Names) -> Iterator[list[Cell]]:
    for number, stop in enumerate(run.stops, start=1):
        place: list[Cell] = [number, runs.clock(stop.at_minutes), runs.where(stop, names), stop.urn or None]
        for one in stop.rides:
            yield [run.number, run.vehicle_type, _yes(run.assistant), *place, *_ride_cells(one, bool(stop.urn))]


def _ride_cells(one: transport_pb2.Ride, gets_out: bool) -> list[Cell]:
    said: list[Cell] = [one.case_id, "out" if gets_out else "in"]
    return [*said, one.minutes, one.limit_minutes, _yes(one.beyond_guide), _yes(one.wheelchair)]


def _run_row(run: transport_pb2.Run, names: Names) -> list[Cell]:
    about: list[Cell] = [run.number, run.vehicle_type, _yes(run.assistant), runs.settings_of(run, names)]
    journey: list[Cell] = [runs.children_on(run), runs.starts_at(run), run.minutes, run.distance_metres]
    return [*about, *journey, run.annual_pence / 100, run.solo_annual_pence / 100]


def _not_carried_row(child: transport_pb2.NotCarried, names: Names) -> list[Cell]:
    why = child.eligibility
    return [child.case_id, child.urn, runs.setting(names, child.urn), why.reason, why.legal_basis]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
