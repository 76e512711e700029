"""An RPC whose option was forgotten, or that no servicer named, answers nobody, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool

from inborough.common.v1 import common_pb2
from inborough.common.v1.common_pb2 import Date
from shared.errors import NotAllowed
from shared.grpc_client import connect
from shared.grpc_server import Handled, start_server
from shared.identity import ROLES, access
from shared.settings import ServiceSettings
from tests.builders.identity import caller

PACKAGE = "tests.access.v1"
NAME = f"{PACKAGE}.ForgetfulService"


@pytest.fixture(scope="module")
def forgetful() -> str:
    """A service of which one RPC allows planners, one allows a role that there is not, and one says nothing."""
    file = descriptor_pb2.FileDescriptorProto(name="tests/access.proto", package=PACKAGE, syntax="proto3")
    file.dependency.append(common_pb2.DESCRIPTOR.name)
    service = file.service.add(name="ForgetfulService")
    for method, allows in {"Ask": "planner", "Forgotten": None}.items():
        added = service.method.add(
            name=method, input_type=".inborough.common.v1.Date", output_type=".inborough.common.v1.Date"
        )
        if allows is not None:
            added.options.Extensions[common_pb2.allows] = allows
    misspelt = file.service.add(name="MisspeltService")
    wrong = misspelt.method.add(
        name="Ask", input_type=".inborough.common.v1.Date", output_type=".inborough.common.v1.Date"
    )
    wrong.options.Extensions[common_pb2.allows] = "planer"
    descriptor_pool.Default().AddSerializedFile(file.SerializeToString())  # type: ignore[no-untyped-call]
    return NAME


@pytest.fixture
def address(forgetful: str) -> Iterator[str]:
    """The service, running with what its descriptor says, and one method more that no descriptor knows."""

    def register(server: grpc.Server) -> None:
        answer = grpc.unary_unary_rpc_method_handler(
            lambda request, _: request, request_deserializer=Date.FromString, response_serializer=Date.SerializeToString
        )
        methods = {"Ask": answer, "Forgotten": answer, "Unknown": answer}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(forgetful, methods),))

    running = start_server(ServiceSettings(), [Handled(forgetful, register)])
    yield running.address
    running.stop(0)


def ask(address: str, method: str, *roles: str) -> None:
    with connect("forgetful", address, caller(*roles)) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(f"/{NAME}/{method}")
        call(b"", timeout=5)


def test_an_rpc_with_the_option_answers_its_roles(address: str) -> None:
    ask(address, "Ask", "planner")
    with pytest.raises(NotAllowed, match="Ask is for planner"):
        ask(address, "Ask", "auditor")


@pytest.mark.parametrize("method", ["Forgotten", "Unknown"])
@pytest.mark.parametrize("roles", [*([role] for role in ROLES if role != "service"), []], ids=str)
def test_an_rpc_without_it_answers_nobody(method: str, roles: list[str], address: str) -> None:
    with pytest.raises(NotAllowed, match="is for nobody"):
        ask(address, method, *roles)


def test_a_role_that_there_is_not_stops_the_start(forgetful: str) -> None:
    with pytest.raises(ValueError, match="planer is no role"):
        access.access_of(f"{PACKAGE}.MisspeltService")
