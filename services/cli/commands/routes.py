"""`routes`: the runs that carry children to school."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import FirstDay, Json, day_on_wire

if TYPE_CHECKING:
    from inborough.common.v1 import common_pb2
    from inborough.cost.v1 import transport_pb2
    from services.cli.calls import Services
    from services.words.runs import Names


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(routes)


def routes(
    first_day: FirstDay = None,
    listed: Annotated[bool, typer.Option("--list", help="List the run plans that are kept.")] = False,
    show: Annotated[str, typer.Option(metavar="RUN_PLAN_ID", help="Show one that is kept.")] = "",
    run: Annotated[int | None, typer.Option(min=1, metavar="N", help="With --show: the sheet of this run.")] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every run's stops, .csv, or .xlsx with the runs.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    instances: Annotated[
        Path | None,
        typer.Option(metavar="DIR", exists=True, file_okay=False, help="Solve public CVRP files instead; no service."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="With --instances: for each file.")] = 10.0,
    json: Json = False,
) -> None:
    """Plan the runs that carry children to school, shared, at the least cost.

    Everybody who is placed on the first day and has no decision due for it.
    No vehicle is overfull and no ride over its limit. The run plan is kept:
    from then on a quote says what a child would add to its runs. Advice only.

    Example:
      inborough routes
      inborough routes --show runs_9f2c41d07be35a86 --run 3
      inborough routes --show runs_9f2c41d07be35a86 --export runs.xlsx
      inborough routes --instances cvrp --seconds 10

    Next: inborough transport-quote CASE_ID URN
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.commands.route_instances import solve_instances
    from services.cli.pages.runs import run_page, run_plan_page, run_plans_page, totals_page
    from services.cli.pages.runs_json import run_json, run_plan_json, totals_json
    from services.cli.sheets import check_writable, write_sheets
    from services.planning.exports.run_sheets import run_plan_sheets

    if instances:
        solve_instances(instances, seconds, json=json)
        return
    if run and not show:
        raise typer.BadParameter("say of which run plan with --show", param_hint="--run")
    if export:
        check_writable(export, force)
    with Services() as services:
        if listed:
            plans = _list(services)
            if json:
                terminal.show_json({"run_plans": [totals_json(plan) for plan in plans]})
            else:
                terminal.show(*run_plans_page(plans, services.roles))
            return
        plan = _get(services, show) if show else _plan(services, day_on_wire(first_day))
        names, roles = _names(services), services.roles
        if export:
            whole = plan if show else _get(services, plan.run_plan_id)
            write_sheets(export, run_plan_sheets(whole, names), force)
            terminal.say(f"Wrote {export}.")
    if run:
        found = _run(plan, run)
        if json:
            terminal.show_json(run_json(found))
        else:
            terminal.show(*run_page(found, names))
    elif json:
        terminal.show_json(run_plan_json(plan) if show else totals_json(plan))
    else:
        terminal.show(*(run_plan_page(plan, names) if show else totals_page(plan, roles)))


def _plan(services: Services, first_day: common_pb2.Date | None) -> transport_pb2.RunPlan:
    from inborough.placement.v1 import travel_pb2
    from services.cli import terminal
    from services.cli.calls import RUNS_SECONDS, follow
    from services.cli.failures import CannotGoOn

    request = travel_pb2.PlanSchoolRunsRequest(first_day=first_day)
    with terminal.steps("Planning runs") as tell:
        for answer in follow(services.travel.PlanSchoolRuns, request, RUNS_SECONDS):
            if answer.HasField("run_plan"):
                return answer.run_plan
            tell(f"{answer.progress.done:,} of {answer.progress.total:,} groups of settings")
    raise CannotGoOn("The services stopped before they gave a run plan.", "Ask again.")


def _list(services: Services) -> list[transport_pb2.RunPlan]:
    from inborough.cost.v1 import transport_pb2
    from services.cli.calls import ask

    request = transport_pb2.ListRunPlansRequest(page_size=100)
    return list(ask(services.transport.ListRunPlans, request, "Reading run plans").run_plans)


def _get(services: Services, run_plan_id: str) -> transport_pb2.RunPlan:
    from inborough.cost.v1 import transport_pb2
    from services.cli.calls import ask

    request = transport_pb2.GetRunPlanRequest(run_plan_id=run_plan_id)
    return ask(services.transport.GetRunPlan, request, "Reading the run plan").run_plan


def _run(plan: transport_pb2.RunPlan, number: int) -> transport_pb2.Run:
    from services.cli.failures import CannotGoOn

    found = next((run for run in plan.runs if run.number == number), None)
    if found is None:
        raise CannotGoOn(f"The run plan has no run {number}.", f"Its runs are 1 to {len(plan.runs)}.")
    return found


def _names(services: Services) -> Names:
    """Every setting's name by URN."""
    from inborough.provision.v1 import provision_pb2
    from services.cli.calls import ask

    found: dict[int, str] = {}
    request = provision_pb2.ListSettingsRequest(page_size=500)
    while True:
        answer = ask(services.provision.ListSettings, request, "Reading the settings' names")
        found.update({setting.urn: setting.name for setting in answer.settings})
        if not answer.next_page_token:
            return found
        request.page_token = answer.next_page_token
