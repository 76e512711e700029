"""`siting` and `siting-example`: which bids to fund, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Json
from services.cli.commands.trajectory import Force, Out

if TYPE_CHECKING:
    from services.placement.model.siting import SitingProgress
    from services.planning.siting.demand import Demand


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(siting)
    app.command("siting-example")(siting_example)


def siting(
    bids: Annotated[Path, typer.Argument(metavar="BIDS", exists=True, dir_okay=False, help="The bids: CSV or XLSX.")],
    budget: Annotated[str, typer.Option(metavar="POUNDS", help="Capital that there is.")],
    demand: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Demand paths: CSV or XLSX.")
    ] = None,
    scenario: Annotated[
        str, typer.Option(metavar="SCENARIO_ID", help="Demand of a finished scenario instead: each replicate a path.")
    ] = "",
    paths: Annotated[int | None, typer.Option(min=1, max=1000, help="How many paths to take; all if not said.")] = None,
    gap: Annotated[float, typer.Option(min=0, max=50, metavar="PERCENT", help="Stop when proven within this.")] = 0.0,
    runners_up: Annotated[int, typer.Option(min=0, max=10, help="How many next best sets.")] = 3,
    seconds: Annotated[float | None, typer.Option(min=1, help="At most, for each set.")] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="BID", help="Leave this bid out; may be repeated.")
    ] = None,
    discount: Annotated[float, typer.Option(min=0, max=20, metavar="PERCENT", help="A year.")] = 3.5,
    fee: Annotated[str, typer.Option(metavar="POUNDS", help="INMSS fee, a child and year.")] = "63000",
    transport: Annotated[str, typer.Option(metavar="POUNDS", help="INMSS transport, a child and year.")] = "8116",
    near: Annotated[str, typer.Option(metavar="POUNDS", help="Transport within an area.")] = "1526",
    far: Annotated[str, typer.Option(metavar="POUNDS", help="Transport to another area.")] = "8116",
    seed: Annotated[int, typer.Option(min=0, help="Of slippage, and of the paths drawn.")] = 1,
    out: Out = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Choose which bids to fund within a capital budget, over sampled demand.

    Finds the set with the least expected cost of the whole period, proves how
    near the least it is, and shows the next best sets with the regret of each.
    An HN unit runs only with 4 to 6 children. Nobody is moved: the demand is
    children who want a place and would be in INMSS or without one.

    The demand file has the columns path, year, need, phase, area, children. Or
    name a finished scenario: areas are those of its definition. Ctrl-C stops it.

    Example:
      inborough siting-example example
      inborough siting example/bids.csv --budget 3300000 --demand example/demand.csv --gap 1

    Next: inborough template bids, for your own
    """
    from services.cli import terminal
    from services.cli.commands.trajectory import pence_of
    from services.cli.failures import CannotGoOn
    from services.cli.pages.siting import siting_page
    from services.cli.sheets import check_writable, write_sheets
    from services.cli.sources import source_of
    from services.placement.model.siting import SitingSearch, solve_siting
    from services.planning.siting.answer import Sited, siting_json, siting_sheets
    from services.planning.siting.bids import read_bids
    from services.planning.siting.build import Choices, Prices, build_problem

    if out:
        check_writable(out, force)
    prices = Prices(
        pence_of(fee, "--fee"), pence_of(transport, "--transport"), pence_of(near, "--near"), pence_of(far, "--far")
    )
    choices = Choices(pence_of(budget, "--budget"), tuple(without or ()), discount / 100, seed)
    read, wanted = read_bids(source_of(bids)), _demand(demand, scenario).sampled(paths, seed)
    try:
        problem = build_problem(read, wanted, prices, choices)
    except ValueError as error:
        raise CannotGoOn(f"{bids}: {error}", "Name bids as the file does.") from None
    search = SitingSearch(gap / 100, runners_up, seconds)
    try:
        with _progress() as watch:
            answer = solve_siting(problem, search, watch)
    except TimeoutError as error:
        raise CannotGoOn(str(error), "Give it more with --seconds, or leave that out.") from None
    sited = Sited({bid.bid_ref: bid for bid in read}, wanted, problem, answer)
    if out:
        write_sheets(out, siting_sheets(sited), force)
        terminal.say(f"Wrote {out}.")
    if json:
        terminal.show_json(siting_json(sited))
    else:
        terminal.show(*siting_page(sited))


def _demand(file: Path | None, scenario_id: str) -> Demand:
    from inborough.placement.v1 import scenarios_pb2
    from services.cli.calls import CHANGE_SECONDS, Services, ask
    from services.cli.sources import source_of
    from services.planning.siting.demand import demand_from, read_demand

    if (file is None) == (not scenario_id):
        raise typer.BadParameter("name a file, or a finished scenario with --scenario", param_hint="--demand")
    if file is not None:
        return read_demand(source_of(file))
    request = scenarios_pb2.GetScenarioDemandRequest(scenario_id=scenario_id)
    with Services() as services:
        return demand_from(ask(services.scenarios.GetScenarioDemand, request, "Reading the demand", CHANGE_SECONDS))


@contextmanager
def _progress() -> Iterator[Callable[[SitingProgress], None]]:
    """A line that says where the search is: renewed on a terminal, one for each step elsewhere."""
    from services.cli import terminal
    from services.planning.siting.steps import step_line

    console = terminal.errors()
    if console.is_terminal:
        with console.status("Choosing bids … (Ctrl-C stops)") as status:
            yield lambda progress: status.update(f"{step_line(progress)} … (Ctrl-C stops)")
        return
    said: set[tuple[str, int]] = set()

    def say(progress: SitingProgress) -> None:
        step = (progress.doing, 0 if progress.doing == "hindsight" else progress.number)
        if step not in said:
            said.add(step)
            console.print(f"{step_line(progress)} …")

    yield say


def siting_example(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to write bids.csv and demand.csv.")],
    paths: Annotated[int, typer.Option(min=1, max=1000, help="How many demand paths.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Of the invented demand.")] = 1,
    force: Force = False,
) -> None:
    """Write the worked example: ten schools, two HN units and invented demand.

    The schools and places are those of the application of December 2023; it
    gives no money for a school, so every amount is invented and says so. The
    demand paths are drawn from the seed.

    Example:
      inborough siting-example example --paths 100 --seed 1

    Next: inborough siting example/bids.csv --budget 3300000 --demand example/demand.csv
    """
    from services.cli import terminal
    from services.cli.siting.example import write_example
    from services.cli.typed import typed

    bids, demand = write_example(folder, paths, seed, force)
    terminal.show(
        f"Wrote {bids} and {demand}: amounts and demand are invented.",
        f"Next: {typed(f'siting {bids} --budget 3300000 --demand {demand}')}",
    )
