"""`certificates`: what services and front doors prove themselves with, for development."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(certificates)


def certificates(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to; a folder a process is made in it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the set that is there, its authority too.")] = False,
    days: Annotated[int, typer.Option(min=1, max=825, help="How long they are good.")] = 365,
) -> None:
    """Make certificates for development, for calls under mutual TLS.

    One folder for each service and front door, ready for INBOROUGH_TLS, with
    the key that the front doors sign people's tokens with, and one each for
    PostgreSQL and RabbitMQ, which the production profile has. The authority's own
    key is thrown away. For development and trial: real records want the
    council's own certificates, under the same names (docs/operating.md).

    Example:
      inborough certificates --out certificates

    Next: inborough health, with INBOROUGH_TLS=certificates/cli
    """
    from services.cli import terminal
    from services.cli.calls import CommandSettings
    from services.cli.system.certificate_set import SERVERS, write_set

    names = write_set(out, CommandSettings().trust_domain, days, force)
    made = {name.name: f"{name}" for name in names} | dict.fromkeys(SERVERS, "a server, by its host name")
    terminal.show("\n".join(f"{out / folder}  {name}" for folder, name in made.items()))
    terminal.say(
        f"\nFor development only; good for {days} days. The authority's key was thrown away.\n"
        f"Start each process with INBOROUGH_TLS set to its folder; the command too: INBOROUGH_TLS={out / 'cli'}.\n"
        f"Servers read their own, in containers as user 999: {', '.join(str(out / name) for name in SERVERS)}.\n"
        "Keep the folder to yourself: who reads a key.pem can pass for that process."
    )
