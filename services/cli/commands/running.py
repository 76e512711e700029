"""`up` and `health`: the embedded system."""

from __future__ import annotations

from pathlib import Path
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
    once: Annotated[bool, typer.Option("--once", help="Stop again when everything has answered.")] = False,
    compose: Annotated[
        bool, typer.Option("--compose", help="Run the production profile, docker-compose.yml, without containers.")
    ] = False,
    file: Annotated[Path, typer.Option(metavar="FILE", help="With --compose: the compose file.")] = Path(
        "docker-compose.yml"
    ),
    env_file: Annotated[Path, typer.Option(metavar="FILE", help="With --compose: its variables.")] = Path(".env"),
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=HOST:PORT", help="With --compose: where postgres or rabbitmq is, if not here."),
    ] = None,
    shift: Annotated[int, typer.Option(min=0, max=15000, help="With --compose: added to every port of ours.")] = 0,
) -> None:
    """Start everything on this machine, and stay up until Ctrl-C.

    Starts the processes of deploy/Procfile with SQLite files under var/ (set
    INBOROUGH_VAR for another folder), loads the demonstration when there are
    no cases, and shows the first recommendations. Logs go to var/logs.

    With --compose it starts the production profile instead: every container
    of ours as a process here, with its own environment, secrets, certificates
    and order, on PostgreSQL and RabbitMQ that are there already. It loads
    nothing. One that ends is started again.

    Example:
      inborough up
      inborough up --no-demo     start empty, for your own files
      inborough up --compose --host postgres=db.example:5432

    Next: inborough cases --due
    """
    if compose:
        from services.cli.system.compose.up import Asked, bring_up_compose

        raise typer.Exit(bring_up_compose(Asked(file, env_file, _hosts(host or []), shift, once)))
    from services.cli.system.up import bring_up

    raise typer.Exit(bring_up(demo, once))


def _hosts(given: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    if wrong := next((name for name, _, where in pairs if not where), None):
        raise typer.BadParameter(f"{wrong!r} is not NAME=HOST:PORT", param_hint="--host")
    return {name: where for name, _, where in pairs}


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
    from services.cli.failures import how_to_start
    from services.cli.pages.health import health_json, health_table
    from services.cli.system.health import check_services

    found = check_services()
    if json:
        terminal.show_json(health_json(found))
    else:
        terminal.show(health_table(found))
    for service in found:
        if service.trouble:
            terminal.say(service.trouble)
    if not all(service.serving for service in found):
        terminal.say(how_to_start())
        raise typer.Exit(exits.SERVICE_DOWN)
