"""Each call is a span at either end, which ends with its outcome however the call is made and whoever ends it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import grpc
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from inborough.common.v1.common_pb2 import Date
from shared import tracing
from shared.errors import InboroughError, NotFound
from shared.tracing.recording import OtelRecorder
from tests.builders.identity import connect
from tests.builders.running import wait_until
from tests.service.shared.echo import NAME, method, serving
from tests.service.shared.test_streams import serving as streaming
from tests.service.shared.test_streams import years

CODE = "rpc.response.status_code"


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.record_with(OtelRecorder(SimpleSpanProcessor(exporter), "tests"))
    yield exporter
    tracing.end()


def outcomes(kept: InMemorySpanExporter, count: int) -> dict[str, object]:
    """Kind and code of the spans of calls, once there are so many; all of one trace."""
    wait_until(lambda: len(kept.get_finished_spans()) >= count, "the spans")
    found = [span for span in kept.get_finished_spans() if span.name == f"{NAME}/Ask"]
    assert len({span.context.trace_id for span in kept.get_finished_spans() if span.context}) == 1
    return {span.kind.name: (span.attributes or {})[CODE] for span in found}


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    if not request.year:
        raise NotFound("year", 0)
    return request


@pytest.mark.parametrize("in_future", [False, True], ids=["waiting", "in parallel"])
@pytest.mark.parametrize(("year", "code"), [(1, "OK"), (0, "NOT_FOUND")])
def test_a_call_is_a_span_at_either_end(kept: InMemorySpanExporter, in_future: bool, year: int, code: str) -> None:
    with serving(answer) as echo, tracing.span("work"):
        try:
            echo.ask.future(Date(year=year), timeout=5).result() if in_future else echo.ask(Date(year=year), timeout=5)
        except InboroughError:
            assert code != "OK"
    assert outcomes(kept, 3) == {"CLIENT": code, "SERVER": code}


def test_an_answer_that_nobody_reads_ends_its_span(kept: InMemorySpanExporter) -> None:
    with serving(answer) as echo, tracing.span("work"):
        echo.ask.future(Date(year=1), timeout=5)
        assert outcomes(kept, 2) == {"CLIENT": "OK", "SERVER": "OK"}


def test_answers_one_after_another_are_one_span(kept: InMemorySpanExporter) -> None:
    with streaming(years) as ask, tracing.span("work"):
        assert len(list(ask(Date(year=3), timeout=5))) == 3
        assert tracing.current() != ""
    assert outcomes(kept, 3) == {"CLIENT": "OK", "SERVER": "OK"}


def test_a_call_that_is_given_up_says_so(kept: InMemorySpanExporter) -> None:
    with streaming(years) as ask, tracing.span("work"):
        call = ask(Date(year=100_000), timeout=5)
        next(call)
        call.cancel()
        assert outcomes(kept, 2) == {"CLIENT": "CANCELLED", "SERVER": "CANCELLED"}


def test_a_service_that_is_not_there_is_a_fault_of_the_call(kept: InMemorySpanExporter) -> None:
    with socket.socket() as nobody, tracing.span("work"):
        nobody.bind(("127.0.0.1", 0))
        with connect("echo", f"127.0.0.1:{nobody.getsockname()[1]}") as channel, pytest.raises(InboroughError):
            method(channel)(Date(), timeout=5)
    assert outcomes(kept, 2) == {"CLIENT": "UNAVAILABLE"}


def test_a_call_outside_of_any_trace_begins_one_where_it_is_answered(kept: InMemorySpanExporter) -> None:
    with serving(answer) as echo:
        echo.ask(Date(year=1), timeout=5)
    assert outcomes(kept, 1) == {"SERVER": "OK"}
