"""One place that turns whatever went wrong into a message that says what to do, and an exit status."""

from __future__ import annotations

import os
import traceback

from pydantic import ValidationError

from services.cli import exits, terminal
from services.cli.typed import typed
from services.planning.refused import Refused
from shared.errors import InboroughError, Internal, InvalidInput, NeighbourDown, NotAllowed, NotSignedIn, TooMuch
from shared.identity.set_up import SetUpWrong


class CannotGoOn(Exception):
    """The command cannot go on; `advice` says what to do."""

    def __init__(self, message: str, advice: str = "", status: int = exits.USAGE) -> None:
        super().__init__(message)
        self.message, self.advice, self.status = message, advice, status


def answer_lost(error: NeighbourDown | Internal, options: str) -> CannotGoOn:
    """A change whose answer did not come: whether it was made is not known, and asking again with `options` tells."""
    message = f"The {_neighbour(error)} service does not answer." if isinstance(error, NeighbourDown) else error.message
    advice = f"It may have been recorded. Run the same command again with {options}: it is done once, however often."
    return CannotGoOn(message, advice, exits.SERVICE_DOWN)


def explain(error: Exception) -> int:
    """Say on standard error what went wrong and what to do next; the exit status that belongs to it."""
    match error:
        case CannotGoOn():
            return terminal.complain(error.message, error.advice, error.status)
        case Refused():
            status = exits.ANSWER_IS_NO if error.rows else exits.USAGE
            return terminal.complain(error.message, error.advice, status)
        case NeighbourDown() if "trouble" in error.facts:
            return terminal.complain(error.message, _trust(), exits.SERVICE_DOWN)
        case NeighbourDown() if error.facts.get("part") == "database":
            advice = "docs/operating.md says what to do, under When something fails."
            return terminal.complain(error.message, advice, exits.SERVICE_DOWN)
        case NeighbourDown():
            message = f"The {_neighbour(error)} service does not answer."
            return terminal.complain(message, how_to_start(), exits.SERVICE_DOWN)
        case Internal():
            return terminal.complain(
                error.message, "The logs of all services in it have that reference.", exits.SERVICE_DOWN
            )
        case InvalidInput() | TooMuch():
            return terminal.complain(error.message, "See --help of this command.", exits.USAGE)
        case NotAllowed():
            return terminal.complain(error.message, _roles(), exits.ANSWER_IS_NO)
        case NotSignedIn():
            return terminal.complain(error.message, _key(), exits.ANSWER_IS_NO)
        case InboroughError():
            return terminal.complain(error.message, "", exits.ANSWER_IS_NO)
        case SetUpWrong():
            return terminal.complain(str(error), "", exits.USAGE)
        case ValidationError():
            return terminal.complain(_wrong_setting(error), "Correct the environment variable.", exits.USAGE)
        case OSError():
            return terminal.complain(_wrong_path(error), "Check the path and who may read or write it.", exits.USAGE)
    return _own_fault(error)


def _roles() -> str:
    return (
        "You act with the roles in INBOROUGH_CLI_ROLES (all of a person's when it is not set), or with the one after "
        "--as. Which role may do what: docs/access.md."
    )


def _key() -> str:
    return (
        "The command and the services must have keys of one set. Run it in the folder where the services were started "
        "(else it looks for keys in a var/ of its own), or set INBOROUGH_VAR to their var folder. Elsewhere: the same "
        "INBOROUGH_IDENTITY, or INBOROUGH_TLS folders that were made together."
    )


def _trust() -> str:
    return "How certificates are set up: docs/operating.md."


def how_to_start() -> str:
    """What to do about a service that is down. Under TLS another profile than that of `inborough up` is running."""
    if os.environ.get("INBOROUGH_TLS"):
        see = f"See with `{typed('health')}` which service is down, and why in its log"
        return f"{see}: docs/operating.md, When something fails."
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
