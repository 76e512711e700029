"""A collector that takes spans and keeps none: `python -m tests.benchmarks.collector`."""

from __future__ import annotations

import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

SERVICE, METHOD = "opentelemetry.proto.collector.trace.v1.TraceService", "Export"


def _take(request: bytes, context: grpc.ServicerContext) -> bytes:
    return b""


def main() -> None:
    """Take spans until SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    server = grpc.server(ThreadPoolExecutor(2))
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_take)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"event": "service_started", "address": f"127.0.0.1:{port}"}), flush=True)
    stopping.wait()
    server.stop(0).wait()


if __name__ == "__main__":
    main()
