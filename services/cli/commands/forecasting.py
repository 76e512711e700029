"""`forecast` and `backtest`: demand from the Department's published tables, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Json

if TYPE_CHECKING:
    from services.placement.forecast.published.series import PublishedSeries
    from services.placement.forecast.rates.england import England

EVERY = "all"
DATA_VARIABLE = "INBOROUGH_DATA"

Data = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the Department's tables; INBOROUGH_DATA names it when left out."),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(forecast)
    app.command()(backtest)


def forecast(
    authority: Annotated[
        str, typer.Option(metavar="CODE|NAME|all", help="ONS code, three-digit code or name; E92000001 is England.")
    ] = EVERY,
    data: Data = None,
    years: Annotated[int, typer.Option(min=1, max=10, help="How many Januaries ahead.")] = 5,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write every row as CSV, over what is there.")
    ] = None,
    json: Json = False,
) -> None:
    """Forecast EHC plans by age band and kind of placement, with 80 % intervals.

    From the Department's published tables: own growth, new plans and requests
    of every authority, shrunk towards England's. Parts sum to the total.

    Example:
      inborough forecast --authority E06000006 --data ehc-plans
      inborough forecast --authority all --years 3 --out forecast.csv

    Next: inborough backtest, for how good such forecasts were
    """
    from services import words
    from services.cli import terminal
    from services.cli.failures import CannotGoOn
    from services.cli.pages.forecast import forecast_json, forecast_overview, forecast_page, write_forecast
    from services.placement.forecast.demand.forecast import forecast_demand
    from services.planning.published import chosen_authorities

    if out and out.suffix.lower() != ".csv":
        raise CannotGoOn(f"{out} is no name of a CSV file, and the forecast is written as one.", "End it with .csv.")
    series, england = _read(data)
    chosen = chosen_authorities(series, authority)
    with terminal.busy("Forecasting"):
        made = forecast_demand(series, england, years)
    figures = [figure for each in chosen for figure in made.figures(each)]
    _say_notes(series)
    if out:
        write_forecast(out, figures)
        authorities = words.counted(len(chosen), "authority", "authorities")
        terminal.say(f"Wrote {out}: {len(figures):,} rows of {authorities}.")
    if json:
        terminal.show_json(forecast_json(series, figures))
    elif not out:
        terminal.show(*(forecast_page(series, figures) if len(chosen) == 1 else forecast_overview(figures)))


def backtest(
    data: Data = None,
    to: Annotated[
        int | None, typer.Option(metavar="YEAR", help="January to forecast; the newest when left out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 when a naive forecaster wins or coverage is off.")
    ] = False,
    json: Json = False,
) -> None:
    """Show how good the forecast of a known January was, against naive ones.

    Forecasts it for every authority from what was published before, and
    compares with what came: same growth again, same difference again, flows
    repeated and England's growth get the same past.

    Example:
      inborough backtest --data ehc-plans
      inborough backtest --to 2023 --json

    Next: inborough forecast --authority NAME; docs/forecast.md says what is tested
    """
    from services.cli import exits, terminal
    from services.cli.failures import CannotGoOn
    from services.cli.pages.backtest import backtest_json, backtest_page
    from services.placement.forecast.backtest.run import run_backtest

    series, england = _read(data)
    try:
        with terminal.busy("Forecasting what is known"):
            made = run_backtest(series, to or series.januaries[-1], england)
    except ValueError as error:
        raise CannotGoOn(str(error), "Give one of those with --to.") from None
    _say_notes(series)
    if json:
        terminal.show_json(backtest_json(made))
    else:
        terminal.show(*backtest_page(made))
    if check and made.misses():
        raise typer.Exit(exits.ANSWER_IS_NO)


def _read(data: Path | None) -> tuple[PublishedSeries, England]:
    """The tables of the folder. Raises Refused, which says what is wrong in them or where to get them."""
    import os

    from services.cli import terminal
    from services.placement.forecast.published.values import WHERE_PUBLISHED
    from services.planning.published import read_published
    from services.planning.refused import Refused

    named = data or os.environ.get(DATA_VARIABLE)
    if not named:
        raise Refused("No folder of published tables: give --data or set INBOROUGH_DATA.", WHERE_PUBLISHED)
    with terminal.busy("Reading the Department's tables"):
        return read_published(Path(named))


def _say_notes(series: PublishedSeries) -> None:
    from services.cli import terminal

    for note in series.notes:
        terminal.say(f"Note: {note}")
