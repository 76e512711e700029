"""Structured JSON logs on standard output, with request ids and nothing personal.

A log line is an event name and named facts. Only the names in `ALLOWED` are written; any other is dropped and its
name, not its value, is noted. So nothing personal reaches a log by accident.
"""

from __future__ import annotations

import contextvars
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import structlog

ALLOWED = frozenset(
    "event level timestamp service request_id grpc_service grpc_method grpc_code seconds reference error_type location "
    "port metrics_port address revision migration import_id rows created updated unchanged problems warnings preview "
    "first_day policy decisions_due options solve_seconds plan_id recommendation_id neighbour attempt broker withheld "
    "signal sequence timer decision_id panel_id offer_id consultation_id user_id peer reason scenario_id shard "
    "route status trace_id span_id setting".split()
)

OUR_CODE = tuple(str(Path(__file__).parents[1] / name) for name in ("services", "shared"))
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
more_facts: Callable[[], Mapping[str, str]] = dict
"""What else each line says: the trace that it belongs to, while there are traces."""


@contextmanager
def in_request(current: str) -> Iterator[None]:
    """What is logged and recorded within belongs to this request."""
    token = request_id.set(current)
    try:
        yield
    finally:
        request_id.reset(token)


def _keep_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    withheld = sorted(set(event) - ALLOWED)
    for name in withheld:
        del event[name]
    if withheld:
        event["withheld"] = withheld
    return event


def _add_request(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current := request_id.get():
        event["request_id"] = current
    event.update(more_facts())
    return event


def configure(service: str, level: str = "") -> None:
    """Send this process's logs to standard output as one JSON object a line, each naming `service`.

    So do its libraries' warnings, and the error that ends it. Without a level it is INFO, or what `start_from` said.
    """
    global _service, _level
    _service, _level = service, level or _usual_level
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _add_request,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[_level]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stdout),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    _logger.cache_clear()
    from shared import others_logs

    others_logs.take_over()


_service, _level, _usual_level = "", "INFO", "INFO"


def start_from(level: str) -> None:
    """Have lines from this level on written where `configure` is told none: as whoever started this process has it."""
    global _usual_level
    _usual_level = level


def level() -> str:
    """From which level on lines are written."""
    return _level


def service() -> str:
    """Whose lines they are."""
    return _service


def places(error: BaseException) -> list[str]:
    """Where an error happened, without its text, which may be personal: last in our code, and where it was raised."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [frame for frame in frames[:-1] if frame.filename.startswith(OUR_CODE)]
    return [f"{frame.name}:{frame.lineno}" for frame in (*ours[-3:], *frames[-1:])]


def log(event: str, level: str = "info", **facts: Any) -> None:
    """Write one line. `event` is past tense and fixed; what varies goes in `facts`, whose names are in `ALLOWED`.

    A line that cannot be written (the disk is full, the reader is gone) is lost; it never fails the work it tells of.
    """
    with suppress(OSError, ValueError):
        getattr(_logger(sys.stdout), level)(event, service=_service, **facts)


@lru_cache(maxsize=1)
def _logger(output: TextIO) -> Any:
    """What writes there, put together once."""
    return structlog.get_logger().bind()
