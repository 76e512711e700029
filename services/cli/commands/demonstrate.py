"""`demo`: the demonstration authority's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    out: Annotated[Path | None, typer.Option(help="Folder to write to; var/demonstration when left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder of other files.")] = False,
    load: Annotated[bool, typer.Option("--load", help="Import the files too, in the right order.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed invents other people.")] = 2024,
    authority: Annotated[str, typer.Option(help="ONS or three-digit code; INBOROUGH_DATA names the tables.")] = "876",
    scale: Annotated[int | None, typer.Option(min=1, max=20_000, help="Active plans; settings are invented.")] = None,
    due: Annotated[int | None, typer.Option(min=0, help="Decisions due; about 300 when left out.")] = None,
) -> None:
    """Write the files of an invented authority, in the formats councils really have.

    People are invented; how many, of what age, need and kind of placement is
    as published. SEN2 Blade CSV, GIAS CSV, pools, rates, preferences, due.

    Example:
      inborough demo --out halton
      inborough demo --out county --scale 20000 --due 1500

    Next: inborough import sen2 halton/sen2 --preview
    """
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
