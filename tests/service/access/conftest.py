"""Every service running and wired to the others, in the clear and under TLS, and callers of every role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.grpc_server import RunningServer
from shared.identity import PEOPLES_ROLES, SERVICE, callers
from shared.identity.callers import Caller
from shared.settings import ServiceSettings
from tests.builders.certificates import Issuer, front_door, service, under_tls
from tests.builders.system import running

PROCESSES = ("caseload", "cost", "provision", "placement", "journal")
"""Each after those that it asks."""


@dataclass(frozen=True)
class System:
    """Running servers by service, and a caller of each role and of none."""

    servers: Mapping[str, RunningServer]
    callers: Mapping[str, Caller]


@pytest.fixture(scope="module", params=["in the clear", "under TLS"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """All services, empty, and callers whom they know."""
    folder = tmp_path_factory.mktemp("access")
    issuer = Issuer(folder / "certificates") if request.param == "under TLS" else None
    with ExitStack() as stack:
        servers: dict[str, RunningServer] = {}
        for name in PROCESSES:
            addresses = {f"{other}_address": server.address for other, server in servers.items()}
            known = {setting: address for setting, address in addresses.items() if setting != "placement_address"}
            told: dict[str, Any] = {**known, **(_certified(issuer, name) if issuer else {})}
            servers[name] = stack.enter_context(running(name, folder, **told))
        yield System(servers, _callers(issuer))


def _certified(issuer: Issuer, name: str) -> dict[str, Path]:
    folder = issuer.write(name, service(name))
    return {"INBOROUGH_TLS": folder, "INBOROUGH_IDENTITY": folder}


def _callers(issuer: Issuer | None) -> dict[str, Caller]:
    at_door = under_tls(issuer.write("cli", front_door())) if issuer else ServiceSettings()
    own = under_tls(issuer.write("walker", service("walker"))) if issuer else ServiceSettings()
    people: dict[str, Caller] = {role: callers.person(at_door, f"user_{role}", [role]) for role in PEOPLES_ROLES}
    without = callers.person(at_door, "user_without", [])
    return {**people, SERVICE: callers.service(own, "walker"), "without a role": without}
