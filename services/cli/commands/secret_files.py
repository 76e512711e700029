"""`secrets` and `prepare`: what the production profile's servers and services prove themselves with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SECRETS_FOLDER = Path("secrets")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(secrets)
    app.command()(prepare)


def secrets(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")] = SECRETS_FOLDER,
    rotate: Annotated[str, typer.Option(metavar="NAME", help="Give this one secret a new value.")] = "",
    name: Annotated[
        str, typer.Option(help="What databases and RabbitMQ's user are called: INBOROUGH_NAME in .env.")
    ] = "inborough",
) -> None:
    """Make every password and key of docker-compose.yml, a file each.

    Random values, readable by their owner alone. Two are never to change: what
    case ids are made with, and what the journal is sealed with. One is not
    made here: the pages' secret at your OpenID Connect issuer.

    Example:
      inborough secrets --out secrets
      inborough secrets --out secrets --rotate inborough_broker_password

    Next: inborough prepare, or docker compose up
    """
    from services.cli.pages.secret_set import show_rotated, show_written
    from services.cli.system.secret_set import read_name, write_secrets
    from services.cli.system.secret_set import rotate as change

    if rotate:
        show_rotated(change(out, rotate, read_name(out)))
    else:
        write_secrets(out, name)
        show_written(out)


def prepare(
    folder: Annotated[
        Path, typer.Option("--secrets", metavar="DIR", help="Folder that `inborough secrets` wrote.")
    ] = SECRETS_FOLDER,
    postgres: Annotated[
        str,
        typer.Option(
            metavar="URL", help="PostgreSQL, as who may make databases. PGPASSWORD or ~/.pgpass has the rest."
        ),
    ] = "postgresql://postgres@127.0.0.1:5432/postgres",
    rabbitmq: Annotated[
        str,
        typer.Option(metavar="URL", help="RabbitMQ's management, as an administrator. RABBITMQ_PASSWORD has the rest."),
    ] = "",
) -> None:
    """Make the databases, and RabbitMQ's user, on servers that are there.

    For `inborough up --compose`; containers do it by themselves. Run again, it
    makes what is missing and puts changed passwords in force. It needs psql,
    and for RabbitMQ either the management plugin's address or rabbitmqctl on
    the broker's own machine.

    Example:
      inborough prepare
      inborough prepare --postgres postgresql://admin@db.example/postgres \\
        --rabbitmq http://admin@mq.example:15672

    Next: inborough up --compose
    """
    from services.cli import terminal
    from services.cli.system.compose.prepare import make_databases, make_user
    from services.cli.system.secret_set import read_name

    name = read_name(folder)
    make_databases(folder, name, postgres)
    terminal.say(f"PostgreSQL has {name}_caseload and the others, each with a role of its own.")
    make_user(folder, rabbitmq)
    terminal.say(f"RabbitMQ has the user and the virtual host {name}.")
