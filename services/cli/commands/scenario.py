"""`scenario`: what would follow if places, demand, prices or practice were different."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import exits
from services.cli.commands.options import Json, PageSize, PageToken, RequestId

if TYPE_CHECKING:
    from inborough.placement.v1 import scenarios_pb2
    from services.cli.calls import Services

scenario = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""What would follow if places, demand, prices or practice were different.

A scenario is a file of levers. It is simulated many times beside its
baseline, the same without levers, with the real optimiser for each year's
decisions: children in INMSS and without a place, spend and deficit, places
used, and what one more place would be worth, each with its band.

Example:
  inborough scenario template > late.toml
  inborough scenario run late.toml""",
)

File = Annotated[Path | None, typer.Argument(metavar="[FILE.toml]", exists=True, dir_okay=False, show_default=False)]
ScenarioId = Annotated[str, typer.Argument(metavar="SCENARIO_ID", help="From inborough scenario list.")]
Name = Annotated[str, typer.Option(metavar="NAME", help="Instead of the file's name; the same again is a new version.")]
Replicates = Annotated[int | None, typer.Option(min=1, max=10_000, help="Runs, instead of the file's.")]
Years = Annotated[int | None, typer.Option(min=1, max=15, help="Academic years, instead of the file's.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Of all that is drawn, instead of the file's.")]
BasedOn = Annotated[
    str, typer.Option("--based-on", metavar="SCENARIO_ID", help="Clone this one; without a file, on today's facts.")
]
CancelOnInterrupt = Annotated[
    bool, typer.Option("--cancel-on-interrupt", help="Ctrl-C stops the scenario too, not only the watching.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands. Others add theirs to `scenario` before."""
    app.add_typer(scenario, name="scenario")


@scenario.command()
def template() -> None:
    """Print a definition to start from, with every lever explained.

    Example:
      inborough scenario template > late.toml

    Next: inborough scenario run late.toml
    """
    from services.planning.scenario_template import scenario_template
    from shared import clock

    today = clock.today()
    print(scenario_template(today.year if (today.month, today.day) < (9, 1) else today.year + 1), end="")


@scenario.command()
def new(
    file: File = None,
    name: Name = "",
    replicates: Replicates = None,
    years: Years = None,
    seed: Seed = None,
    based_on: BasedOn = "",
    request_id: RequestId = "",
    json: Json = False,
) -> None:
    """Keep a scenario and have it simulated, without waiting for it.

    Example:
      inborough scenario new late.toml
      inborough scenario new --based-on scen_5f0c9a7be21d4433 --seed 2

    Next: inborough scenario watch SCENARIO_ID
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.pages.scenarios import scenario_json, scenario_page
    from services.cli.scenarios import create

    request = _request(file, name, replicates, years, seed, based_on, request_id)
    with Services() as services:
        made = create(services, request)
    terminal.show_json(scenario_json(made)) if json else terminal.show(*scenario_page(made))


@scenario.command()
def run(
    file: File = None,
    name: Name = "",
    replicates: Replicates = None,
    years: Years = None,
    seed: Seed = None,
    based_on: BasedOn = "",
    request_id: RequestId = "",
    cancel_on_interrupt: CancelOnInterrupt = False,
    json: Json = False,
) -> None:
    """Keep a scenario, watch it being simulated, and show what it comes to.

    Ctrl-C leaves it running. Exit status 1 when it failed or was cancelled.

    Example:
      inborough scenario run late.toml
      inborough scenario run late.toml --replicates 20 --cancel-on-interrupt

    Next: inborough scenario compare SCENARIO_ID SCENARIO_ID
    """
    from services.cli.calls import Services
    from services.cli.scenarios import create

    request = _request(file, name, replicates, years, seed, based_on, request_id)
    with Services() as services:
        made = create(services, request)
        _watch_and_show(services, made.scenario_id, cancel_on_interrupt=cancel_on_interrupt, json=json)


@scenario.command("list")
def list_scenarios(
    name: Annotated[str, typer.Option(metavar="NAME", help="Only versions of this name.")] = "",
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Scenarios, newest first, and how far each has come.

    Example:
      inborough scenario list

    Next: inborough scenario show SCENARIO_ID
    """
    from inborough.placement.v1 import scenarios_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.scenarios import scenarios_json, scenarios_page

    request = scenarios_pb2.ListScenariosRequest(name=name, page_size=page_size, page_token=page_token)
    with Services() as services:
        page = ask(services.scenarios.ListScenarios, request, "Reading scenarios")
    terminal.show_json(scenarios_json(page)) if json else terminal.show(*scenarios_page(page))


@scenario.command()
def show(
    scenario_id: ScenarioId,
    definition: Annotated[bool, typer.Option("--definition", help="Print its definition as TOML instead.")] = False,
    json: Json = False,
) -> None:
    """What a scenario comes to, or how far it has come.

    Example:
      inborough scenario show scen_5f0c9a7be21d4433
      inborough scenario show scen_5f0c9a7be21d4433 --definition > again.toml

    Next: inborough scenario compare SCENARIO_ID SCENARIO_ID
    """
    from services.cli.calls import Services
    from services.cli.scenarios import get

    with Services() as services:
        found = get(services, scenario_id)
        if definition:
            print(found.definition)
        else:
            _show(services, found, json=json)


@scenario.command()
def watch(scenario_id: ScenarioId, cancel_on_interrupt: CancelOnInterrupt = False, json: Json = False) -> None:
    """Watch a scenario being simulated, and show what it comes to.

    Exit status 1 when it failed or was cancelled.

    Example:
      inborough scenario watch scen_5f0c9a7be21d4433

    Next: inborough scenario show SCENARIO_ID
    """
    from services.cli.calls import Services

    with Services() as services:
        _watch_and_show(services, scenario_id, cancel_on_interrupt=cancel_on_interrupt, json=json)


@scenario.command()
def compare(
    scenario_ids: Annotated[
        list[str], typer.Argument(metavar="SCENARIO_ID...", help="Two to six; the first is theirs.")
    ],
    json: Json = False,
) -> None:
    """Scenarios of the same facts beside the first of them, replicate by replicate.

    Example:
      inborough scenario compare scen_5f0c9a7be21d4433 scen_9b1d3c5e7f901122

    Next: inborough scenario show SCENARIO_ID
    """
    from inborough.placement.v1 import scenarios_pb2
    from services.cli import terminal
    from services.cli.calls import PLAN_SECONDS, Services, ask
    from services.cli.pages.scenario_result import comparison_json, comparison_page

    request = scenarios_pb2.CompareScenariosRequest(scenario_ids=scenario_ids)
    with Services() as services:
        found = ask(services.scenarios.CompareScenarios, request, "Comparing scenarios", PLAN_SECONDS)
    terminal.show_json(comparison_json(found)) if json else terminal.show(*comparison_page(found))


@scenario.command()
def cancel(scenario_id: ScenarioId, json: Json = False) -> None:
    """Stop a scenario. Whatever other scenarios need of its baseline goes on.

    Example:
      inborough scenario cancel scen_5f0c9a7be21d4433

    Next: inborough scenario new --based-on SCENARIO_ID
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.pages.scenarios import scenario_json, scenario_page
    from services.cli.scenarios import cancel as stop

    with Services() as services:
        stopped = stop(services, scenario_id)
    terminal.show_json(scenario_json(stopped)) if json else terminal.show(*scenario_page(stopped))


def _request(
    file: Path | None,
    name: str,
    replicates: int | None,
    years: int | None,
    seed: int | None,
    based_on: str,
    request_id: str,
) -> scenarios_pb2.CreateScenarioRequest:
    from inborough.placement.v1 import scenarios_pb2
    from services.cli.failures import CannotGoOn

    if file is None and not based_on:
        raise typer.BadParameter("name a file, or --based-on a scenario", param_hint="FILE.toml")
    try:
        text = file.read_text(encoding="utf-8") if file else ""
    except UnicodeDecodeError:
        raise CannotGoOn(f"{file} is not text in UTF-8.", "Save it as UTF-8 and try again.") from None
    return scenarios_pb2.CreateScenarioRequest(
        request_id=request_id,
        name=name,
        definition=text,
        based_on=based_on,
        replicates=replicates,
        years=years,
        seed=seed,
    )


def _watch_and_show(services: Services, scenario_id: str, *, cancel_on_interrupt: bool, json: bool) -> None:
    from services.cli.scenarios import watch as follow

    _show(services, follow(services, scenario_id, cancel_on_interrupt=cancel_on_interrupt), json=json, ended=True)


def _show(services: Services, found: scenarios_pb2.Scenario, *, json: bool, ended: bool = False) -> None:
    """The result of a finished scenario, the state of another; `ended`: one without a result is a no."""
    from inborough.placement.v1 import scenarios_pb2
    from services.cli import terminal
    from services.cli.pages.scenario_result import result_json, result_page
    from services.cli.pages.scenarios import scenario_json, scenario_page
    from services.cli.scenarios import pool_names, result

    if found.state == scenarios_pb2.SCENARIO_STATE_FINISHED:
        answer = result(services, found.scenario_id)
        if json:
            terminal.show_json(result_json(answer))
        else:
            terminal.show(*result_page(answer, pool_names(services, found), found.definition))
        return
    terminal.show_json(scenario_json(found)) if json else terminal.show(*scenario_page(found))
    if ended:
        raise typer.Exit(exits.ANSWER_IS_NO)
