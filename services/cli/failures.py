"""One place that turns whatever went wrong into a message that says what to do, and an exit status."""

from __future__ import annotations

import os
import traceback

from pydantic import ValidationError

from services.cli import exits, terminal
from services.cli.typed import typed
from shared.errors import InboroughError, Internal, InvalidInput, NeighbourDown, TooMuch


class CannotGoOn(Exception):
    """The command cannot go on; `advice` says what to do."""

    def __init__(self, message: str, advice: str = "", status: int = exits.USAGE) -> None:
        super().__init__(message)
        self.message, self.advice, self.status = message, advice, status


def explain(error: Exception) -> int:
    """Say on standard error what went wrong and what to do next; the exit status that belongs to it."""
    match error:
        case CannotGoOn():
            return terminal.complain(error.message, error.advice, error.status)
        case NeighbourDown():
            return terminal.complain(f"The {_neighbour(error)} service does not answer.", _start(), exits.SERVICE_DOWN)
        case Internal():
            return terminal.complain(error.message, "The service's log has it.", exits.SERVICE_DOWN)
        case InvalidInput() | TooMuch():
            return terminal.complain(error.message, "See --help of this command.", exits.USAGE)
        case InboroughError():
            return terminal.complain(error.message, "", exits.ANSWER_IS_NO)
        case ValidationError():
            return terminal.complain(_wrong_setting(error), "Correct the environment variable.", exits.USAGE)
        case OSError():
            return terminal.complain(_wrong_path(error), "Check the path and who may read or write it.", exits.USAGE)
    return _own_fault(error)


def _start() -> str:
    return f"Start everything with `{typed('up')}`, or see which service is down with `{typed('health')}`."


def _neighbour(error: NeighbourDown) -> str:
    return error.facts.get("neighbour", "needed")


def _wrong_setting(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_context=False)[0]
    return f"A setting is wrong: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}."


def _wrong_path(error: OSError) -> str:
    return f"{error.filename or 'A file'}: {error.strerror or type(error).__name__}."


def _own_fault(error: Exception) -> int:
    if os.environ.get("INBOROUGH_DEBUG"):
        traceback.print_exception(error)
    message = f"This is a fault in inborough itself ({type(error).__name__})."
    return terminal.complain(
        message, "Run it again with INBOROUGH_DEBUG=1 to see where, and report it.", exits.OUR_FAULT
    )
