"""Calls that ask in a stream hold a thread for as long as whoever asks likes, so only few may at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc

from shared.errors import TooMuch, to_status
from shared.limits.at_once import AtOnce

MOST_AT_ONCE, SOON = 2, 2


class FewStreams:
    """At most two such calls under way on a server, whoever asks."""

    def __init__(self) -> None:
        self._at_once = AtOnce(each=0, together=MOST_AT_ONCE)

    def around(self, handler: grpc.RpcMethodHandler[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
        """The handler, if it is asked in a stream, when there is room; others as they are."""
        inner: Any = handler.stream_stream
        if inner is None:
            return handler

        def stream(questions: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            with self._at_once.one_more("") as begun:
                if not begun:
                    problem = TooMuch(
                        f"As many streams as may be open at once are open. Try again in {SOON} seconds.",
                        reason="at_once",
                        retry_in_seconds=str(SOON),
                    )
                    context.abort_with_status(to_status(problem))
                yield from inner(questions, context)

        return grpc.stream_stream_rpc_method_handler(
            stream, request_deserializer=handler.request_deserializer, response_serializer=handler.response_serializer
        )
