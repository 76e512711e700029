"""Run plans and runs for a person: what they come to, each run, and the sheet of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from inborough.cost.v1 import transport_pb2
from services import words
from services.cli import terminal
from services.cli.typed import typed
from services.words import runs
from services.words.runs import Names
from shared.identity import AUDITOR, CASEWORKER, PLANNER
from shared.pence import pounds

SEE_WHO_RIDES = frozenset({CASEWORKER, AUDITOR})
"""Roles that may see a run plan's runs, with the children on them."""


def totals_page(plan: transport_pb2.RunPlan, roles: Collection[str]) -> Iterator[RenderableType]:
    """A run plan that has just been made; what comes next is what somebody of these roles may do."""
    yield terminal.heading(f"Run plan {plan.run_plan_id}")
    yield terminal.facts(list(runs.headline(plan)))
    yield f"\n{runs.ALONE} {runs.ADVICE}"
    yield f"Next: {typed(_next(plan, roles) or 'routes --list')}"


def _next(plan: transport_pb2.RunPlan, roles: Collection[str]) -> str:
    """To whom runs tell nothing more, planning with them does."""
    if SEE_WHO_RIDES & set(roles):
        return f"routes --show {plan.run_plan_id}"
    return "plan --with-runs" if PLANNER in roles else ""


def run_plans_page(plans: Sequence[transport_pb2.RunPlan], roles: Collection[str]) -> Iterator[RenderableType]:
    """Those that are kept, newest first; when there are none, how one comes about."""
    if not plans:
        yield f"No run plan is kept yet. Make one: {typed('routes')}"
        return
    columns = ("Run plan", "First day", "Made", "Carried", "Runs", "A year", "Against taxis")
    rows = [
        (
            plan.run_plan_id,
            words.short_day(plan.first_day),
            words.instant(plan.planned_time),
            f"{plan.carried:,}",
            f"{plan.run_count:,}",
            pounds(plan.annual_pence),
            runs.compared(plan.annual_pence, plan.solo_annual_pence),
        )
        for plan in plans
    ]
    yield terminal.table(columns, rows, right=columns[3:6], whole=columns[:1])
    if after := _next(plans[0], roles):
        yield f"Next: {typed(after)}"


def run_plan_page(plan: transport_pb2.RunPlan, names: Names) -> Iterator[RenderableType]:
    """A run plan with its runs, settings, and who is not carried."""
    yield terminal.heading(f"Run plan {plan.run_plan_id}")
    yield terminal.facts(list(runs.headline(plan)))
    yield terminal.heading("Runs")
    yield _runs(plan, names)
    yield terminal.heading("By setting")
    yield _settings(plan, names)
    yield from _not_carried(plan)
    yield f"\n{runs.ALONE} {runs.DAY_RATE} {runs.ADVICE}"
    yield f"Next: {typed(f'routes --show {plan.run_plan_id} --run 1')}"


def _runs(plan: transport_pb2.RunPlan, names: Names) -> Table:
    columns = ("Run", "To, with", "Children", "From", "Minutes", "A year", "Alone in taxis")
    rows = [
        (
            f"{run.number}",
            f"{runs.settings_of(run, names)}\n{runs.vehicle(run)}",
            f"{runs.children_on(run)}",
            runs.starts_at(run),
            f"{run.minutes}",
            pounds(run.annual_pence),
            pounds(run.solo_annual_pence),
        )
        for run in plan.runs
    ]
    return terminal.table(columns, rows, right=("Run", *columns[2:]), spaced=True)


def _settings(plan: transport_pb2.RunPlan, names: Names) -> Table:
    columns = ("Setting", "Carried", "Runs", "A year", "Alone in taxis")
    rows = [
        (
            runs.setting(names, one.urn),
            f"{one.carried:,}",
            f"{one.runs:,}",
            pounds(one.annual_pence),
            pounds(one.solo_annual_pence),
        )
        for one in plan.destinations
    ]
    return terminal.table(columns, rows, right=columns[1:])


def _not_carried(plan: transport_pb2.RunPlan) -> Iterator[RenderableType]:
    if plan.not_carried:
        yield terminal.heading(f"Not carried: {words.counted(len(plan.not_carried), 'child', 'children')}")
        for reason, count in runs.reasons_not_carried(plan.not_carried):
            yield f"- {count:,}: {reason}"


def run_page(run: transport_pb2.Run, names: Names) -> Iterator[RenderableType]:
    """The sheet of one run: every stop in order, and what it costs line by line."""
    yield terminal.heading(f"Run {run.number}: {runs.vehicle(run)} to {runs.settings_of(run, names)}")
    yield (
        f"{words.counted(runs.children_on(run), 'child', 'children')}, {runs.kilometres(run.distance_metres)}, "
        f"{words.counted(run.minutes, 'minute')}; back in the afternoon the other way round."
    )
    columns = ("Time", "Where", "Case", "Aboard")
    rows = [row for stop in run.stops for row in _stop_rows(run, stop, names)]
    yield terminal.table(columns, rows, whole=("Time", "Case"))
    yield terminal.heading("What it costs a year")
    lines = [(line.label, pounds(line.annual_pence), _source(line)) for line in run.lines]
    total = ("Total", pounds(run.annual_pence), "")
    yield terminal.table(("For", "A year", "Basis and source"), [*lines, total], right=("A year",))
    yield f"A taxi each, by the rate card: {pounds(run.solo_annual_pence)} a year."
    yield f"\n{runs.TIMES} {runs.DAY_RATE} Homes are known here by square kilometre only. {runs.ADVICE}"


def _stop_rows(run: transport_pb2.Run, stop: transport_pb2.Stop, names: Names) -> Iterator[tuple[str, ...]]:
    at, place = runs.clock(stop.at_minutes), runs.where(stop, names)
    if stop.urn:
        yield at, place, "", f"{words.counted(len(stop.rides), 'child gets', 'children get')} out"
        return
    for one in stop.rides:
        yield at, place, one.case_id, runs.ride(one, runs.goes_to(run, one.case_id, names))
        at, place = "", ""


def _source(line: transport_pb2.RunCost) -> str:
    return f"{line.source.basis.replace('_', ' ')}: {line.source.source}"
