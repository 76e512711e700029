"""Thousands of offers from many clients at once, on each database: nothing may be oversold.

`python -m tests.faults.oversell`: 10,000 requests from 64 clients, three copies of each, for places in pools of 200
settings, put to a real provision process over gRPC. Prints a row for each database, and fails when anything is amiss.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc

from inborough.common.v1 import common_pb2
from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from shared import logs
from shared.days import to_wire
from shared.imports.report import SourceFile
from tests.builders.at_once import Outcome, Places, ask_at_once, check, draw_requests
from tests.builders.databases import DATABASES, empty_database
from tests.builders.identity import connect
from tests.builders.provision import FIRST_DAY, a_placement, gias_file, gias_row, pool_row, pools_file
from tests.builders.running import running_process
from tests.builders.small_caseload import SmallCaseload, start_caseload

SECONDS = 120.0
FIRST_URN = 100_000
COLUMNS = "database requests calls accepted refused oversold twice unlike held_back events seconds".split()


def settings_files(settings: int) -> tuple[SourceFile, SourceFile, Places]:
    """Settings and their pools, two each, of 1 to 20 places, every third setting's two sharing a number; places left.

    In every fourth setting one child is in the first pool already.
    """
    rows, of_pool, of_group, group = [], {}, {}, defaultdict(str)
    for at in range(settings):
        shares = at % 3 == 0
        for name, low, high, places in (("L", 0, 6, 1 + at % 20), ("H", 7, 13, 1 + (at * 7) % 20)):
            pool_id = f"pool_{at}-{name}"
            row = pool_row(
                pool_ref=f"{at}-{name}",
                urn=str(FIRST_URN + at),
                needs="ALL",
                year_group_low=str(low),
                year_group_high=str(high),
                places_commissioned=str(places),
            )
            of_pool[pool_id] = places - (name == "L" and at % 4 == 0)
            if shares:
                together = max(2, (2 + at % 20 + (at * 7) % 20) * 2 // 3)
                row |= {"group_ref": str(at), "group_places": str(together)}
                group[pool_id], of_group[f"group_{at}"] = f"group_{at}", together - (at % 4 == 0)
            rows.append(row)
    gias = gias_file(*(gias_row(URN=str(FIRST_URN + at)) for at in range(settings)))
    return gias, pools_file(*rows), Places(of_pool, of_group, group)


@contextmanager
def provision_process(database_url: str, caseload_address: str, folder: Path, threads: int) -> Iterator[str]:
    """A provision process on a database; yields its address."""
    environment = {
        "INBOROUGH_VAR": str(folder),
        "INBOROUGH_TODAY": "2024-02-01",
        "INBOROUGH_CASELOAD_ADDRESS": caseload_address,
        "INBOROUGH_PROVISION_DATABASE_URL": database_url,
        "INBOROUGH_PROVISION_PORT": "0",
        "INBOROUGH_PROVISION_METRICS_PORT": "0",
        "INBOROUGH_PROVISION_THREADS": str(threads),
        "INBOROUGH_PROVISION_CASELOAD_SECONDS": "30",
    }
    with running_process(["services.provision.main"], environment, folder / "provision.log") as process:
        yield process.wait_for("service_started")["address"]


def run(kind: str, given: argparse.Namespace) -> tuple[Outcome, dict[str, object]]:
    """One database: what came of it, and its row."""
    with tempfile.TemporaryDirectory(prefix="inborough-oversell-") as name:
        folder = Path(name)
        caseload = SmallCaseload()  # type: ignore[abstract]
        gias, pools, places = settings_files(given.settings)
        caseload.change(
            "rev_2",
            *(a_placement(f"case_there_{at}", 3, urn=FIRST_URN + at) for at in range(0, given.settings, 4)),
        )
        server = start_caseload(caseload)
        try:
            with (
                empty_database(kind, folder) as url,
                provision_process(url, server.address, folder, given.threads) as address,
                connect("provision", address) as channel,
            ):
                return _measure(kind, channel, gias, pools, places, given)
        finally:
            server.stop(0)


def _measure(
    kind: str,
    channel: grpc.Channel,
    gias: SourceFile,
    pools: SourceFile,
    places: Places,
    given: argparse.Namespace,
) -> tuple[Outcome, dict[str, object]]:
    stub = provision_pb2_grpc.ProvisionServiceStub(channel)
    _bring_in(stub, gias, pools)

    def offer(request: provision_pb2.OfferPlaceRequest) -> bytes:
        return stub.OfferPlace(request, timeout=SECONDS).SerializeToString(deterministic=True)

    requests = draw_requests(places, given.offers, given.offers * 4 // 5, seed=given.seed)
    began = time.monotonic()
    answers = ask_at_once(requests, offer, clients=given.clients, copies=given.copies, seed=given.seed)
    seconds = time.monotonic() - began
    outcome = check(answers, places)
    events, beyond = _count_offers_made(channel), _count_beyond(stub)
    row = {
        "database": kind,
        "requests": outcome.requests,
        "calls": len(answers),
        "accepted": outcome.accepted,
        "refused": sum(outcome.refused.values()),
        "oversold": outcome.oversold + beyond,
        "twice": outcome.placed_twice,
        "unlike": outcome.copies_that_differ,
        "held_back": outcome.refused_beside_a_free_place,
        "events": events,
        "seconds": round(seconds, 1),
    }
    return outcome, row


def _bring_in(stub: provision_pb2_grpc.ProvisionServiceStub, gias: SourceFile, pools: SourceFile) -> None:
    everything = common_pb2.IMPORT_MODE_ALL_OR_NOTHING
    settings, places = (common_pb2.ImportFile(name=file.name, content=file.content) for file in (gias, pools))
    asked = provision_pb2.ImportSettingsRequest(file=settings, mode=everything)
    reports = [stub.ImportSettings(asked, timeout=SECONDS).report]
    asked_too = provision_pb2.ImportPlacePoolsRequest(file=places, mode=everything)
    reports.append(stub.ImportPlacePools(asked_too, timeout=SECONDS).report)
    if not all(report.accepted for report in reports):
        raise RuntimeError("the invented settings or pools were refused")


def _count_offers_made(channel: grpc.Channel) -> int:
    """Events of offers in provision's log."""
    stub, after, made = events_pb2_grpc.EventServiceStub(channel), 0, 0
    while True:
        request = events_pb2.ListEventsRequest(after_sequence=after, most=1000)
        found = stub.ListEvents(request, timeout=SECONDS).events
        made += sum(event.name == "offer_made" for event in found)
        if not found:
            return made
        after = found[-1].sequence


