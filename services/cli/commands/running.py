"""`up` and `health`: the embedded system."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli import exits


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(up)
    app.command()(health)


def up(
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the demonstration when there are no cases.")
    ] = True,
    once: Annotated[bool, typer.Option("--once", help="Stop again after showing the first look.")] = False,
) -> None:
    """Start everything on this machine, and stay up until Ctrl-C.

    Starts the processes of deploy/Procfile with SQLite files under var/ (set
    INBOROUGH_VAR for another folder), loads the demonstration when there are
    no cases, and shows the first recommendations. Logs go to var/logs.

    Example:
      inborough up
      inborough up --no-demo     start empty, for your own files

    Next: inborough cases --due
    """
    from services.cli.system.up import bring_up

    raise typer.Exit(bring_up(demo, once))


def health(
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Say whether each service answers.

    Exit status 3 when one does not.

    Example:
      inborough health

    Next: inborough up, when a service is down
    """
    from services.cli import terminal
    from services.cli.pages.health import health_json, health_table
    from services.cli.system.health import check_services
    from services.cli.typed import typed

    found = check_services()
    if json:
        terminal.show_json(health_json(found))
    else:
        terminal.show(health_table(found))
    for service in found:
        if service.trouble:
            terminal.say(service.trouble)
    if not all(service.serving for service in found):
        terminal.say(f"Start everything with `{typed('up')}`; logs are in var/logs.")
        raise typer.Exit(exits.SERVICE_DOWN)
