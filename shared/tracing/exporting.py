"""Where spans go: to a collector as OTLP over gRPC, or to a file with a span a line."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from pathlib import Path

import grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from shared import logs
from shared.identity.set_up import SetUpWrong
from shared.tracing import VARIABLE
from shared.tracing.settings import TraceSettings, is_private

SEND_SECONDS = 5


def exporter_to(settings: TraceSettings) -> SpanExporter:
    """What sends spans where the settings say. Raises SetUpWrong when the file cannot be written."""
    if settings.traces_file is not None:
        return Telling(JsonLines(settings.traces_file))
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)  # it says so again and again
    secure = settings.traces.startswith("https")
    authority = settings.traces_authority.read_bytes() if settings.traces_authority else None
    credentials = grpc.ssl_channel_credentials(authority) if secure and authority else None
    sending: SpanExporter = OTLPSpanExporter(settings.traces, not secure, credentials, timeout=SEND_SECONDS)
    return Telling(StayingPrivate(sending, settings.traces_host) if settings.traces_stay_private else sending)


class JsonLines(SpanExporter):
    """A span a line, whole even where several processes write to one file."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetUpWrong(f"{VARIABLE}: {path} cannot be written ({error.strerror}).") from None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            os.write(self._file, f"{span.to_json(indent=None)}\n".encode())
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        os.close(self._file)


class NotPrivate(Exception):
    """The collector is outside of private networks."""


class StayingPrivate(SpanExporter):
    """Sends nothing before the host's name was found to stand for this machine or private addresses alone."""

    def __init__(self, inner: SpanExporter, host: str) -> None:
        self._inner, self._host, self._checked = inner, host, False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if not self._checked:
            found = socket.getaddrinfo(self._host, None)
            if not all(is_private(str(place[4][0])) for place in found):
                raise NotPrivate
            self._checked = True
        return self._inner.export(spans)

    def shutdown(self) -> None:
        self._inner.shutdown()


class Telling(SpanExporter):
    """Says in the log, once, when spans begin to be lost, and once when they are taken again. It never raises."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner, self._lost = inner, 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            became, error_type = self._inner.export(spans), ""
        except Exception as error:
            became, error_type = SpanExportResult.FAILURE, type(error).__name__
        if became is not SpanExportResult.SUCCESS:
            if not self._lost:
                logs.log("traces_not_sent", "warning", error_type=error_type)
            self._lost += len(spans)
        elif self._lost:
            logs.log("traces_sent_again", rows=self._lost)
            self._lost = 0
        return became

    def shutdown(self) -> None:
        self._inner.shutdown()
