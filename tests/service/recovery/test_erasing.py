"""A case is erased from every service; nothing of it is found in any database, and the journal still proves itself."""

from __future__ import annotations

import asyncio
import json
import subprocess
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, LargeBinary, MetaData, func, select

from inborough.placement.v1 import consultations_pb2, consultations_pb2_grpc, decisions_pb2
from services.cli.backup.databases import all_databases
from services.web.calls import Services
from services.web.erased import forget_erased
from services.web.storage.repository import Store
from services.web.storage.tables import drafts
from shared.database import reading, writing
from shared.days import now_utc
from shared.errors import NotFound
from shared.ids import new_id
from shared.settings import ServiceSettings
from tests.builders.deciding import ASKS_BIRCH, BIRCH, FREE, SECONDS, Panel
from tests.builders.whole import DATABASES, SERVICES, Whole
from tests.service.recovery.conftest import Inborough

DAY = timedelta(days=1)
CANARY = "Wozniacki-canary"
"""Stands for a name in whatever people write about a child."""


def leave_traces(panel: Panel, child: int) -> decisions_pb2.Decision:
    """A decision with its views and evidence, an offer, a consultation with a reply, an agenda item, a plan."""
    open_panel = panel.open(child)
    panel.consult(child, BIRCH)
    consulting = consultations_pb2_grpc.ConsultationServiceStub(panel.chair)
    listed = consulting.ListConsultations(
        consultations_pb2.ListConsultationsRequest(case_id=panel.case_ids[child]), timeout=SECONDS
    )
    reply = consultations_pb2.RecordReplyRequest(
        request_id=new_id("req"),
        consultation_id=listed.consultations[0].consultation_id,
        reply=consultations_pb2.REPLY_CAN_MEET,
        text=f"We can meet {CANARY}'s needs.",
    )
    consulting.RecordReply(reply, timeout=SECONDS)
    return panel.record(child, panel_id=open_panel.panel_id, reason=f"{CANARY} will thrive.", views_of_child=CANARY)


def everything(whole: Whole, folder: Path) -> bytes:
    """All that the databases' files hold, and what is packed in them; PostgreSQL's as a dump in plain text."""
    found = b""
    for database in all_databases():
        if database.on_postgresql:
            url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
            found += subprocess.run(["pg_dump", "--dbname", url], check=True, capture_output=True).stdout
        else:
            found += b"".join(path.read_bytes() for path in database.file.parent.glob(f"{database.file.name}*"))
        found += b"".join(_unpacked(whole, database.service))
    return found


def _unpacked(whole: Whole, service: str) -> list[bytes]:
    metadata = MetaData()
    with whole.engine(service) as engine, reading(engine) as connection:
        metadata.reflect(connection)
        columns = [c for table in metadata.sorted_tables for c in table.c if isinstance(c.type, LargeBinary)]
        packed = [bytes(value) for column in columns for value in connection.scalars(select(column)) if value]
    return [_inflated(each) for each in packed]


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def rows_about(whole: Whole, case_id: str) -> dict[str, int]:
    """Rows with a column that holds the case's id, by service and table, but for what is meant to keep it."""
    found: dict[str, int] = {}
    for service in DATABASES:
        metadata = MetaData()
        with whole.engine(service) as engine, reading(engine) as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                if table.name in ("events", "entries", "erased_cases"):
                    continue
                rows = [tuple(row) for row in connection.execute(select(table))]
                if count := sum(any(_names(value, case_id) for value in row) for row in rows):
                    found[f"{service}.{table.name}"] = count
    return found


def _names(value: Any, case_id: str) -> bool:
    if isinstance(value, bytes | memoryview):
        return case_id.encode() in bytes(value) or case_id.encode() in _inflated(bytes(value))
    return case_id in str(value)


def test_nothing_of_an_erased_case_is_found_anywhere(whole: Whole, inborough: Inborough, tmp_path: Path) -> None:
    child, other = whole.case_ids[ASKS_BIRCH], whole.case_ids[FREE]
    with whole.sitting() as panel:
        kept = leave_traces(panel, ASKS_BIRCH)
        others = panel.record(FREE)
        whole.read_logs()
        _keep_drafts(whole, child, kept.decision_id)
        assert CANARY.encode() in everything(whole, tmp_path)
        assert {"caseload.cases", "placement.decisions", "provision.offers"} <= set(rows_about(whole, child))

        ran = inborough("erase", child, "--reason", "court_order", "--yes", "--json")
        assert ran.status == 0, ran.err
        removed = json.loads(ran.out)["removed"]
        assert removed["placement"]["consultation replies"] == 1
        assert removed["provision"]["offers"] == 1
        assert removed["caseload"]["cases"] == 1
        assert _forget_drafts(whole) == 2

        assert rows_about(whole, child) == {}
        assert CANARY.encode() not in everything(whole, tmp_path)
        with pytest.raises(NotFound):
            panel.case(ASKS_BIRCH)
        assert panel.case(FREE).case_id == other
        assert panel.read(others.decision_id).decision.decision_id == others.decision_id

    assert json.loads(inborough("erase", child, "--reason", "court_order", "--yes", "--json").out)["rows"] == 0
    while whole.read_logs():
        pass
    verified = json.loads(inborough("--as", "auditor", "journal", "verify", "--json").out)
    assert verified["sound"] is True
    entries = json.loads(
        inborough("--as", "auditor", "journal", "list", "--case", child, "--name", "case_erased", "--json").out
    )
    assert {entry["source"] for entry in entries["entries"]} == set(SERVICES)
    assert {entry["facts"]["reason_code"] for entry in entries["entries"]} == {"court_order"}


def _keep_drafts(whole: Whole, case_id: str, decision_id: str) -> None:
    paths = (f"/cases/{case_id}/decide", f"/decisions/{decision_id}/appeal", "/imports")
    rows = [
        {
            "user_id": "user_a",
            "path": path,
            "answers": json.dumps([CANARY] * (path != "/imports")),
            "kept_at_utc": now_utc(),
        }
        for path in paths
    ]
    with whole.engine("web") as engine, writing(engine) as connection:
        connection.execute(drafts.insert(), rows)


def _forget_drafts(whole: Whole) -> int:
    """What the pages do every hour, asking the services; how many drafts that forgets."""
    with whole.engine("web") as engine:
        before = _count_drafts(engine)
        asyncio.run(_ask_and_forget(Store(engine, DAY, DAY, DAY)))
        return before - _count_drafts(engine)


async def _ask_and_forget(store: Store) -> None:
    services = Services(ServiceSettings())
    await forget_erased(services, store)
    await services.close()


def _count_drafts(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(drafts)) or 0
