"""The journal's part of the events process beside real services: their logs come in, and nothing personal with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, select

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.journal.v1 import journal_pb2, journal_pb2_grpc
from services.cli.demo import write_demonstration
from services.journal.events import reading_into
from services.journal.operations import HeadNotOurs
from services.journal.settings import Settings
from services.journal.storage.tables import METADATA
from shared.database import reading, writing
from shared.errors import NeighbourDown
from shared.events.process import Part
from tests.builders.identity import connect
from tests.builders.journal import KEY
from tests.builders.system import running, send

SECONDS = 30


@dataclass
class System:
    """Caseload and the journal, served; the journal's part, not yet run; the demonstration's files."""

    part: Part
    addresses: dict[str, str]
    journal: journal_pb2_grpc.JournalServiceStub
    caseload: caseload_pb2_grpc.CaseloadServiceStub
    files: Path

    def listed(self, **wanted: Any) -> list[journal_pb2.Entry]:
        return list(self.journal.ListEntries(journal_pb2.ListEntriesRequest(**wanted), timeout=SECONDS).entries)

    def pull(self, source: str) -> int:
        assert self.part.consumer is not None
        return self.part.consumer.pull(source)


@pytest.fixture
def system(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    monkeypatch.setenv("INBOROUGH_JOURNAL_DATABASE_URL", database_url)
    monkeypatch.setenv("INBOROUGH_JOURNAL_KEY", KEY.decode())
    for absent in ("PROVISION", "COST", "PLACEMENT"):
        monkeypatch.setenv(f"INBOROUGH_{absent}_ADDRESS", "127.0.0.1:1")
    with running("caseload", tmp_path) as caseload, running("journal", tmp_path) as journal:
        monkeypatch.setenv("INBOROUGH_CASELOAD_ADDRESS", caseload.address)
        monkeypatch.setenv("INBOROUGH_JOURNAL_ADDRESS", journal.address)
        addresses = {f"{name}_address": caseload.address for name in ("caseload", "provision", "cost")}
        files = tmp_path / "demonstration"
        write_demonstration(files, scale=40)
        yield System(
            reading_into(engine, Settings()),
            addresses,
            journal_pb2_grpc.JournalServiceStub(connect("journal", journal.address, "auditor")),
            caseload_pb2_grpc.CaseloadServiceStub(connect("caseload", caseload.address, "panel_chair")),
            files,
        )


def test_an_import_and_a_view_come_into_the_journal_a_row_for_each_child(system: System) -> None:
    send(system.addresses, system.files, "sen2")
    cases = system.caseload.ListCases(caseload_pb2.ListCasesRequest(page_size=2), timeout=SECONDS).cases
    system.caseload.GetCase(caseload_pb2.GetCaseRequest(case_id=cases[0].case_id), timeout=SECONDS)
    assert system.pull("caseload") > 0
    viewed = system.listed(name="case_viewed")
    assert [(entry.case_id, entry.actor) for entry in viewed] == [(cases[0].case_id, "user_panel_chair")]
    assert [entry.name for entry in system.listed(case_id=cases[0].case_id)] == [
        "cases_changed",
        "cases_listed",
        "case_viewed",
    ]
    assert system.journal.VerifyJournal(journal_pb2.VerifyJournalRequest(), timeout=SECONDS).sound


def test_its_own_log_is_read_like_any_other(system: System) -> None:
    system.listed()
    assert system.pull("journal") == 1
    assert system.pull("journal") == 0
    assert [entry.actor for entry in system.listed(source="journal")] == ["user_auditor"]


def test_a_neighbour_that_is_down_is_read_later(system: System) -> None:
    with pytest.raises(NeighbourDown):
        system.pull("provision")


def test_nothing_is_read_once_the_head_is_not_ours(system: System, engine: Engine) -> None:
    system.listed()
    system.pull("journal")
    with writing(engine) as connection:
        heads = METADATA.tables["heads"]
        connection.execute(heads.update().values(entry_number=heads.c.entry_number + 1))
    system.listed()
    with pytest.raises(HeadNotOurs):
        system.pull("journal")
    assert len(system.listed(source="journal")) == 1


def test_entries_are_counted_by_source(system: System) -> None:
    system.listed()
    system.pull("journal")
    _, count = system.part.timers["count_entries"]
    count()
    assert REGISTRY.get_sample_value("inborough_journal_entries", {"source": "journal"}) == 1


def test_nothing_personal_comes_into_the_journal(system: System, engine: Engine) -> None:
    send(system.addresses, system.files, "sen2")
    system.pull("caseload")
    with next((system.files / "sen2").glob("*_person.csv")).open(encoding="utf-8") as lines:
        people = list(csv.DictReader(lines))
    with reading(engine) as connection:
        held = {
            str(value) for table in METADATA.sorted_tables for row in connection.execute(select(table)) for value in row
        }
    text = "\n".join(held)
    personal = [person[name] for person in people for name in ("surname", "upn", "postcode", "personbirthdate")]
    assert len(personal) > 40
    assert [number for number, value in enumerate(personal) if value and value in text] == []
