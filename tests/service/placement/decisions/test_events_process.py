"""The events process itself, as it runs beside the service, goes on with what was left half-done."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.placement.gather import Neighbours
from tests.builders.deciding import FREE, TODAY, Panel
from tests.builders.running import running_process, wait_until
from tests.service.placement.decisions.test_interrupted import down
from tests.service.placement.decisions.test_ways import state

pytestmark = pytest.mark.timeout(300)


def test_a_half_done_decision_is_gone_on_with_by_the_events_process(
    panel: Panel, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Neighbours, "offer_place", down)
        decision = panel.record(FREE)
    assert state(decision) == "REQUESTED"
    environment = {
        **{f"INBOROUGH_{name.upper()}": address for name, address in panel.addresses.items()},
        "INBOROUGH_VAR": str(tmp_path),
        "INBOROUGH_TODAY": TODAY,
        "INBOROUGH_PLACEMENT_DATABASE_URL": database_url,
        "INBOROUGH_PLACEMENT_EVENTS_METRICS_PORT": "0",
    }
    with running_process(["services.placement.events"], environment, tmp_path / "events.log") as events:
        wait_until(lambda: state(panel.read(decision.decision_id).decision) == "OFFERED", "an offer")
        assert events.wait_for("decision_resumed")["decision_id"] == decision.decision_id
    record = panel.read(decision.decision_id)
    assert [change.changed_by for change in record.history] == ["user_panel_chair", "service_placement"]
    assert len(panel.offers(case_id=decision.case_id)) == 1
