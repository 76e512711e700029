"""What a running system wrote and sent, part by part: logs, errors, events, broker messages, addresses, calls."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from shared import grpc_handling, identity
from shared.errors import InboroughError


@dataclass(frozen=True)
class Call:
    """One call of a service: who asked, with what, and what came back."""

    method: str
    roles: frozenset[str]
    request: Message
    answers: tuple[Message, ...]

    @property
    def rpc(self) -> str:
        """Service and method: caseload.v1.CaseloadService/GetCase."""
        return self.method.removeprefix("/inborough.")


@dataclass
class Recording:
    """By flow, all that each sink was given; `calls` of all flows."""

    calls: list[Call] = field(default_factory=list)
    sinks: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    flow: str = "before"

    def note(self, sink: str, *what: object) -> None:
        """Keep what a sink was given by the flow that runs."""
        self.sinks[self.flow][sink] += [str(each) for each in what]

    @contextmanager
    def during(self, flow: str) -> Iterator[None]:
        """What is written within is this flow's."""
        self.flow = flow
        out, err = io.StringIO(), io.StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(err):
                yield
        finally:
            self.note("logs", out.getvalue(), err.getvalue())

    def text(self, flow: str, sink: str) -> str:
        """All of it."""
        return "\n".join(self.sinks[flow][sink])


def record_calls(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every call that any service of this process answers from now on, and what its errors said."""
    intercept = grpc_handling.Interceptor.intercept_service

    def recorded(self: Any, continuation: Callable[[Any], Any], details: Any) -> Any:
        return intercept(self, lambda each: _kept(continuation(each), each.method, recording), details)

    monkeypatch.setattr(grpc_handling.Interceptor, "intercept_service", recorded)


def _kept(handler: Any, method: str, recording: Recording) -> Any:
    if handler is None or handler.request_streaming:
        return handler

    def keep(request: Message, answers: list[Message]) -> None:
        recording.calls.append(Call(method, identity.current().roles, request, tuple(answers)))

    def one(request: Message, context: Any) -> Message:
        with _errors_of(recording):
            answer: Message = handler.unary_unary(request, context)
        keep(request, [answer])
        return answer

    def several(request: Message, context: Any) -> Iterator[Message]:
        answers: list[Message] = []
        with _errors_of(recording):
            for answer in handler.unary_stream(request, context):
                answers.append(answer)
                yield answer
        keep(request, answers)

    reading, writing = handler.request_deserializer, handler.response_serializer
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler(several, reading, writing)
    return grpc.unary_unary_rpc_method_handler(one, reading, writing)


@contextmanager
def _errors_of(recording: Recording) -> Iterator[None]:
    try:
        yield
    except InboroughError as error:
        recording.note("errors", error.message, error.facts)
        raise


def record_broker(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every message that this process gives a broker, and send none."""

    class Publisher:
        def __init__(self, *_: object, **__: object) -> None: ...

        def publish(self, message: object, **how: object) -> None:
            recording.note("broker", message, how.get("routing_key"), how.get("headers"), how.get("extra_headers"))

    monkeypatch.setattr("nameko.amqp.publish.Publisher", Publisher)
