"""A bare gRPC echo: `python -m tests.benchmarks.echo`. Nothing of ours is in it but one line that says where it is."""

from __future__ import annotations

import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

METHOD = "/inborough.benchmarks.Echo/Echo"


def _echo(request: bytes, context: grpc.ServicerContext) -> bytes:
    return request


def main() -> None:
    """Answer with what was asked until SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    server = grpc.server(ThreadPoolExecutor(8))
    _, service, method = METHOD.split("/")
    handler = grpc.method_handlers_generic_handler(service, {method: grpc.unary_unary_rpc_method_handler(_echo)})
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"event": "service_started", "address": f"127.0.0.1:{port}"}), flush=True)
    stopping.wait()
    server.stop(0).wait()


if __name__ == "__main__":
    main()
