"""What is not logged by us, as lines of our log: libraries' warnings, and the errors that end a process or a thread.

Their texts are withheld, because they may hold a record's values; where they come from is said. What gRPC's core, which
is C++, writes to standard error stays as it is: it knows connections and no records.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from types import TracebackType

from shared import logs
from shared.server_tls import why_refused

NO_DATABASE = "The database does not answer or refuses the user: see DATABASE_URL of this service."
OF_A_DATABASE = ("OperationalError", "InterfaceError")
"""SQLAlchemy's, by name: who logs need not know a database."""


class OurLog(logging.Handler):
    """What a library warns of, as a line of our own log: where, and which error."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        level = "error" if record.levelno >= logging.ERROR else "warning"
        location = f"{record.name}:{record.lineno}"
        logs.log("library_warned", level, location=location, error_type=kind.__name__ if kind else "")


def take_over() -> None:
    """Send libraries' warnings, and the error that ends the process, to our log."""
    root = logging.getLogger()
    if not any(isinstance(handler, OurLog) for handler in root.handlers):
        root.addHandler(OurLog(logging.WARNING))
    sys.excepthook = _process_failed


def take_over_threads() -> None:
    """The same for errors that end a thread, and for what Python itself warns of. For a process's whole life."""
    threading.excepthook = _thread_failed
    logging.captureWarnings(True)


def _process_failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt) or os.environ.get("INBOROUGH_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    for facts in _reasons(error):
        logs.log("process_failed", "error", error_type=kind.__name__, location=logs.places(error), **facts)


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    places = logs.places(failed.exc_value) if failed.exc_value else []
    logs.log("thread_failed", "error", error_type=failed.exc_type.__name__, location=places)


def _reasons(error: BaseException) -> list[dict[str, str]]:
    """What is known of why a process cannot go on, in words that hold no record: one for each thing wrong."""
    from pydantic import ValidationError

    from shared.identity.set_up import SetUpWrong

    match error:
        case ValidationError():
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
            return [{"setting": ".".join(map(str, each["loc"])), "reason": each["msg"]} for each in wrong]
        case SetUpWrong():
            return [{"reason": str(error)}]
        case OSError():
            return [{"reason": error.strerror or ""}]
    return [{"reason": why_refused(error) or NO_DATABASE}] if type(error).__name__ in OF_A_DATABASE else [{}]
