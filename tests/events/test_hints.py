"""A change of facts is heard over the broker and the standing plan is made ready; a broker that is down hurts none."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest

from shared.settings import ServiceSettings
from tests.conftest import need_server

RABBITMQ = os.environ.get("INBOROUGH_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
SECONDS = 30
PUBLISH = """
import sys
from shared.events.hints import Hints
from shared.logs import configure
from shared.settings import ServiceSettings
configure("caseload")
hints = Hints("caseload", ServiceSettings())
hints.events_recorded(int(sys.argv[1]))
hints.close(seconds=10)
"""


@pytest.fixture(params=["files", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a broker of its own: files in a temporary folder, or a virtual host on RabbitMQ."""
    if request.param == "files":
        yield {"INBOROUGH_VAR": str(tmp_path)}
        return
    server, _, _ = RABBITMQ.rpartition("/")
    host, port = server.rsplit("@", 1)[1].split(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")
    if shutil.which("rabbitmqctl") is None:
        yield {"INBOROUGH_VAR": str(tmp_path), "INBOROUGH_BROKER_URL": RABBITMQ}
        return
    name = f"inborough_test_{secrets.token_hex(4)}"
    for words in (["add_vhost", name], ["set_permissions", "-p", name, "guest", ".*", ".*", ".*"]):
        subprocess.run(["rabbitmqctl", "-q", *words], check=True, capture_output=True)
    yield {"INBOROUGH_VAR": str(tmp_path), "INBOROUGH_BROKER_URL": f"{server}/{name}"}
    subprocess.run(["rabbitmqctl", "-q", "delete_vhost", name], check=True, capture_output=True)


class Asked(grpc.GenericRpcHandler):
    """Stands in for placement: remembers what it was asked."""

    def __init__(self) -> None:
        self.methods: list[str] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.methods.append(handler_call_details.method.rsplit("/", 1)[1])
            return b""

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture
def placement() -> Iterator[tuple[Asked, str]]:
    asked = Asked()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((asked,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield asked, f"127.0.0.1:{port}"
    server.stop(0)


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)


def wait_for_line(process: subprocess.Popen[str], event: str) -> dict[str, object]:
    """The next log line of that event."""
    assert process.stdout is not None
    for line in process.stdout:
        found: dict[str, object] = json.loads(line)
        if found["event"] == event:
            return found
    raise AssertionError(f"the process ended without {event}")


def test_a_hint_makes_the_standing_plan_ready(broker: dict[str, str], placement: tuple[Asked, str]) -> None:
    asked, address = placement
    environment = {
        **broker,
        "INBOROUGH_PLACEMENT_ADDRESS": address,
        "INBOROUGH_PLACEMENT_EVENTS_METRICS_PORT": "0",
    }
    with run(["-m", "services.placement.events"], environment) as events:
        try:
            wait_for_line(events, "service_started")
            with run(["-c", PUBLISH, "rev_0123456789abcdef"], environment) as publisher:
                assert publisher.wait(SECONDS) == 0
            heard = wait_for_line(events, "standing_plan_refreshed")
        finally:
            events.terminate()
    assert heard["neighbour"] == "caseload"
    assert "RefreshStandingPlan" in asked.methods


def test_publishing_to_a_broker_that_is_down_neither_raises_nor_waits(tmp_path: Path) -> None:
    environment = {"INBOROUGH_VAR": str(tmp_path), "INBOROUGH_BROKER_URL": "amqp://guest:guest@127.0.0.1:1/"}
    began = time.monotonic()
    with run(["-c", PUBLISH, "rev_0123456789abcdef"], environment) as publisher:
        assert wait_for_line(publisher, "hint_not_published")["level"] == "warning"
        assert publisher.wait(SECONDS) == 0
    assert time.monotonic() - began < SECONDS


def test_the_embedded_broker_keeps_its_files_under_the_var_folder(tmp_path: Path) -> None:
    from shared.events.hints import nameko_config

    config = nameko_config(ServiceSettings(INBOROUGH_VAR=tmp_path))
    assert config["AMQP_URI"] == "filesystem://"
    assert (tmp_path / "broker" / "messages").is_dir()
