"""What the command says of a service that is not there: what is wrong, and a next step that fits what is running."""

from __future__ import annotations

import pytest

from services.cli import exits
from services.cli.failures import explain
from shared.errors import DatabaseDown, NeighbourDown


def test_on_one_machine_a_service_that_is_down_is_started_with_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INBOROUGH_TLS", raising=False)
    assert explain(NeighbourDown("cost")) == exits.SERVICE_DOWN
    said = capsys.readouterr().err
    assert "The cost service does not answer." in said
    assert "inborough up" in said


def test_in_the_production_profile_nobody_is_told_to_start_the_embedded_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_TLS", "certificates/cli")
    assert explain(NeighbourDown("cost")) == exits.SERVICE_DOWN
    said = capsys.readouterr().err
    assert "inborough up" not in said
    assert "inborough health" in said


def test_a_database_that_is_away_is_named_and_not_taken_for_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(DatabaseDown("cost")) == exits.SERVICE_DOWN
    said = capsys.readouterr().err
    assert "The database of cost does not answer." in said
    assert "The cost service does not answer." not in said
