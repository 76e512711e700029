"""Every RPC that is no reading leaves an event, which its service's code writes: so every change is in the journal."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import inborough
from inborough.common.v1 import common_pb2
from tests.architecture.source import ROOT

READING = ("Get", "List", "Compare", "Export", "Quote", "Price")
KEEPS_NOTHING = {
    "PlacementService.RefreshStandingPlan": "works out again what it has in memory",
    "TravelService.PlanSchoolRuns": "has cost keep the run plan, which leaves run_plan_kept there",
}
IN_EVERY_SERVICE = {"events": "shared/event_log", "keeping": "shared/keeping"}


def rpcs() -> Iterator[tuple[str, str, str]]:
    """Package such as cost, service and method such as CostService.ImportRateCard, and the event that it leaves."""
    for found in pkgutil.walk_packages(inborough.__path__, "inborough."):
        if found.name.endswith("_pb2"):
            for service in importlib.import_module(found.name).DESCRIPTOR.services_by_name.values():
                for method in service.methods:
                    leaves = method.GetOptions().Extensions[common_pb2.leaves]
                    yield found.name.split(".")[1], f"{service.name}.{method.name}", leaves


RPCS = sorted(rpcs())


def test_an_rpc_leaves_an_event_unless_it_reads() -> None:
    silent = {name for _, name, leaves in RPCS if not leaves}
    assert {name for name in silent if not name.split(".")[1].startswith(READING)} == set(KEEPS_NOTHING)


def test_a_reading_is_not_said_to_change_anything() -> None:
    assert [name for _, name, leaves in RPCS if leaves and name.split(".")[1].startswith(READING)] == []


@pytest.mark.parametrize("package", sorted({package for package, _, leaves in RPCS if leaves}))
def test_a_service_writes_the_events_that_it_says(package: str) -> None:
    folder = ROOT / IN_EVERY_SERVICE.get(package, f"services/{package}")
    written = "".join(path.read_text() for path in folder.rglob("*.py"))
    assert [leaves for of, _, leaves in RPCS if of == package and leaves and f'"{leaves}"' not in written] == []
