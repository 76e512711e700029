"""Prometheus metrics that every process has, and the endpoint that serves them.

The names are those of go-grpc-prometheus, which public dashboards expect. Labels are few and never personal.
"""

from __future__ import annotations

import sys
from wsgiref.simple_server import WSGIServer

from prometheus_client import Counter, Histogram, disable_created_metrics, start_http_server

from shared import logs

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series a count, which no rule reads

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

server_started = Counter("grpc_server_started_total", "RPCs begun on this server.", ["grpc_service", "grpc_method"])
server_handled = Counter(
    "grpc_server_handled_total", "RPCs finished on this server.", ["grpc_service", "grpc_method", "grpc_code"]
)
server_seconds = Histogram(
    "grpc_server_handling_seconds", "Time an RPC took on this server.", ["grpc_service", "grpc_method"], buckets=SECONDS
)
client_handled = Counter(
    "grpc_client_handled_total", "RPCs finished by this client.", ["grpc_service", "grpc_method", "grpc_code"]
)
client_seconds = Histogram(
    "grpc_client_handling_seconds", "Time an RPC took this client.", ["grpc_service", "grpc_method"], buckets=SECONDS
)
database_errors = Counter(
    "inborough_database_errors_total",
    "Errors of the database: operational (down, cut off, locked), constraint (two at once, one refused), or other.",
    ["kind"],
)
workers_died = Counter(
    "inborough_workers_died_total", "Worker processes that ended before their task was done.", ["module"]
)


def serve_metrics(host: str, port: int) -> WSGIServer:
    """Serve `/metrics` on a thread of its own; port 0 picks a free one. Raises OSError when the port is taken."""
    server, _ = start_http_server(port, addr=host)
    server.handle_error = _not_served  # type: ignore[method-assign]
    return server


def _not_served(request: object, client_address: object) -> None:
    """Who asked went away: a line of our log in place of a traceback on standard error."""
    kind, _error, _trace = sys.exc_info()
    logs.log("metrics_not_served", "warning", error_type=kind.__name__ if kind else "")