def _count_beyond(stub: provision_pb2_grpc.ProvisionServiceStub) -> int:
    """Places held beyond the number, by provision's own counts."""
    answer = stub.ListPlacePools(provision_pb2.ListPlacePoolsRequest(first_day=to_wire(FIRST_DAY)), timeout=SECONDS)
    counted: list[provision_pb2.PlacePool | provision_pb2.PoolGroup] = [*answer.pools, *answer.groups]
    return sum(max(0, each.places_filled + each.places_offered - each.places_commissioned) for each in counted)


def main(arguments: Sequence[str]) -> int:
    """Print a row a database; 1 when anything is amiss."""
    reading = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reading.add_argument("--offers", type=int, default=10_000)
    reading.add_argument("--clients", type=int, default=64)
    reading.add_argument("--copies", type=int, default=3)
    reading.add_argument("--settings", type=int, default=200)
    reading.add_argument("--threads", type=int, default=16, help="RPCs that provision handles at once")
    reading.add_argument("--seed", type=int, default=1)
    reading.add_argument("--database", choices=DATABASES, action="append")
    given = reading.parse_args(arguments)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    sound = True
    logs.configure("caseload", "ERROR")
    os.environ.setdefault("INBOROUGH_IDENTITY", tempfile.mkdtemp(prefix="inborough-identity-"))
    for kind in given.database or DATABASES:
        outcome, row = run(kind, given)
        print(f"| {' | '.join(str(row[column]) for column in COLUMNS)} |", flush=True)
        sound = sound and outcome.is_sound and not row["oversold"] and row["events"] == row["accepted"]
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
