"""Calls to a router over HTTP: bounded in time and number, and silent about where children live.

A home leaves this process only for a router that the council runs itself. So nothing but the address in the settings is
called: no redirect is followed, no proxy of the environment is used, and plain HTTP must stay on private addresses. No
place is written to a log or an error: `httpx` logs every address it calls, which for OSRM holds the places, and so it
is told not to.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.cost.transport.travel.router import NoTable
from shared.errors import NeighbourDown

ATTEMPTS = 3
PAUSE_SECONDS = 0.2
CONNECT_SECONDS = 2.0
for name in ("httpx", "httpcore"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class RouterAddress:
    """Where a router is, and how it is to be called.

    `provider` and `mode` name it in errors, `variable` is the setting that holds its address. `seconds` is how long one
    answer may take. `authority` is a file of certificates to trust instead of the public ones. `public_http` allows
    plain HTTP to any address.
    """

    provider: str
    mode: str
    url: str
    variable: str
    seconds: float = 10.0
    authority: Path | None = None
    public_http: bool = False


class RouterCalls:
    """One router's connection. Safe to share between threads."""

    def __init__(self, address: RouterAddress, pause: Callable[[float], None] = time.sleep) -> None:
        self._address, self._pause = address, pause
        self._checked = False
        self._client = httpx.Client(
            base_url=address.url,
            timeout=httpx.Timeout(address.seconds, connect=min(CONNECT_SECONDS, address.seconds)),
            follow_redirects=False,
            trust_env=False,
            verify=ssl.create_default_context(cafile=str(address.authority)) if address.authority else True,
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str) -> Any:
        """The JSON at a path. Raises NeighbourDown naming the router and what to do."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        """The JSON with which a path answers a body. Raises NeighbourDown naming the router and what to do."""
        return self._ask("POST", path, body)

    def no_table(self, fault: NoTable) -> NeighbourDown:
        """The error for an answer that is JSON, but no table."""
        return self._down(f"it answered, but {fault}")

    def _ask(self, method: str, path: str, body: object) -> Any:
        self._check_private()
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(PAUSE_SECONDS * attempt)
            answer, why = self._try(method, path, body)
            if answer is not None:
                return self._json(answer)
        raise self._down(why)

    def _try(self, method: str, path: str, body: object) -> tuple[httpx.Response | None, str]:
        """An answer that it is no use to ask for again, or None and why."""
        try:
            answer = self._client.request(method, path, json=body)
        except httpx.TimeoutException:
            return None, f"it took longer than {self._address.seconds:g} seconds"
        except httpx.HTTPError as error:  # its text may hold the address, and so a place
            return None, f"it cannot be reached ({type(error).__name__})"
        if answer.status_code == 429 or answer.status_code >= 500:
            return None, f"it answered with status {answer.status_code}"
        return answer, ""

    def _json(self, answer: httpx.Response) -> Any:
        if answer.status_code != 200:
            raise self._down(f"it answered with status {answer.status_code}")
        try:
            return answer.json()
        except ValueError:
            raise self._down("what it sent is not JSON") from None

    def _check_private(self) -> None:
        """Raises NeighbourDown where homes would cross a network in the clear."""
        if self._checked or self._client.base_url.scheme == "https" or self._address.public_http:
            return
        try:
            found = socket.getaddrinfo(self._client.base_url.host, None)
        except OSError:
            raise self._down("its name is not known") from None
        if not all(is_private(str(place[4][0])) for place in found):
            raise self._down("plain HTTP is for this machine and private addresses; give it an https address")
        self._checked = True

    def _down(self, why: str) -> NeighbourDown:
        address = self._address
        return NeighbourDown(
            f"{address.provider} {address.mode}",
            f"Of the router at {address.variable}: {why}. Start or mend it, correct {address.variable}, or set "
            "INBOROUGH_COST_TRAVEL_PROVIDER=straight_line.",
        )


def is_private(address: str) -> bool:
    """Whether an address is this machine's, or of a private network (RFC 1918, RFC 4193)."""
    return ipaddress.ip_address(address.partition("%")[0]).is_private
