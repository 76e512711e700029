"""`trajectory`, `hn-unit` and `opportunities`: the money tables, offline."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import Json

Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table too, as .xlsx or .csv.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(trajectory)
    app.command("hn-unit")(hn_unit)
    app.command()(opportunities)


def trajectory(
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, metavar="TABLE", help="A published table, .toml or .csv."),
    ] = None,
    income: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Income of the second year, in the table's unit.")
    ] = None,
    growth: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Growth of income a year; 3 if not said.")
    ] = None,
    tolerance: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="How far print may be from the rule, in the table's unit.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="GBP m, GBP k or GBP, where the table does not say.")] = None,
    out: Out = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Check a published table of spend and cumulative deficit against the rule.

    A year's deficit is last year's, plus the year's spend, less its income.
    Says which rows keep to that, and for those that do not which printed
    amount contradicts the others and what would fit. Nothing is mended.

    Without --file: the table of the application that this project comes from.
    A .csv has the columns row, year, spend, deficit; where no income is
    stated, it is fitted.

    Example:
      inborough trajectory
      inborough trajectory --file ours.csv --income 26.05 --json

    Next: inborough opportunities, for what would change the course
    """
    from services.cli import terminal
    from services.cli.failures import CannotGoOn
    from services.cli.pages.trajectory import trajectory_page
    from services.cli.sheets import check_writable, write_sheets
    from services.placement.forecast.money.trajectory import check_table
    from services.placement.forecast.money.trajectory_file import SEED, Stated, read_table
    from services.planning.trajectory import trajectory_json, trajectory_sheets

    stated = Stated(_number(income, "--income"), _number(growth, "--growth"), _number(tolerance, "--tolerance"), unit)
    if out:
        check_writable(out, force)
    try:
        checked = check_table(read_table(file or SEED, stated))
    except ValueError as error:
        raise CannotGoOn(f"{file or SEED.name}: {error}", "Correct that place; docs/json.md shows a table.") from None
    if out:
        write_sheets(out, trajectory_sheets(checked), force)
        terminal.say(f"Wrote {out}.")
    if json:
        terminal.show_json(trajectory_json(checked))
    else:
        terminal.show(*trajectory_page(checked))


def hn_unit(
    cost: Annotated[str, typer.Option(metavar="POUNDS", help="Of the unit, a year.")] = "120000",
    places: Annotated[int, typer.Option(min=4, max=6, help="Places.")] = 6,
    fee: Annotated[str, typer.Option(metavar="POUNDS", help="INMSS fee avoided, a child and year.")] = "63000",
    transport: Annotated[
        str, typer.Option(metavar="POUNDS", help="INMSS transport avoided, a child and year.")
    ] = "8116",
    remaining: Annotated[str, typer.Option(metavar="POUNDS", help="Transport that remains, a child and year.")] = "0",
    days: Annotated[int, typer.Option(min=1, max=365, help="Days that it is open in its first year.")] = 365,
    claim: Annotated[str, typer.Option(metavar="POUNDS", help="A saving for each child, to be read.")] = "35000",
    out: Out = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Work out what a High Needs unit saves, by how many children it admits.

    A unit costs the same however many come. Each child in it avoids a fee and
    transport; what is left after the unit is paid is the net saving. The fee
    is of 2023/24 (parliamentary answers), transport the NAO's.

    Example:
      inborough hn-unit
      inborough hn-unit --cost 160000 --places 6 --days 212 --json

    Next: inborough siting BIDS.csv --budget 3300000 --demand FILE
    """
    from services.cli import terminal
    from services.cli.pages.business import unit_page
    from services.cli.sheets import check_writable, write_sheets
    from services.placement.forecast.money.hn_unit import UnitCase
    from services.planning.business import unit_json, unit_sheets

    if out:
        check_writable(out, force)
    case = UnitCase(
        pence_of(cost, "--cost"),
        places,
        pence_of(fee, "--fee"),
        pence_of(transport, "--transport"),
        pence_of(remaining, "--remaining"),
        days,
    )
    claimed = pence_of(claim, "--claim")
    if out:
        write_sheets(out, unit_sheets(case), force)
        terminal.say(f"Wrote {out}.")
    if json:
        terminal.show_json(unit_json(case, claimed))
    else:
        terminal.show(*unit_page(case, claimed))


def opportunities(
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, metavar="TABLE.toml", help="Your own costs and shares.")
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print the table's file, to put your figures in.")
    ] = False,
    out: Out = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Show what the six opportunities would save: children placed otherwise.

    Each takes a share of a cohort from one kind of placement to another, with
    unit costs before and after. Amounts that are illustrative say so.

    Example:
      inborough opportunities
      inborough opportunities --template > ours.toml
      inborough opportunities --file ours.toml --out opportunities.xlsx

    Next: inborough trajectory
    """
    from services.cli import terminal
    from services.cli.failures import CannotGoOn
    from services.cli.pages.business import opportunities_page
    from services.cli.sheets import check_writable, write_sheets
    from services.placement.forecast.money.opportunities import SEED, read_opportunities
    from services.planning.business import opportunities_json, opportunities_sheets

    if template:
        print(SEED.read_text(encoding="utf-8"), end="")
        return
    if out:
        check_writable(out, force)
    try:
        table = read_opportunities(file or SEED)
    except ValueError as error:
        raise CannotGoOn(f"{file or SEED.name}: {error}", "Correct that place in the file.") from None
    if out:
        write_sheets(out, opportunities_sheets(table), force)
        terminal.say(f"Wrote {out}.")
    if json:
        terminal.show_json(opportunities_json(table))
    else:
        terminal.show(*opportunities_page(table))


def _number(text: str | None, option: str) -> Decimal | None:
    """The number that an option gives. Raises typer.BadParameter."""
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not a number", param_hint=option) from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise typer.BadParameter(f"{text!r} is not a number below 10^15", param_hint=option)
    return number


def pence_of(text: str, option: str) -> int:
    """The pence that an option in pounds gives, 0 or more. Raises typer.BadParameter."""
    from shared.pence import parse_pounds

    try:
        pence = parse_pounds(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is {error}", param_hint=option) from None
    if pence < 0:
        raise typer.BadParameter(f"{text!r} is below 0", param_hint=option)
    return pence
