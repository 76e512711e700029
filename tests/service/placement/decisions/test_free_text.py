"""Reasons, evidence and views are in the database and on the record's page, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from services.placement.gather import Neighbours
from shared import logs
from shared.database import reading
from shared.errors import InboroughError
from shared.event_log.tables import events, requests
from tests.builders.deciding import ASKS_BIRCH, BIRCH, Panel
from tests.service.placement.decisions.hands import EventsHands
from tests.service.placement.decisions.test_interrupted import down
from tests.service.placement.decisions.test_ways import CHOOSE_OTHER, refusing, state

CANARY = "Quillfeather"
TEXTS = {
    name: f"{CANARY} {name}" for name in ("reason", "views_of_child", "views_of_parents", "section_33_steps", "urgency")
}


@pytest.fixture
def logged() -> Iterator[None]:
    logs.configure("canary", "DEBUG")
    yield
    logs.configure("tests")


def test_no_free_text_leaves_the_record(
    panel: Panel,
    hands: EventsHands,
    logged: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal = refusing(BIRCH, evidence=f"{CANARY} evidence", not_consulted_because=f"{CANARY} silence")
    said: list[str] = []
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", down)
        decision = panel.record(ASKS_BIRCH, kind=CHOOSE_OTHER, pool_id="pool_ASH", refusals=[refusal], **TEXTS)
    hands.resume()
    for fields in ({"over_number": True}, {"refusals": [refusal, refusal]}, {"panel_id": "panel_0000000000000000"}):
        with pytest.raises(InboroughError) as caught:
            panel.record(ASKS_BIRCH, kind=CHOOSE_OTHER, pool_id="pool_ASH", **{**TEXTS, **fields})
        said += [caught.value.message, *caught.value.facts.values()]
    record = panel.read(decision.decision_id)
    assert record.reason == TEXTS["reason"]
    assert record.refusals[0].evidence == refusal.evidence
    assert state(panel.withdraw(decision, reason=f"{CANARY} withdrawn")) == "WITHDRAWN"
    with reading(hands.engine) as connection:
        told = [str(row) for row in connection.execute(select(events))]
        kept = [str(row) for row in connection.execute(select(requests))]
    out, err = capsys.readouterr()
    for where in (*told, *kept, *said, out, err, generate_latest().decode(), decision.not_offered_because):
        assert CANARY not in where
    assert "rpc_handled" in out, "logs were looked at"
