"""Where spans go: to a collector by OTLP, or to a file; and that a collector that is away holds nobody up."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import ValidationError

from shared import logs, tracing
from shared.identity.set_up import SetUpWrong
from shared.tracing import exporting
from shared.tracing.exporting import StayingPrivate, Telling
from shared.tracing.recording import OtelRecorder
from shared.tracing.settings import TraceSettings


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps names of spans."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.services: set[str] = set()

    def Export(
        self, request: trace_service_pb2.ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        for sent in request.resource_spans:
            own = {each.key: each.value.string_value for each in sent.resource.attributes}
            self.services.add(own["service.name"])
            self.names += [span.name for scope in sent.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


@contextmanager
def collecting(under: grpc.ServerCredentials | None = None) -> Iterator[tuple[Collector, str]]:
    """A collector and its address; under TLS where credentials are given."""
    collector, server = Collector(), grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    place = "localhost:0"
    port = server.add_secure_port(place, under) if under else server.add_insecure_port(place)
    server.start()
    yield collector, f"{'https' if under else 'http'}://localhost:{port}"
    server.stop(0).wait()


def test_a_collector_gets_what_waits_when_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as (collector, url):
        monkeypatch.setenv(tracing.VARIABLE, url)
        tracing.begin("caseload")
        for name in ("first", "second"):
            with tracing.span(name):
                pass
        tracing.end()
    assert (collector.names, collector.services) == (["first", "second"], {"caseload"})


def test_a_collector_that_is_away_is_told_of_once_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(tracing.VARIABLE, "http://127.0.0.1:1")
    monkeypatch.setattr(exporting, "SEND_SECONDS", 1)
    logs.configure("caseload")
    tracing.begin("caseload")
    began = time.perf_counter()
    for _ in range(1000):
        with tracing.span("work"):
            pass
    asked = time.perf_counter() - began
    tracing.end(seconds=0.5)
    ended = time.perf_counter() - began - asked
    for thread in threading.enumerate():
        if thread.name == "traces-end":  # goes on by itself: what it says is of this test
            thread.join(20)
    assert asked < 5
    assert ended < 1.5
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(line["event"] == "traces_not_sent" for line in lines) == 1
    assert {line["event"] for line in lines} <= {"traces_not_sent", "library_warned"}


def test_a_file_has_a_span_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(tracing.VARIABLE, f"file://{tmp_path / 'spans'}")
    for service in ("caseload", "cost"):
        tracing.begin(service)
        with tracing.span("work"):
            pass
        tracing.end()
    lines = [json.loads(line) for line in (tmp_path / "spans").read_text().splitlines()]
    assert [line["resource"]["attributes"]["service.name"] for line in lines] == ["caseload", "cost"]
    assert (tmp_path / "spans").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://10.0.0.7:1", "http://[::1]:1", "https://any:1", "http://a:1"]
)
def test_spans_travel_in_the_clear_within_private_networks_alone(url: str) -> None:
    TraceSettings(INBOROUGH_TRACES=url).check_traces()


def test_a_public_address_wants_tls_or_that_plain_text_is_accepted() -> None:
    url = "http://8.8.8.8:4317"
    TraceSettings(INBOROUGH_TRACES=url, INBOROUGH_PLAIN_TEXT="accepted").check_traces()
    with pytest.raises(SetUpWrong, match="plain HTTP is for this machine and private addresses"):
        TraceSettings(INBOROUGH_TRACES=url).check_traces()


@pytest.mark.parametrize(("address", "sent"), [("10.0.0.7", 1), ("8.8.8.8", 0)])
def test_a_collector_that_is_named_is_looked_up_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str, sent: int
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, _: [(0, 0, 0, host, (address, 0))])
    logs.configure("caseload")
    kept = InMemorySpanExporter()
    tracing.record_with(OtelRecorder(SimpleSpanProcessor(Telling(StayingPrivate(kept, "collector"))), "caseload"))
    for _ in range(2):
        with tracing.span("work"):
            pass
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(kept.get_finished_spans()) == 2 * sent
    assert [line["error_type"] for line in told] == ([] if sent else ["NotPrivate"])
    tracing.end()


@pytest.mark.parametrize("wrong", ["collector:4317", "ftp://collector", "file://relative", "http://user:secret@host:1"])
def test_any_other_address_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TraceSettings(INBOROUGH_TRACES=wrong)
    assert wrong not in str(refused.value)


def test_a_file_that_cannot_be_written_stops_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(tracing.VARIABLE, f"file://{tmp_path / 'none' / 'spans'}")
    with pytest.raises(SetUpWrong, match=r"cannot be written"):
        tracing.begin("caseload")
    monkeypatch.setenv(tracing.VARIABLE, "https://collector:4317")
    monkeypatch.setenv("INBOROUGH_TRACES_AUTHORITY", str(tmp_path / "none.pem"))
    with pytest.raises(SetUpWrong, match="there is no file"):
        tracing.begin("caseload")
