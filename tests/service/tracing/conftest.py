"""Placement and the journal's reader as processes of their own; the pages and the other services in this one.

What they are asked: options for a child on a page, a decision, and, once placement's database is broken, another page.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.cli import exits
from services.cli.main import run
from shared import logs, tracing
from tests.builders.deciding import ASKS_BIRCH, FREE, TODAY, sitting, small_authority, write_files
from tests.builders.pages import Authority, somebody
from tests.builders.ports import free_ports
from tests.builders.running import Process, running_process, wait_until
from tests.builders.system import running
from tests.builders.traces import Spans, read_spans, traced_to

PROCESSES = ("PLACEMENT", "JOURNAL", "JOURNAL_EVENTS")


@dataclass(frozen=True)
class Seen:
    """What was seen of it all: spans as text and read, the log lines of each process, the page of the failure."""

    written: str
    spans: Spans
    here: list[dict[str, Any]]
    placement: Process
    journal: Process
    personal: frozenset[str]
    failed: str
    status: int
    missing: str
    said_by_command: str


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """All of it, once."""
    folder = tmp_path_factory.mktemp("traced")
    os.environ["INBOROUGH_TODAY"] = TODAY
    try:
        yield _all_of_it(folder, folder / "spans")
    finally:
        del os.environ["INBOROUGH_TODAY"]


def _all_of_it(folder: Path, spans: Path) -> Seen:
    port = free_ports(1)[0]
    logged = io.StringIO()
    with ExitStack() as stack:
        addresses, case_ids = stack.enter_context(small_authority(folder))
        journal = stack.enter_context(running("journal", folder, INBOROUGH_JOURNAL_ADDRESS="127.0.0.1:0"))
        addresses |= {"placement_address": f"127.0.0.1:{port}", "journal_address": journal.address}
        told = _environment(folder, addresses, port, spans)
        placement = stack.enter_context(running_process(["services.placement.main"], told, folder / "placement.log"))
        reader = stack.enter_context(running_process(["tests.builders.patient_journal"], told, folder / "journal.log"))
        placement.wait_for("service_started")
        reader.wait_for("hints_awaited")
        stack.enter_context(contextlib.redirect_stdout(logged))
        logs.configure("here")
        stack.enter_context(traced_to(spans, "here"))
        at_pages = stack.enter_context(somebody(Authority(addresses, case_ids), folder / "web"))
        at_pages.sign_in("panel_chair").open(f"/cases/{case_ids[FREE]}/options?note=Inventedname1")
        assert at_pages.status == 200, at_pages.heading
        panel = stack.enter_context(sitting(addresses["placement_address"], addresses, case_ids))
        advice = panel.recommend(ASKS_BIRCH)
        wait_until(lambda: _all_read(folder), "what came before the decision in the journal")
        with logs.in_request("test_decides"), tracing.span("decide", tracing.Kind.SERVER):
            panel.record(ASKS_BIRCH, advice=advice)
        wait_until(lambda: _all_read(folder), "the decision in the journal")
        _break(folder / "placement.db")
        missing = at_pages.open("/no-such-page").text
        at_pages.open(f"/cases/{case_ids[ASKS_BIRCH]}/options")
        said = _by_the_command(addresses, case_ids[ASKS_BIRCH])
        assert (placement.stop(), reader.stop()) == (0, 0)
    write_files(folder / "files")
    here = [json.loads(line) for line in logged.getvalue().splitlines()]
    personal = frozenset(case_ids.values()) | _personal(folder / "files" / "sen2")
    processes = {"placement": placement, "journal": reader}
    return Seen(
        spans.read_text(), read_spans(spans), here, **processes, personal=personal,
        failed=at_pages.text, status=at_pages.status, missing=missing, said_by_command=said,
    )  # fmt: skip


def _by_the_command(addresses: dict[str, str], case_id: str) -> str:
    """What `inborough recommend` says of the same."""
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(io.StringIO()) as said:
        for name, address in addresses.items():
            patch.setenv(f"INBOROUGH_{name.upper()}", address)
        assert run(["recommend", case_id]) == exits.SERVICE_DOWN
    return said.getvalue()


def _environment(folder: Path, addresses: dict[str, str], port: int, spans: Path) -> dict[str, str]:
    named = {f"INBOROUGH_{name.upper()}": address for name, address in addresses.items()}
    unmeasured = {f"INBOROUGH_{name}_METRICS_PORT": "0" for name in PROCESSES}
    own = {"INBOROUGH_VAR": str(folder), "INBOROUGH_PLACEMENT_PORT": str(port), "INBOROUGH_TRACES": f"file://{spans}"}
    return {**named, **unmeasured, **own}


def _all_read(folder: Path) -> bool:
    """Whether the journal has placement's whole log, so that the next hint stands for what comes next alone."""
    return _number(folder / "placement.db", "SELECT last_sequence FROM event_counter") == _number(
        folder / "journal.db", "SELECT sequence FROM cursors WHERE source = 'placement'"
    )


def _number(database: Path, query: str) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _break(database: Path) -> None:
    """Recommendations can no longer be kept; the error's text would hold all of one."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE recommendations RENAME TO gone")


def _personal(files: Path) -> frozenset[str]:
    """Names, UPNs, postcodes and birth dates of the children."""
    found: set[str] = set()
    for path in files.glob("*person*"):
        for person in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            names = ("surname", "forename", "upn", "postcode", "personbirthdate")
            found |= {person[name].split(" 00:")[0] for name in names}
    return frozenset(found - {""})
