"""Logs: JSON lines that hold only what is on the list of allowed names."""

from __future__ import annotations

import contextvars
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from shared import logs
from shared.database import migrate, open_database

Captured = pytest.CaptureFixture[str]


def lines_of(written: Captured) -> list[dict[str, Any]]:
    """What was logged since the last look."""
    return [json.loads(line) for line in written.readouterr().out.splitlines()]


def work_under(request_id: str) -> None:
    logs.request_id.set(request_id)
    logs.log("case_read")


def test_a_line_names_its_event_service_level_and_time(capsys: Captured) -> None:
    logs.configure("echo")
    logs.log("import_finished", rows=12)
    (line,) = lines_of(capsys)
    assert {name: line[name] for name in ("event", "service", "level", "rows")} == {
        "event": "import_finished",
        "service": "echo",
        "level": "info",
        "rows": 12,
    }
    assert line["timestamp"].endswith("Z")


def test_a_name_that_is_not_allowed_is_dropped_and_only_its_name_noted(capsys: Captured) -> None:
    logs.configure("echo")
    logs.log("import_finished", rows=12, surname="Canary", postcode="WA8 7QF")
    (line,) = lines_of(capsys)
    assert line["withheld"] == ["postcode", "surname"]
    assert "Canary" not in str(line)
    assert "WA8" not in str(line)


def test_the_request_id_is_on_every_line_of_a_request(capsys: Captured) -> None:
    logs.configure("echo")
    for request_id in ("req_1", ""):
        contextvars.Context().run(work_under, request_id)
    within, after = lines_of(capsys)
    assert within["request_id"] == "req_1"
    assert "request_id" not in after


def test_lines_below_the_level_are_not_written(capsys: Captured) -> None:
    logs.configure("echo", "WARNING")
    logs.log("case_read")
    logs.log("rpc_failed", "error", reference="ab12")
    assert [line["event"] for line in lines_of(capsys)] == ["rpc_failed"]


def test_a_line_that_cannot_be_written_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = io.StringIO()
    gone.close()
    logs.configure("echo")
    monkeypatch.setattr(sys, "stdout", gone)
    logs.log("case_read")


def test_places_are_those_in_our_code_and_the_one_that_raised(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/gone/of.db")
    (tmp_path / "gone").rmdir()
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_first.py").touch()
    with pytest.raises(OperationalError) as caught:
        migrate(engine, tmp_path)
    names = [place.partition(":")[0] for place in logs.places(caught.value)]
    assert "reading" in names[:-1]
    assert len(names) == 4
