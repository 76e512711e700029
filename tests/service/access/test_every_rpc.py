"""Every RPC of every running service, called with every role and with none: exactly what docs/access.md says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from shared.grpc_client import connect
from shared.identity import ROLES
from shared.identity.callers import Caller
from shared.identity.table import access_table, services
from shared.identity.transport import Tls, Transport
from tests.service.access.conftest import System
from tests.service.access.table import DOCUMENT, written

TABLE = written()
REFUSED = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
OUR_FAULT = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED}
SECONDS = 60.0


class Nobody:
    """Shows the certificate of a front door, where there is TLS, and says nothing of who calls."""

    def __init__(self, like: Caller) -> None:
        self.transport: Transport = like.transport

    def metadata(self) -> list[tuple[str, str]]:
        return []


def methods_of(system: System, process: str) -> Iterator[tuple[str, str]]:
    """Each (service, method) that a process serves, as it registered them."""
    for servicer in system.servers[process].servicers:
        yield from (key for key in TABLE if key[0] == servicer.full_name)


def code_of(channel: grpc.Channel, service: str, method: str) -> grpc.StatusCode:
    """The status of a call with an empty request."""
    method_of: Any = channel.unary_unary(f"/{service}/{method}")
    call: Any = method_of.future(b"", timeout=SECONDS)
    call.exception()
    code: grpc.StatusCode = call.code()
    return code


def walk(system: System, process: str, caller: Caller) -> dict[tuple[str, str], grpc.StatusCode]:
    with connect(process, system.servers[process].address, caller) as channel:
        return {key: code_of(channel, *key) for key in methods_of(system, process)}


def test_the_document_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == access_table(), "run `make access`"


def test_the_document_names_every_rpc_of_our_protos() -> None:
    assert set(TABLE) == {(name, method) for name, access in services() for method in access}
    assert all(TABLE.values()), "an RPC that nobody may call"


def test_every_service_of_our_protos_is_served(system: System) -> None:
    served = {servicer.full_name for server in system.servers.values() for servicer in server.servicers}
    assert {name for name, _ in TABLE} == served


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_call_what_the_table_says_and_nothing_else(role: str, system: System) -> None:
    for process in system.servers:
        codes = walk(system, process, system.callers[role])
        allowed = {key for key in codes if role in TABLE[key]}
        assert {key for key, code in codes.items() if code not in REFUSED} == allowed
        refused = {code for key, code in codes.items() if key not in allowed}
        assert refused <= {grpc.StatusCode.PERMISSION_DENIED}
        assert {key: code for key, code in codes.items() if code in OUR_FAULT} == {}


def test_nobody_may_call_anything(system: System) -> None:
    for process in system.servers:
        codes = walk(system, process, Nobody(system.callers["planner"]))
        assert set(codes.values()) == {grpc.StatusCode.UNAUTHENTICATED}


def test_somebody_of_no_role_may_call_nothing(system: System) -> None:
    for process in system.servers:
        codes = walk(system, process, system.callers["without a role"])
        assert set(codes.values()) == {grpc.StatusCode.PERMISSION_DENIED}


def test_both_ways_are_walked(system: System) -> None:
    """The fixture really gives mutual TLS in one of its two forms."""
    transports = {type(caller.transport) for caller in system.callers.values()}
    assert len(transports) == 1
    if transports == {Tls}:
        channel = grpc.insecure_channel(system.servers["cost"].address)
        in_the_clear: Any = channel.unary_unary("/inborough.cost.v1.CostService/ListRateCards")
        with channel, pytest.raises(grpc.RpcError) as caught:
            in_the_clear(b"", timeout=5)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
