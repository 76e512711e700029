"""`demo`: the demonstration authority's files, or every authority's, planned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import Json

EVERY = "all"
MOST_WORKERS = 64


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    out: Annotated[Path | None, typer.Option(help="Folder to write to; under var/ when left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder of other files.")] = False,
    load: Annotated[bool, typer.Option("--load", help="Import the files too, in the right order.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed invents other people.")] = 2024,
    authority: Annotated[
        str, typer.Option(help="ONS or three-digit code, or all; INBOROUGH_DATA names the tables.")
    ] = "876",
    scale: Annotated[int | None, typer.Option(min=1, max=20_000, help="Active plans; settings are invented.")] = None,
    due: Annotated[
        str | None,
        typer.Option(metavar="N|all", help="Decisions due; as published when left out. all: with --authority all."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=MOST_WORKERS, help="Of --authority all: processes at work; 2.")
    ] = None,
    authorities: Annotated[
        str, typer.Option(metavar="CODE,CODE", help="Of --authority all: only these, such as 876,886.")
    ] = "",
    some: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of --authority all: only so many, of every size.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Of --authority all: keep files and databases of each.")] = False,
    json: Json = False,
) -> None:
    """Write the files of an invented authority, in the formats councils really have.

    People are invented; how many, of what age, need and kind of placement is
    as published. SEN2 Blade CSV, GIAS CSV, pools, rates, preferences, due.

    With --authority all: every authority of the published tables, the largest
    first, each by services and databases of its own; its decisions due are
    planned together, and a row of figures is kept. Workers share them over the
    broker. Run it again after Ctrl-C and it goes on where it stopped.

    Example:
      inborough demo --out halton
      inborough demo --out county --scale 20000 --due 1500
      inborough demo --authority all --some 6 --out nation

    Next: inborough import sen2 halton/sen2 --preview
    """
    from services.cli.failures import CannotGoOn

    if authority.casefold() == EVERY:
        if load or force or scale is not None:
            raise CannotGoOn(
                "--load, --force and --scale are for one authority.", "Leave them out with --authority all."
            )
        _everywhere(out, seed, _due_of_each(due), workers or 2, authorities, some, keep, json)
        return
    if workers is not None or authorities or some is not None or keep or json:
        raise CannotGoOn(
            "--workers, --authorities, --some, --keep and --json are for the national run.", "Add --authority all."
        )
    _one(out, force, load, seed, authority, scale, _number(due))


def _one(
    out: Path | None, force: bool, load: bool, seed: int, authority: str, scale: int | None, due: int | None
) -> None:
    from services.cli import terminal
    from services.cli.calls import CommandSettings
    from services.cli.demo import PublishedTablesMissingError, write_demonstration
    from services.cli.demo.homes import NoPostcodesError
    from services.cli.failures import CannotGoOn
    from services.cli.system import demonstration
    from services.cli.typed import typed

    folder = out or demonstration.demonstration_folder(CommandSettings())
    if folder.is_dir() and any(folder.iterdir()) and not (force or demonstration.is_demonstration(folder)):
        raise CannotGoOn(f"{folder} holds other files.", "Choose an empty folder, or write into it with --force.")
    try:
        summary = write_demonstration(folder, authority=authority, seed=seed, scale=scale, due=due)
    except (ValueError, PublishedTablesMissingError, NoPostcodesError) as error:
        raise CannotGoOn(str(error)) from None
    terminal.show(
        f"Wrote {folder}: {summary.active_plans:,} active plans, {summary.total_due:,} decisions due, "
        f"{summary.settings:,} settings, {summary.pools:,} place pools. README.txt there says what is invented."
    )
    for wanted, wrote, what in (
        (scale, summary.active_plans, "active plans"),
        (due, summary.total_due, "decisions due"),
    ):
        if wanted is not None and wrote < wanted:
            terminal.show(f"Asked for {wanted:,} {what}; {wrote:,} is as many as this caseload gives.")
    if load:
        demonstration.load(folder)
        terminal.show(f"Imported. Next: {typed('cases --due')}")
    else:
        terminal.show(f"Next: {typed(f'import gias {folder}/gias.csv')}, or the whole with --load")


def _everywhere(
    out: Path | None,
    seed: int,
    due: str,
    workers: int,
    authorities: str,
    some: int | None,
    keep: bool,
    json: bool,
) -> None:
    import os

    from services.cli import exits, terminal
    from services.cli.calls import CommandSettings
    from services.cli.demo import PublishedTablesMissingError
    from services.cli.demo.write import data_folder
    from services.cli.failures import CannotGoOn
    from services.cli.nation.authorities import choose, list_authorities
    from services.cli.nation.protected import protect
    from services.cli.nation.running import National, run_nation
    from services.cli.pages import nation as page
    from services.cli.system.signals import end_like_ctrl_c

    folder = out or CommandSettings().var / "nation"
    try:
        tables = data_folder(EVERY)
        codes = [code.strip() for code in authorities.split(",") if code.strip()]
        chosen = choose(list_authorities(tables), codes, some)
    except (ValueError, PublishedTablesMissingError) as error:
        raise CannotGoOn(str(error)) from None
    asked = National(folder, tables, chosen, workers, seed, due, EVERY if keep else "")
    end_like_ctrl_c()
    try:
        with terminal.steps("Planning each authority") as step:
            outcome = run_nation(asked, page.shown_by(step), os.environ)
    except KeyboardInterrupt:
        terminal.say(f"Stopped. What is done is kept in {folder}; run it again to go on.")
        raise
    table = protect(outcome.done)
    csv_file = folder / "authorities.csv"
    csv_file.write_text(page.nation_csv(table), encoding="utf-8", newline="")
    if json:
        terminal.show_json(page.nation_json(outcome, table))
    else:
        terminal.show(*page.nation_page(outcome, table, str(csv_file)))
    if outcome.failed:
        terminal.say(page.failures_text(outcome.failed))
        raise typer.Exit(exits.ANSWER_IS_NO)


def _due_of_each(due: str | None) -> str:
    """As `nation.results.Asked` has it."""
    if due is None or due.casefold() == EVERY:
        return "" if due is None else EVERY
    return str(_number(due))


def _number(due: str | None) -> int | None:
    if due is None:
        return None
    if not (due.isascii() and due.isdigit()):
        raise typer.BadParameter("write a whole number, 0 or more; or all, with --authority all", param_hint="--due")
    return int(due)
