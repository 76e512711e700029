"""A small router that speaks OSRM's table API and Valhalla's matrix API, on this machine, with faults on demand."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import cos, hypot, radians
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

METRES_A_DEGREE = 111_000
SECONDS_A_METRE = {"car": 0.1, "auto": 0.1, "foot": 0.75, "pedestrian": 0.75}
Degrees = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """One call: the profile or costing, and how many places on each side."""

    profile: str
    starts: int
    ends: int


@dataclass(frozen=True)
class Fault:
    """An answer that is served instead of a table."""

    body: bytes = b""
    status: int = 200
    seconds: float = 0


@dataclass
class StandIn:
    """A router with straight roads; going north is longer than coming south, so that a swap would be seen.

    `faults` are served first, one a call. `lost`: the router knows no way to or from the first start it is asked about.
    """

    url: str = ""
    lost: bool = False
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)

    def metres(self, start: Degrees, end: Degrees) -> float:
        """How far one way."""
        east = (end[0] - start[0]) * METRES_A_DEGREE * cos(radians(start[1]))
        north = (end[1] - start[1]) * METRES_A_DEGREE
        return hypot(east, north) + max(north, 0)

    def table(self, starts: list[Degrees], ends: list[Degrees]) -> list[list[float | None]]:
        """Metres of every pair, rows by start."""
        rows: list[list[float | None]] = [[round(self.metres(start, end), 1) for end in ends] for start in starts]
        if self.lost:
            rows[0] = [None] * len(ends)
        return rows


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        _, service, version, profile, places = unquote(parts.path).split("/", 4)
        if (service, version) != ("table", "v1"):
            return self._send(Fault(b"{}", 404))
        degrees = [_degrees(*place.split(",")) for place in places.split(";")]
        asked = parse_qs(parts.query)
        starts, ends = ([degrees[int(at)] for at in asked[side][0].split(";")] for side in ("sources", "destinations"))
        if len(degrees) > 100 or asked["annotations"] != ["duration,distance"]:
            return self._send(Fault(b'{"code": "TooBig"}', 400))
        metres = self._table(profile, starts, ends)
        pace = SECONDS_A_METRE[profile]
        return self._answer(
            {
                "code": "Ok",
                "distances": metres,
                "durations": [[None if far is None else far * pace for far in row] for row in metres],
            }
        )

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/sources_to_targets" or len(asked["sources"]) * len(asked["targets"]) > 2_500:
            return self._send(Fault(b'{"error_code": 154}', 400))
        starts, ends = (
            [_degrees(place["lon"], place["lat"]) for place in asked[side]] for side in ("sources", "targets")
        )
        metres, pace = self._table(asked["costing"], starts, ends), SECONDS_A_METRE[asked["costing"]]
        cells = [
            [
                {
                    "distance": None if far is None else far / 1000,
                    "time": None if far is None else far * pace,
                    "from_index": row,
                    "to_index": column,
                }
                for column, far in enumerate(cells)
            ]
            for row, cells in enumerate(metres)
        ]
        return self._answer({"sources_to_targets": cells, "units": "kilometers"})

    def _table(self, profile: str, starts: list[Degrees], ends: list[Degrees]) -> list[list[float | None]]:
        self.stand_in.asked.append(Asked(profile, len(starts), len(ends)))
        return self.stand_in.table(starts, ends)

    def _answer(self, found: dict[str, Any]) -> None:
        faults = self.stand_in.faults
        self._send(faults.popleft() if faults else Fault(json.dumps(found).encode()))

    def _send(self, answer: Fault) -> None:
        time.sleep(answer.seconds)
        with suppress(OSError):  # whoever asked has given up
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: an address holds places."""


def _degrees(longitude: Any, latitude: Any) -> Degrees:
    return float(longitude), float(latitude)


@contextmanager
def router() -> Iterator[StandIn]:
    """A stand-in on a free port of this machine."""
    stand_in = StandIn()
    handler = type("Handler", (_Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
