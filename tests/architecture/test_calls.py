"""Every call between services says how long it may take, and is made from the rooms that may call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import FileDescriptor

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.events.v1 import events_pb2
from inborough.journal.v1 import journal_pb2
from inborough.keeping.v1 import keeping_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from tests.architecture.source import name_of, parsed, python_files

CONTRACTS: tuple[FileDescriptor, ...] = (
    caseload_pb2.DESCRIPTOR,
    provision_pb2.DESCRIPTOR,
    cost_pb2.DESCRIPTOR,
    placement_pb2.DESCRIPTOR,
    journal_pb2.DESCRIPTOR,
    events_pb2.DESCRIPTOR,
    keeping_pb2.DESCRIPTOR,
)
RPCS = {rpc.name for contract in CONTRACTS for service in contract.services_by_name.values() for rpc in service.methods}


def rpc_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of the forms `stub.GetCase(…)` and `stub.GetCase.future(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = node.func.value if node.func.attr == "future" else node.func
            if isinstance(called, ast.Attribute) and called.attr in RPCS:
                yield node


def without_deadline(tree: ast.Module) -> list[int]:
    """Lines of the calls that pass no timeout."""
    calls = (call for call in rpc_calls(tree) if not any(word.arg == "timeout" for word in call.keywords))
    return [call.lineno for call in calls]


def test_every_call_has_a_deadline() -> None:
    found = {name_of(path): without_deadline(parsed(path)) for path in python_files("services", "shared")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_call_without_a_deadline_would_be_found() -> None:
    source = "stub.GetCase(request)\nstub.GetCase.future(request)\nstub.GetCase(request, timeout=5)\n"
    assert without_deadline(ast.parse(source)) == [1, 2]


def makes_a_stub(path: Path) -> bool:
    calls = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))
    names = (ast.unparse(call.func).rpartition(".")[2] for call in calls)
    return any(name.endswith("ServiceStub") for name in names)


def test_only_gather_events_and_the_front_doors_call_services() -> None:
    callers = {name_of(path) for path in python_files("services", "shared") if makes_a_stub(path)}
    beyond = {name for name in callers if not name.endswith(("/gather.py", "/events.py"))}
    assert beyond == {"services/cli/calls.py", "services/web/calls.py"}
