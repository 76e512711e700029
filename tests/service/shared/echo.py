"""A service that does what a test tells it, served and called as our services are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc

from inborough.common.v1.common_pb2 import Date
from shared.grpc_server import Handled, RunningServer, start_server
from shared.settings import ServiceSettings
from tests.builders.identity import connect

NAME = "inborough.echo.v1.EchoService"
Behaviour = Callable[[Date, grpc.ServicerContext], Date]


@dataclass(frozen=True)
class Echo:
    """The running service, a channel to it, and its one RPC."""

    running: RunningServer
    channel: grpc.Channel
    ask: grpc.UnaryUnaryMultiCallable[Date, Date]


def handled(behaviour: Behaviour, close: Callable[[], None] = lambda: None, roles: str = "service") -> Handled:
    """The servicer of `inborough.echo.v1.EchoService/Ask`, which these roles may call."""

    def register(server: grpc.Server) -> None:
        handler = grpc.unary_unary_rpc_method_handler(
            behaviour, request_deserializer=Date.FromString, response_serializer=Date.SerializeToString
        )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, {"Ask": handler}),))

    return Handled(NAME, register, close, access={"Ask": frozenset(roles.split())})


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Echo]:
    """The service on a free port, stopped at the end."""
    running = start_server(ServiceSettings(), [handled(behaviour)])
    with connect("echo", running.address) as channel:
        yield Echo(running, channel, method(channel))
    running.stop(grace_seconds=0)


def method(channel: grpc.Channel) -> grpc.UnaryUnaryMultiCallable[Date, Date]:
    """`Ask` on a channel."""
    return channel.unary_unary(
        f"/{NAME}/Ask", request_serializer=Date.SerializeToString, response_deserializer=Date.FromString
    )
