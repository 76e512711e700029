"""`inborough retention`: what is past its term is listed, then removed; nothing that is still needed goes."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from inborough.keeping.v1 import keeping_pb2, keeping_pb2_grpc
from services.caseload.storage.tables import cases
from services.placement.storage.tables import facts, plans
from shared.database import reading, writing
from shared.days import now_utc
from shared.errors import InvalidInput, NotAllowed, WrongState
from shared.event_log.tables import events
from shared.keeping.tables import erased_cases
from tests.builders.deciding import ASKS_DOGWOOD, FREE, SEATED, SECONDS
from tests.builders.identity import connect
from tests.builders.whole import Whole
from tests.service.recovery.conftest import Inborough

LONG_AGO = timedelta(days=3 * 365)


def age_log(whole: Whole, service: str, most: int) -> None:
    """Let the first events of a log be three years old."""
    with whole.engine(service) as engine, writing(engine) as connection:
        old = events.update().where(events.c.sequence <= most)
        connection.execute(old.values(occurred_at_utc=now_utc() - LONG_AGO))


def first_event(whole: Whole, service: str) -> int:
    with whole.engine(service) as engine, reading(engine) as connection:
        return int(connection.scalar(select(func.min(events.c.sequence))) or 0)


def grow_old(whole: Whole) -> None:
    """A plan of seven years ago, a child born in 1990, and an erasure that only caseload has done."""
    row = {"plan_id": "plan_0", "policy": "p", "facts_hash": "h", "summary": b"", "problem": b""}
    with whole.engine("placement") as engine, writing(engine) as connection:
        connection.execute(facts.insert().values(facts_hash="h", content=zlib.compress(b"")))
        made = now_utc() - timedelta(days=7 * 366)
        connection.execute(
            plans.insert().values(**row, content=zlib.compress(b""), first_day=made.date(), proposed_at_utc=made)
        )
    with whole.engine("caseload") as engine, writing(engine) as connection:
        born = cases.update().where(cases.c.case_id == whole.case_ids[SEATED])
        connection.execute(born.values(birth_year=1990))
        begun = {"case_id": whole.case_ids[ASKS_DOGWOOD], "reason_code": "court_order", "with_ids": ""}
        connection.execute(erased_cases.insert().values(**begun, erased_at_utc=now_utc()))


def rows_of(listed: dict[str, Any]) -> dict[str, int]:
    return {term["what"]: term["rows"] for term in listed["terms"]}


def test_what_is_past_its_term_is_listed_then_removed(whole: Whole, inborough: Inborough) -> None:
    age_log(whole, "caseload", 3)
    with whole.sitting() as panel:
        decision = panel.record(FREE)
    whole.read_logs()
    grow_old(whole)

    listed = json.loads(inborough("retention", "--json").out)
    assert rows_of(listed) == {"plans": 1, "run plans": 0, "events in services' logs": 3, "journal entries": 0}
    assert listed["case_ids"] == [whole.case_ids[SEATED]]
    assert listed["begun"] == {whole.case_ids[ASKS_DOGWOOD]: "court_order"}
    assert first_event(whole, "caseload") == 1, "a look removes nothing"

    ran = inborough("retention", "--apply", "--yes", "--json")
    assert ran.status == 0, ran.err
    assert sorted(json.loads(ran.out)["removed"]) == [
        ["every service", "cases", 2],
        ["journal", "events in services' logs", 3],
        ["placement", "plans", 1],
    ]
    assert first_event(whole, "caseload") == 4
    listed = json.loads(inborough("retention", "--json").out)
    assert (set(rows_of(listed).values()), listed["case_ids"], listed["begun"]) == ({0}, [], {})
    assert whole.read_logs() > 0
    assert json.loads(inborough("--as", "auditor", "journal", "verify", "--json").out)["sound"]
    with whole.sitting() as panel:
        assert panel.read(decision.decision_id).decision.decision_id == decision.decision_id


def test_only_the_journal_has_a_log_pruned_and_never_what_is_young(whole: Whole) -> None:
    request = keeping_pb2.PruneLogRequest(through_sequence=2)
    address = whole.addresses["caseload_address"]
    for role, who, refused in (("administrator", "", NotAllowed), ("service", "service_placement", WrongState)):
        with connect("caseload", address, role, user_id=who) as channel, pytest.raises(refused):
            keeping_pb2_grpc.KeepingServiceStub(channel).PruneLog(request, timeout=SECONDS)
    with (
        connect("caseload", address, "service", user_id="service_journal") as channel,
        pytest.raises(InvalidInput, match="less than a year old"),
    ):
        keeping_pb2_grpc.KeepingServiceStub(channel).PruneLog(request, timeout=SECONDS)
    assert first_event(whole, "caseload") == 1
