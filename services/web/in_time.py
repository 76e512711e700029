"""How long a form may take to arrive: somebody who sends a byte now and then holds nobody up."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import TooMuch


class InTime:
    """A request's body must have come within `seconds` of the first look at it. Pure ASGI."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        until: float | None = None
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal until, is_whole
            if is_whole:
                return await receive()
            until = until or asyncio.get_running_loop().time() + self._seconds
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise TooMuch(
                    f"It took more than {self._seconds:g} seconds to arrive. Send less, or over a faster network."
                ) from None
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
