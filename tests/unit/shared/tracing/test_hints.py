"""A hint carries the trace of the change that it tells of; who reads on it refers to the newest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import tracing
from shared.event_log.consume import Consumer
from shared.events import hints
from shared.events.reading import Readings
from shared.settings import ServiceSettings
from shared.tracing.recording import OtelRecorder


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.record_with(OtelRecorder(SimpleSpanProcessor(exporter), "tests"))
    yield exporter
    tracing.end()


class Log:
    """Stands for a Consumer of one log that has so many events."""

    sources = ("caseload",)

    def __init__(self, events: int) -> None:
        self._events = events

    def pull(self, source: str) -> int:
        return 0 if not self._events else 2

    def cursor(self, source: str) -> int:
        return self._events


def reading(events: int) -> Readings:
    return Readings("journal", cast(Consumer, Log(events)), lambda _: None)


def parent(digit: str) -> str:
    return f"00-{digit * 32}-{digit * 16}-01"


def reads(kept: InMemorySpanExporter) -> list[Any]:
    return [span for span in kept.get_finished_spans() if span.name == "read caseload"]


def test_a_hint_tells_in_which_trace_the_change_was_made(
    kept: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[hints.Hint] = []
    monkeypatch.setattr(hints, "publish", lambda service, settings, hint: published.append(hint))
    telling = hints.Hints("caseload", ServiceSettings())
    with tracing.span("change") as change:
        telling.events_recorded(7)
    telling.close(10)
    assert published == [hints.Hint(7, change.traceparent)]


def test_a_reading_refers_to_the_newest_of_the_hints_that_wait(kept: InMemorySpanExporter) -> None:
    readings = reading(events=9)
    work = readings.hint("caseload", 8, parent("1"))
    assert work is not None
    assert readings.hint("caseload", 9, parent("2")) is None, "the one that was to read will read it too"
    work()
    (read,) = reads(kept)
    assert [link.context.trace_id for link in read.links] == [int("2" * 32, 16)]
    assert (read.attributes["inborough.source"], read.attributes["inborough.events"]) == ("caseload", 2)


@pytest.mark.parametrize("traceparent", ["", None, 4711])
def test_a_hint_of_no_trace_and_the_clock_make_no_span(kept: InMemorySpanExporter, traceparent: object) -> None:
    readings = reading(events=0)
    work = readings.hint("caseload", 8, traceparent)
    assert work is not None
    work()
    readings.catch_up("caseload")
    assert reads(kept) == []
