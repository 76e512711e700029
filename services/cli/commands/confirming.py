"""Asking before something is recorded: only where somebody sits to answer."""

from __future__ import annotations

import sys

import typer

from services.cli.exits import ANSWER_IS_NO


def need_somebody_to_ask(yes: bool, json: bool) -> None:
    """Raises CannotGoOn when a confirmation is needed and nobody could give it. Before anything else is done."""
    from services.cli.failures import CannotGoOn

    if yes:
        return
    if json:
        raise CannotGoOn("Nothing was recorded: --json asks nobody.", "Say --yes too to record unasked.")
    if not sys.stdin.isatty():
        raise CannotGoOn(
            "Nothing was changed: there is no terminal to ask on whether you mean it.",
            "Say --yes to go on without being asked.",
        )


def confirm(question: str) -> None:
    """Raises typer.Exit with the status of "no" unless the person says yes. The question goes to standard error."""
    from services.cli import terminal

    terminal.say("")
    if not typer.confirm(question, err=True):
        terminal.say("Nothing was recorded.")
        raise typer.Exit(ANSWER_IS_NO)
