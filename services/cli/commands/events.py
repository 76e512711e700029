"""`events`: how far services have read each other's changes, and the changes that they could not apply."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli import exits
from services.cli.commands.options import Json

events = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""What services have read of each other's changes, and what they set aside.

Each service keeps a log of its changes, which others read in order. An event
that fails several times is set aside, so that those behind it go on; here it
is found and applied again.

Example:
  inborough events list""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(events, name="events")


@events.command("list")
def list_logs(json: Json = False) -> None:
    """How far each reader is behind, and every event that was set aside.

    Exit status 3 when a service does not answer.

    Example:
      inborough events list

    Next: inborough events retry --all
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.event_logs import read_event_logs
    from services.cli.pages.event_logs import event_logs_json, event_logs_page

    with Services() as services:
        found = read_event_logs(services)
    if json:
        terminal.show_json(event_logs_json(found))
    else:
        terminal.show(*event_logs_page(found))
    if found.silent:
        raise typer.Exit(exits.SERVICE_DOWN)


@events.command()
def retry(
    letter_id: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="From inborough events list.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every event that was set aside.")] = False,
    json: Json = False,
) -> None:
    """Have events that were set aside applied again, once the cause is mended.

    One that fails again comes back to the list.

    Example:
      inborough events retry dead_5f0c9a7be21d4433
      inborough events retry --all

    Next: inborough events list
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.event_logs import retry_dead_letters
    from services.cli.typed import typed
    from services.words import counted

    if bool(letter_id) == every:
        raise typer.BadParameter("name events, or say --all", param_hint="ID")
    with Services() as services:
        marked = retry_dead_letters(services, letter_id or [])
    if json:
        terminal.show_json({"marked": marked})
    elif not any(marked.values()):
        terminal.show("No event is set aside; there is nothing to apply again.")
    else:
        for reader, number in marked.items():
            terminal.show(f"{reader}: {counted(number, 'event')} will be applied again within seconds.")
        terminal.show(f"Next: {typed('events list')}")
