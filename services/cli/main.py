"""The `inborough` command. Only what `--help` needs is imported here; each command imports the rest when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer.main import get_command

from services.cli.commands import (
    appeal,
    backup,
    bring,
    case,
    certificates,
    consult,
    deadlines,
    decide,
    decisions,
    demonstrate,
    events,
    forecasting,
    journal,
    keeping,
    kpi,
    look,
    offers,
    panel,
    planning,
    quoting,
    recommending,
    routes,
    running,
    scenario,
    scenario_export,
    secret_files,
    siting,
    solving,
    templates,
    trajectory,
)
from services.cli.today import live_on_kept_day

app = typer.Typer(
    name="inborough",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
    help="""Places near home for children with education, health and care plans.

Ranks the places that can meet each child's needs, with their cost and what
taking one does to the others; plans all decisions due together. Advice only:
the panel decides.

Start here:
  inborough up                 start everything, with a demonstration
  inborough cases --due        decisions that are due
  inborough recommend CASE_ID  ranked places for one child
  inborough decide CASE_ID     what the panel decided; holds the place
  inborough plan               all decisions due together

A panel's day is in inborough panel --help.

Exit status: 0 done; 1 the answer is no, or rows were refused; 2 the command
is wrong; 3 a service does not answer.""",
)


@app.callback()
def everywhere(
    role: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="ROLE", help="Act with this one of your roles, such as planner; before the command."
        ),
    ] = None,
) -> None:
    """What holds for every command."""
    from services.cli.acting import limit_to

    try:
        limit_to(role)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--as") from None


ADVICE = (case, deadlines, look, recommending, planning, routes, quoting, solving)
AHEAD = (
    scenario_export,
    scenario,
    forecasting,
    trajectory,
    siting,
    kpi,
)
DECIDING = (panel, decide, decisions, offers, consult, appeal)
KEEPING = (running, demonstrate, bring, templates, journal, events, certificates, secret_files, backup, keeping)
for commands in (*ADVICE, *AHEAD, *DECIDING, *KEEPING):
    commands.add_to(app)


@cache
def command() -> Callable[..., Any]:
    """The tree of commands, ready to be called."""
    return get_command(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit status. No error leaves as a traceback."""
    try:
        command()(args=list(arguments), prog_name="inborough")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except Exception as error:
        from services.cli.failures import explain

        return explain(error)
    return 0


def main() -> None:
    """Entry point of the installed command."""
    live_on_kept_day()
    status = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has had enough: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    main()
