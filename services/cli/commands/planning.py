"""`plan`: all decisions due together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import FirstDay, Json, PolicyName, day_on_wire

if TYPE_CHECKING:
    from inborough.placement.v1 import placement_pb2, travel_pb2
    from services.cli.calls import Services
    from services.words.pool_names import PlanNames


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(plan)


def plan(
    first_day: FirstDay = None,
    policy: PolicyName = "",
    export: Annotated[
        Path | None, typer.Option(metavar="PROBLEM.json", help="Write the problem too, for inborough solve.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write the problem over a file that is there.")] = False,
    with_runs: Annotated[
        bool, typer.Option("--with-runs", help="Plan the runs that carry children there with it; takes minutes.")
    ] = False,
    json: Json = False,
) -> None:
    """Plan all decisions due for a first day at once, and prove it the best.

    Shows who is placed in what kind of place, who is not and why, what is
    saved against deciding case by case, and where one more place would be
    worth most. Without --first-day: the day with the most decisions due.
    With --with-runs: what is saved by placing children so that they share
    runs, how far from the best that can be, and who would go elsewhere.

    Example:
      inborough plan
      inborough plan --first-day 2024-09-02 --export problem.json
      inborough plan --with-runs

    Next: inborough solve problem.json, to check the plan without the services
    """
    from services.cli.calls import Services
    from services.cli.failures import CannotGoOn

    if export and export.exists() and not force:
        raise CannotGoOn(f"{export} is there already.", "Choose another name, or write over it with --force.")
    with Services() as services:
        if with_runs:
            _plan_with_runs(services, first_day, policy, export, json)
        else:
            _plan(services, first_day, policy, export, json)


def _plan(services: Services, first_day: str | None, policy: str, export: Path | None, json: bool) -> None:
    from inborough.placement.v1 import placement_pb2
    from services.cli import terminal
    from services.cli.calls import PLAN_SECONDS, ask
    from services.cli.pages.plan_json import plan_json
    from services.cli.pages.plan_page import plan_page

    request = placement_pb2.ProposePlanRequest(first_day=day_on_wire(first_day), policy=policy)
    made = ask(services.placement.ProposePlan, request, "Planning all decisions due", PLAN_SECONDS).plan
    if export:
        _export(services, made, export)
    if json:
        terminal.show_json(plan_json(made))
    else:
        terminal.show(*plan_page(made, _names(services, made)))


def _plan_with_runs(services: Services, first_day: str | None, policy: str, export: Path | None, json: bool) -> None:
    from inborough.placement.v1 import travel_pb2
    from services.cli import terminal
    from services.cli.pages.joint_page import joint_page
    from services.cli.pages.plan_json import joint_json

    request = travel_pb2.ProposeJointPlanRequest(first_day=day_on_wire(first_day), policy=policy)
    made = _follow_rounds(services, request)
    if export:
        _export(services, made.plan, export)
    if json:
        terminal.show_json(joint_json(made))
    else:
        terminal.show(*joint_page(made, _names(services, made.plan)))


def _follow_rounds(services: Services, request: travel_pb2.ProposeJointPlanRequest) -> travel_pb2.JointPlan:
    from services.cli import terminal
    from services.cli.calls import RUNS_SECONDS, follow
    from services.cli.failures import CannotGoOn
    from services.cli.pages.joint_page import round_line

    with terminal.steps("Planning places and runs together") as tell:
        for answer in follow(services.travel.ProposeJointPlan, request, RUNS_SECONDS):
            if answer.HasField("joint_plan"):
                return answer.joint_plan
            tell(round_line(answer.round))
    raise CannotGoOn("The services stopped before they gave a plan.", "Ask again.")


def _export(services: Services, made: placement_pb2.PlacementPlan, path: Path) -> None:
    from inborough.placement.v1 import placement_pb2
    from services.cli import terminal
    from services.cli.calls import PLAN_SECONDS, ask
    from services.cli.typed import typed

    request = placement_pb2.ExportProblemRequest(plan_id=made.plan_id)
    path.write_bytes(ask(services.placement.ExportProblem, request, "Exporting the problem", PLAN_SECONDS).problem_json)
    terminal.say(f"Wrote {path}. Solve it again with `{typed(f'solve {path}')}`.")


def _names(services: Services, made: placement_pb2.PlacementPlan) -> PlanNames:
    from inborough.provision.v1 import provision_pb2
    from services.cli.calls import ask
    from services.words.pool_names import build_names

    request = provision_pb2.ListPlacePoolsRequest(first_day=made.first_day)
    return build_names(ask(services.provision.ListPlacePools, request, "Reading the pools' names").pools)
