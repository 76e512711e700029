"""Real services in this process, on free ports, with the demonstration loaded through their own importers."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import grpc

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, cost_pb2_grpc, transport_pb2, transport_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.cli.demo import write_demonstration
from shared.grpc_server import RunningServer, start_server
from tests.builders import kept_workers
from tests.builders.identity import connect

NEIGHBOURS = ("caseload", "provision", "cost")
SECONDS = 60.0


@contextmanager
def running(service: str, folder: Path, **settings: Any) -> Iterator[RunningServer]:
    """One service on a free port; SQLite in `folder` unless a database_url is given. Fields as in its settings."""
    module = importlib.import_module(f"services.{service}.main")
    if service in ("placement", "cost"):
        kept_workers.keep()
    aliases = {"var": "INBOROUGH_VAR"} | {f"{name}_address": f"INBOROUGH_{name.upper()}_ADDRESS" for name in NEIGHBOURS}
    values = {aliases.get(name, name): value for name, value in {"port": 0, "var": folder, **settings}.items()}
    made = module.Settings(**values)
    server = start_server(made, module.build(made))
    try:
        yield server
    finally:
        server.stop(0)


@contextmanager
def neighbours_of_placement(folder: Path) -> Iterator[dict[str, str]]:
    """Caseload, provision and cost, empty; yields their addresses by setting name."""
    with ExitStack() as stack:
        caseload = stack.enter_context(running("caseload", folder))
        provision = stack.enter_context(running("provision", folder, caseload_address=caseload.address))
        cost = stack.enter_context(running("cost", folder))
        servers = {"caseload": caseload, "provision": provision, "cost": cost}
        yield {f"{name}_address": server.address for name, server in servers.items()}


def load_demonstration(addresses: dict[str, str], folder: Path, **options: Any) -> None:
    """Write the demonstration's files to `folder` and bring them in; every file must be accepted whole."""
    write_demonstration(folder, **options)
    send(addresses, folder, "gias", "pools", "rates", "sen2", "preferences", "due")


def send(addresses: dict[str, str], folder: Path, *names: str) -> None:
    """Import files of `folder` by name. Fails the test when a row is refused."""
    for name in names:
        report = _import(addresses, folder, name)
        assert report.accepted, f"{name}: {len(report.problems)} rows refused, such as row {report.problems[0].row}"


def _import(addresses: dict[str, str], folder: Path, name: str) -> common_pb2.ImportReport:
    everything = common_pb2.IMPORT_MODE_ALL_OR_NOTHING
    with ExitStack() as stack:
        channels = {n: stack.enter_context(connect(n, addresses[f"{n}_address"])) for n in NEIGHBOURS}
        caseload = caseload_pb2_grpc.CaseloadServiceStub(channels["caseload"])
        provision = provision_pb2_grpc.ProvisionServiceStub(channels["provision"])
        if name == "sen2":
            files = [file_of(path) for path in sorted((folder / "sen2").iterdir())]
            sen2 = caseload_pb2.ImportSen2Request(files=files, mode=everything)
            return caseload.ImportSen2(sen2, timeout=SECONDS).report
        file = file_of(folder / f"{name}.csv")
        if name == "gias":
            settings = provision_pb2.ImportSettingsRequest(file=file, mode=everything)
            return provision.ImportSettings(settings, timeout=SECONDS).report
        if name == "pools":
            pools = provision_pb2.ImportPlacePoolsRequest(file=file, mode=everything)
            return provision.ImportPlacePools(pools, timeout=SECONDS).report
        if name == "rates":
            cost = cost_pb2_grpc.CostServiceStub(channels["cost"])
            return cost.ImportRateCard(
                cost_pb2.ImportRateCardRequest(file=file, mode=everything), timeout=SECONDS
            ).report
        if name in ("fleet", "bell-times"):
            return _import_for_runs(channels["cost"], name, file)
        if name == "travel-needs":
            needs = caseload_pb2.ImportTravelNeedsRequest(file=file, mode=everything)
            return caseload.ImportTravelNeeds(needs, timeout=SECONDS).report
        if name == "preferences":
            preferences = caseload_pb2.ImportPreferencesRequest(file=file, mode=everything)
            return caseload.ImportPreferences(preferences, timeout=SECONDS).report
        due = caseload_pb2.ImportDecisionsDueRequest(file=file, mode=everything)
        return caseload.ImportDecisionsDue(due, timeout=SECONDS).report


def _import_for_runs(cost: grpc.Channel, name: str, file: common_pb2.ImportFile) -> common_pb2.ImportReport:
    everything = common_pb2.IMPORT_MODE_ALL_OR_NOTHING
    transport = transport_pb2_grpc.TransportServiceStub(cost)
    if name == "fleet":
        return transport.ImportFleet(
            transport_pb2.ImportFleetRequest(file=file, mode=everything), timeout=SECONDS
        ).report
    bells = transport_pb2.ImportBellTimesRequest(file=file, mode=everything)
    return transport.ImportBellTimes(bells, timeout=SECONDS).report


def file_of(path: Path) -> common_pb2.ImportFile:
    """A file as a request carries it."""
    return common_pb2.ImportFile(name=path.name, content=path.read_bytes())


def channel_to(server: RunningServer, service: str) -> grpc.Channel:
    """A client's channel to a running server."""
    return connect(service, server.address)
