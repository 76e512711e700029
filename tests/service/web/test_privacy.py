"""Free text about a child stays on pages and in the record: it is in no log, metric or address."""

from __future__ import annotations

import pytest
from prometheus_client import generate_latest

from shared import logs
from tests.builders.deciding import ASKS_DOGWOOD
from tests.builders.pages import Authority, Somebody

CANARY = "Inventedcanaryword"


def test_free_text_reaches_no_log_metric_or_address(
    visitor: Somebody, services: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("web", "DEBUG")
    case_id = services.case_ids[ASKS_DOGWOOD]
    chair = visitor.sign_in("panel_chair")
    chair.open(f"/cases/{case_id}/options").follow("Put the decision off")
    addresses = [chair.path]
    chair.send("/decide", reason=CANARY, panel_id="none", urgency="", views_of_child=CANARY)
    chair.send("/decide", urgency=CANARY)
    addresses.append(chair.path)
    assert CANARY in chair.text
    chair.send()
    addresses.append(chair.path)
    assert CANARY in chair.text
    said = capsys.readouterr()
    assert '"event": "page_served"' in said.out
    assert CANARY not in said.out + said.err + generate_latest().decode() + " ".join(addresses)


def test_logs_and_metrics_name_pages_by_their_shape_alone(
    visitor: Somebody, services: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("web", "DEBUG")
    case_id = services.case_ids[ASKS_DOGWOOD]
    visitor.sign_in("panel_chair").open(f"/cases/{case_id}")
    served = [line for line in capsys.readouterr().out.splitlines() if "page_served" in line]
    assert any("/cases/{case_id}" in line for line in served)
    assert not any(case_id in line for line in served)
    assert case_id not in generate_latest().decode()
