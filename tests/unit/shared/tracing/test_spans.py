"""What spans tell, whose children they are, and which are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import logs, tracing
from shared.tracing.recording import OtelRecorder


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.record_with(OtelRecorder(SimpleSpanProcessor(exporter), "tests"))
    yield exporter
    tracing.end()


def only(kept: InMemorySpanExporter) -> ReadableSpan:
    (found,) = kept.get_finished_spans()
    return found


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"rpc_code": "OK"}, {"rpc.response.status_code": "OK"}),
        ({"http_route": "/cases/{case_id}"}, {"http.route": "/cases/{case_id}"}),
        ({"events": 3}, {"inborough.events": 3}),
        ({"surname": "Canary"}, {"inborough.withheld": ("surname",)}),
        ({"event": "Canary Child"}, {"inborough.withheld": ("event",)}),
        ({"source": "x" * 201}, {"inborough.withheld": ("source",)}),
    ],
)
def test_a_span_tells_what_is_allowed_and_only_names_the_rest(
    kept: InMemorySpanExporter, facts: dict[str, tracing.Fact], told: dict[str, object]
) -> None:
    with tracing.span("work") as span:
        span.say(**facts)
    assert dict(only(kept).attributes or {}) == told


def test_a_span_and_each_line_within_it_name_request_and_trace(
    kept: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("echo")
    with logs.in_request("page_4h9x0c7mqt"), tracing.span("work"):
        logs.log("case_read")
    line, context = json.loads(capsys.readouterr().out), only(kept).context
    assert context is not None
    assert (line["trace_id"], line["span_id"]) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")
    assert (only(kept).attributes or {})["inborough.request_id"] == line["request_id"]


def fail(**facts: tracing.Fact) -> None:
    with tracing.span("work") as span:
        span.say(**facts)
        raise KeyError("Canary Child")


@pytest.mark.parametrize("facts", [{"rpc_code": "INTERNAL"}, {"http_status": 502}, {"error_type": "KeyError"}])
def test_a_fault_is_marked_without_what_it_said(kept: InMemorySpanExporter, facts: dict[str, tracing.Fact]) -> None:
    with pytest.raises(KeyError):
        fail(**facts)
    assert (only(kept).status.is_ok, only(kept).status.description, only(kept).events) == (False, None, ())


@pytest.mark.parametrize("code", ["OK", "NOT_FOUND", "PERMISSION_DENIED", "FAILED_PRECONDITION"])
def test_an_answer_that_is_no_is_no_fault(kept: InMemorySpanExporter, code: str) -> None:
    with tracing.span("work") as span:
        span.say(rpc_code=code)
    assert only(kept).status.is_ok


def test_work_elsewhere_is_a_child_of_what_its_traceparent_names(kept: InMemorySpanExporter) -> None:
    with tracing.span("here") as here:
        carried = here.traceparent
    with tracing.span("there", parent=carried):
        assert tracing.current() != carried
    first, second = kept.get_finished_spans()
    assert second.parent is not None
    assert first.context is not None
    assert (second.parent.span_id, second.parent.trace_id) == (first.context.span_id, first.context.trace_id)


@pytest.mark.parametrize("sent", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "Canary Child"])
def test_a_traceparent_that_makes_no_sense_begins_a_trace(kept: InMemorySpanExporter, sent: str) -> None:
    with tracing.span("there", parent=sent):
        pass
    assert only(kept).parent is None


def linked(flags: str) -> str:
    return f"00-{'1' * 32}-{'2' * 16}-{flags}"


@pytest.mark.parametrize(("flags", "count"), [("01", 1), ("00", 0)])
def test_a_linked_span_begins_a_trace_that_is_kept_if_the_other_was(
    kept: InMemorySpanExporter, flags: str, count: int
) -> None:
    with tracing.span("here"), tracing.span("read", link=linked(flags)):
        pass
    found: Sequence[ReadableSpan] = [span for span in kept.get_finished_spans() if span.name == "read"]
    assert len(found) == count
    assert all(span.parent is None and span.links[0].context.trace_id == int("1" * 32, 16) for span in found)


def test_what_is_not_kept_here_is_kept_nowhere() -> None:
    exporter = InMemorySpanExporter()
    tracing.record_with(OtelRecorder(SimpleSpanProcessor(exporter), "tests", share=0))
    with tracing.span("here") as here:
        assert int(here.traceparent[-2:], 16) & 1 == 0
        assert logs.more_facts() == {}
        with tracing.span("there", parent=here.traceparent):
            pass
    tracing.end()
    assert exporter.get_finished_spans() == ()
