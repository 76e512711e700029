"""Traces: which part of a request was spent where, across services, worker processes and events.

Off unless INBOROUGH_TRACES says where spans go, and then nothing of OpenTelemetry is even imported: every function here
does next to nothing. `begin` switches it on, once in the life of a process.

A span tells only what shared/tracing/facts.py allows, as a log line does. It never holds what an error said.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Protocol, Self

from shared import logs

VARIABLE = "INBOROUGH_TRACES"
TRACEPARENT = "traceparent"
"""Name of what carries a trace from one process to another (W3C Trace Context), in calls and in hints."""
END_SECONDS = 1.5

Fact = str | int | float | Sequence[str]


class Kind(Enum):
    """Which end of what a span is; the names are OpenTelemetry's."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class Span(Protocol):
    """A piece of work that is timed. Used in a `with`, what begins within is its child; else `end` it oneself."""

    @property
    def traceparent(self) -> str:
        """What makes work elsewhere its child; "" when tracing is off."""
        ...

    def say(self, **facts: Fact) -> None:
        """Tell more of it, by the names in shared/tracing/facts.py."""
        ...

    def rename(self, name: str) -> None:
        """Give it the name that was not known when it began."""
        ...

    def end(self) -> None:
        """It is done. Safe from any thread."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None: ...


class Recorder(Protocol):
    """What makes spans while tracing is on."""

    def start(self, name: str, kind: Kind, parent: str, link: str, facts: Mapping[str, Fact]) -> Span: ...

    def current(self) -> str: ...

    def ids(self) -> Mapping[str, str]: ...

    def end(self, seconds: float) -> None: ...


class _Nothing:
    """The span of a process that does not trace."""

    traceparent = ""

    def say(self, **facts: Fact) -> None: ...

    def rename(self, name: str) -> None: ...

    def end(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None: ...


NOTHING = _Nothing()
_recorder: Recorder | None = None


def begin(service: str) -> None:
    """Trace this process as `service`, if INBOROUGH_TRACES is set. Raises shared.identity.set_up.SetUpWrong."""
    if os.environ.get(VARIABLE):
        from shared.tracing.recording import recorder_to
        from shared.tracing.settings import TraceSettings

        record_with(recorder_to(TraceSettings(), service))


def record_with(recorder: Recorder | None) -> None:
    """Make spans with this from now on; None: make none."""
    global _recorder
    _recorder = recorder
    logs.more_facts = recorder.ids if recorder else dict


def is_on() -> bool:
    """Whether this process traces."""
    return _recorder is not None


def span(name: str, kind: Kind = Kind.INTERNAL, *, parent: str = "", link: str = "", **facts: Fact) -> Span:
    """A span that begins now.

    It is a child of `parent`, a traceparent, or else of the span in hand, or else the first of a trace. With a `link`,
    also a traceparent, it is the first of a trace of its own that refers to where the wish for it came from.
    """
    return _recorder.start(name, kind, parent, link, facts) if _recorder else NOTHING


def current() -> str:
    """The traceparent of the span in hand; "" for none."""
    return _recorder.current() if _recorder else ""


def end(seconds: float = END_SECONDS) -> None:
    """Send what waits, for so long at most, and trace no more."""
    if _recorder:
        recorder = _recorder
        record_with(None)
        recorder.end(seconds)
