"""A channel that is opened anew when what it was made from has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import grpc


class ReloadingChannel(grpc.Channel):
    """Calls go over the newest channel; the one before it stays open for the calls that still run on it.

    Parameters
    ----------
    connect
        Opens a channel. What it raises at first is the caller's; later the last good channel is kept.
    stamp
        Equal for as long as the channel is good.
    complain
        Given what `connect` raised later.
    """

    def __init__(
        self, connect: Callable[[], grpc.Channel], stamp: Callable[[], object], complain: Callable[[Exception], None]
    ) -> None:
        self._connect, self._stamp, self._complain = connect, stamp, complain
        self._lock = threading.Lock()
        self._seen = stamp()
        self._newest = connect()
        self._before: grpc.Channel | None = None

    def _channel(self) -> grpc.Channel:
        now = self._stamp()
        if now != self._seen:
            with self._lock:
                if now != self._seen:
                    self._open_anew(now)
        return self._newest

    def _open_anew(self, now: object) -> None:
        try:
            opened = self._connect()
        except Exception as error:
            self._complain(error)
            return
        if self._before is not None:
            self._before.close()
        self._before, self._newest, self._seen = self._newest, opened, now

    def unary_unary(self, *details: Any, **named: Any) -> Any:
        return self._channel().unary_unary(*details, **named)

    def unary_stream(self, *details: Any, **named: Any) -> Any:
        return self._channel().unary_stream(*details, **named)

    def stream_unary(self, *details: Any, **named: Any) -> Any:
        return self._channel().stream_unary(*details, **named)

    def stream_stream(self, *details: Any, **named: Any) -> Any:
        return self._channel().stream_stream(*details, **named)

    def subscribe(self, callback: Any, try_to_connect: bool | None = False) -> None:
        self._channel().subscribe(callback, try_to_connect=try_to_connect or False)

    def unsubscribe(self, callback: Any) -> None:
        for channel in (self._newest, self._before):
            if channel is not None:
                with suppress(ValueError):
                    channel.unsubscribe(callback)

    def close(self) -> None:
        """Close what is open. Calls that still run are cancelled."""
        with self._lock:
            for channel in (self._newest, self._before):
                if channel is not None:
                    channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
