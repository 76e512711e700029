"""A gate in front of a server: open, shut or stuck, so that a test's broker goes away while the real one runs on."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

READ_BYTES = 65536
RESET = struct.pack("ii", 1, 0)


class Gate:
    """Passes on what comes to `address` (host:port) as long as it is open. Its port stays its own while it is shut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._held.bind(("127.0.0.1", 0))  # bound, never listening: nobody else is given the port
        self.port = int(self._held.getsockname()[1])
        self.address = f"127.0.0.1:{self.port}"
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self._passing: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.shut()
        self._held.close()

    def open(self) -> None:
        """Let whoever comes through."""
        self._flowing.set()
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(64)
        self._listening = listening
        threading.Thread(target=self._let_in, args=(listening,), daemon=True).start()

    def shut(self) -> None:
        """Cut whoever is through, and refuse whoever comes."""
        with self._lock:
            listening, self._listening = self._listening, None
            passing, self._passing = self._passing, set()
        self._flowing.set()
        for each in passing:
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            _end(each)
        if listening is not None:
            _end(listening)

    def stick(self) -> None:
        """Keep every connection, and pass on nothing more from the client's side: what it sends is never answered."""
        self._flowing.clear()

    def _let_in(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
                far = socket.create_connection(self._target, timeout=5)
                far.settimeout(None)
            except OSError:
                if self._listening is not listening:
                    return
                continue
            with self._lock:
                if self._listening is not listening:
                    _end(near)
                    _end(far)
                    return
                self._passing |= {near, far}
            threading.Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, from_: socket.socket, to: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while received := from_.recv(READ_BYTES):
                if from_client:
                    self._flowing.wait()
                to.sendall(received)
        with self._lock:
            self._passing -= {from_, to}
        _end(from_)
        _end(to)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
