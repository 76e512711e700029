"""The pages' server itself, as somebody meets it who speaks HTTP badly on purpose."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.web.in_time import InTime
from services.web.listening import HEAD_BYTES, server_options
from services.web.settings import Settings
from shared.errors import TooMuch

HEAD_SECONDS, BODY_SECONDS = 0.3, 0.3
GOOD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def says_who(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads what is sent and says from where."""
    request = Request(scope, receive)
    try:
        read = len(await request.body())
        answer = PlainTextResponse(f"{read} bytes from {scope['client'][0]}")
    except TooMuch as error:
        answer = PlainTextResponse(error.message, 413)
    await answer(scope, receive, send)


@contextmanager
def listening(**settings: object) -> Iterator[int]:
    """The port of a server with the pages' own options."""
    told = Settings.model_validate({"INBOROUGH_VAR": "var", **settings}).model_copy(
        update={"head_seconds": HEAD_SECONDS}
    )
    options = server_options(told) | {"port": 0, "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(InTime(says_who, BODY_SECONDS), **options))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening() as found:
        yield found


def told(port: int, *parts: bytes, pause: float = 0) -> str:
    """What the server says to bytes sent one after another, until it hangs up or there is no more for a second."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        heard = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            while some := connection.recv(65536):
                heard += some
        except TimeoutError:
            return f"{heard.decode()} (still open)"
        except (BrokenPipeError, ConnectionResetError):
            pass
    return heard.decode()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: loc"], ids=["nothing", "half a head"])
def test_a_head_that_does_not_come_whole_is_hung_up_on(port: int, sent: bytes) -> None:
    assert told(port, sent) == ""


def test_a_head_in_small_pieces_without_end_is_hung_up_on(port: int) -> None:
    pieces = [b"X-%d: a\r\n" % number for number in range(20)]
    assert told(port, GOOD, *pieces, pause=0.03) == ""


def test_a_request_is_answered_and_another_on_the_same_connection(port: int) -> None:
    heard = told(port, GOOD + b"\r\n", GOOD + b"Connection: close\r\n\r\n")
    assert heard.count("HTTP/1.1 200 OK") == 2
    assert "server:" not in heard.casefold()


@pytest.mark.parametrize(("extra", "status"), [(HEAD_BYTES - 200, "200 OK"), (HEAD_BYTES, "400 Bad Request")])
def test_a_head_is_taken_up_to_its_size_and_refused_beyond_it(port: int, extra: int, status: str) -> None:
    head = GOOD + b"X-Long: " + b"a" * extra
    assert status in told(port, head, b"\r\nConnection: close\r\n\r\n", pause=0.02)


def test_a_body_that_trickles_is_refused_with_what_to_do(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n"
    heard = told(port, head, b"a")
    assert "413" in heard
    assert "Send less, or over a faster network." in heard


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Host: elsewhere.example\r\n",
        b"X-Two\r\n lines: a\r\n",
    ],
    ids=["two lengths", "two encodings", "two hosts", "no header"],
)
def test_a_request_that_could_be_read_in_two_ways_is_refused(port: int, head: bytes) -> None:
    assert "400 Bad Request" in told(port, b"POST / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n")


def test_nobodys_word_is_taken_on_where_a_request_comes_from(port: int) -> None:
    assert "from 127.0.0.1" in told(port, GOOD + b"X-Forwarded-For: 192.0.2.9\r\nConnection: close\r\n\r\n")


def test_a_named_proxys_word_is_taken_and_not_what_its_client_said_before() -> None:
    with listening(proxies="127.0.0.1") as port:
        sent = GOOD + b"X-Forwarded-For: 198.51.100.1, 192.0.2.9\r\nConnection: close\r\n\r\n"
        assert "from 192.0.2.9" in told(port, sent)


def test_more_connections_than_may_be_open_are_told_to_come_back() -> None:
    with listening(connections=2) as port:
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        assert "503 Service Unavailable" in told(port, GOOD + b"Connection: close\r\n\r\n")
        for each in held:
            each.close()
