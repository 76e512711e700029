"""Spans by OpenTelemetry's SDK. Nothing imports this, nor OpenTelemetry, before tracing is switched on.

The SDK is used by itself: no provider is registered and no library is instrumented, so that only our code makes spans.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextvars import Token
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from shared import logs
from shared.tracing import TRACEPARENT, Fact, Kind
from shared.tracing.exporting import exporter_to
from shared.tracing.facts import attributes_of, is_fault
from shared.tracing.settings import TraceSettings

MOST_WAITING = 4096
BATCH = 512
EVERY_MILLISECONDS = 1000
_W3C = TraceContextTextMapPropagator()


def recorder_to(settings: TraceSettings, service: str) -> OtelRecorder:
    """A recorder whose spans go where the settings say, from a thread of its own and without waiting.

    At most 4,096 spans wait; what comes on top of them is lost. Raises SetUpWrong.
    """
    settings.check_traces()
    processor = BatchSpanProcessor(
        exporter_to(settings),
        max_queue_size=MOST_WAITING,
        max_export_batch_size=BATCH,
        schedule_delay_millis=EVERY_MILLISECONDS,
    )
    return OtelRecorder(processor, service, settings.traces_share)


class OtelRecorder:
    """Makes spans and hands those that have ended to `processor`. `share` of all traces are kept."""

    def __init__(self, processor: SpanProcessor, service: str, share: float = 1.0) -> None:
        resource = Resource.create({"service.name": service, "service.namespace": "inborough"})
        sampler = ParentBased(_AsLinked(TraceIdRatioBased(share)))
        self._provider = TracerProvider(sampler, resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("inborough")

    def start(self, name: str, kind: Kind, parent: str, link: str, facts: Mapping[str, Fact]) -> OtelSpan:
        """As shared.tracing.span."""
        context = _context_of(parent) if parent else Context() if link else get_current()
        request = {"request_id": logs.request_id.get()} if logs.request_id.get() else {}
        linked = trace.get_current_span(_context_of(link)).get_span_context()
        begun = self._tracer.start_span(
            name,
            context,
            trace.SpanKind[kind.value],
            attributes_of({**request, **facts}),
            [trace.Link(linked)] if linked.is_valid else (),
            record_exception=False,
            set_status_on_exception=False,
        )
        return OtelSpan(begun, context)

    def current(self) -> str:
        """The traceparent of the span in hand."""
        return _traceparent(trace.get_current_span())

    def ids(self) -> Mapping[str, str]:
        """What a log line says of the span in hand, if it is kept."""
        context = trace.get_current_span().get_span_context()
        if not context.trace_flags.sampled:
            return {}
        return {
            "trace_id": trace.format_trace_id(context.trace_id),
            "span_id": trace.format_span_id(context.span_id),
        }

    def end(self, seconds: float) -> None:
        """Send what waits; what a slow collector has not taken by then is lost."""
        ending = threading.Thread(target=self._provider.shutdown, name="traces-end", daemon=True)
        ending.start()
        ending.join(seconds)


class OtelSpan:
    """One span."""

    def __init__(self, begun: trace.Span, context: Context) -> None:
        self._span, self._context = begun, context
        self._token: Token[Context] | None = None

    @property
    def traceparent(self) -> str:
        return _traceparent(self._span)

    def say(self, **facts: Fact) -> None:
        self._span.set_attributes(attributes_of(facts))
        if is_fault(facts):
            self._span.set_status(trace.StatusCode.ERROR)

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def end(self) -> None:
        self._span.end()

    def __enter__(self) -> Self:
        self._token = attach(trace.set_span_in_context(self._span, self._context))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self._token is not None:
            detach(self._token)
        self.end()


class _AsLinked(Sampler):
    """The first span of a trace is kept when the one that it refers to was, else as `otherwise` says."""

    def __init__(self, otherwise: Sampler) -> None:
        self._otherwise = otherwise

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: trace.SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[trace.Link] | None = None,
        trace_state: trace.TraceState | None = None,
    ) -> SamplingResult:
        if not links:
            return self._otherwise.should_sample(parent_context, trace_id, name, kind, attributes, links)
        kept = links[0].context.trace_flags.sampled
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes)

    def get_description(self) -> str:
        return f"AsLinked({self._otherwise.get_description()})"


def _context_of(traceparent: str) -> Context:
    """A context with the span of a traceparent in it; an empty one when it makes no sense."""
    return _W3C.extract({TRACEPARENT: traceparent}, Context())


def _traceparent(span: trace.Span) -> str:
    context = span.get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"
