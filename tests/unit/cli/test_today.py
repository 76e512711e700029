"""The day that a var folder lives on: kept by a demonstration, told to services, read by later commands."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from services.cli.calls import CommandSettings
from services.cli.demo.days import EXPORT_DAY
from services.cli.system.demonstration import expected_day
from services.cli.today import VARIABLE, keep_day, kept_day, live_on_kept_day, living_on
from shared.clock import today

DAY = date(2024, 2, 1)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


def test_a_demonstration_keeps_the_day_of_its_export() -> None:
    assert EXPORT_DAY == DAY


def test_a_kept_day_is_read_again(var: Path) -> None:
    assert kept_day(var) == ""
    keep_day(var, DAY)
    assert kept_day(var) == "2024-02-01"


@pytest.mark.parametrize("content", ["", "tomorrow", "2024-02-31", "\u00e9"])
def test_a_file_that_names_no_day_is_the_real_day(content: str, var: Path) -> None:
    (var / "today").write_text(content, encoding="utf-8")
    assert kept_day(var) == ""


def test_later_commands_live_on_the_kept_day(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_day(var, DAY)
    monkeypatch.setenv(VARIABLE, "")
    live_on_kept_day()
    assert today() == DAY


def test_a_day_that_is_set_goes_first(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_day(var, DAY)
    monkeypatch.setenv(VARIABLE, "2025-01-07")
    live_on_kept_day()
    assert today() == date(2025, 1, 7)
    assert expected_day(CommandSettings(), demo=True) == "2025-01-07"


def test_services_start_on_the_demonstrations_day_before_it_is_loaded(var: Path) -> None:
    assert expected_day(CommandSettings(), demo=True) == "2024-02-01"
    assert expected_day(CommandSettings(), demo=False) == ""


def test_services_with_cases_already_start_on_the_real_day_or_the_kept_one(var: Path) -> None:
    (var / "caseload.db").touch()
    assert expected_day(CommandSettings(), demo=True) == ""
    keep_day(var, DAY)
    assert expected_day(CommandSettings(), demo=True) == expected_day(CommandSettings(), demo=False) == "2024-02-01"


def test_services_on_a_database_elsewhere_start_on_the_real_day(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_CASELOAD_DATABASE_URL", "postgresql+psycopg://db/caseload")
    assert expected_day(CommandSettings(), demo=True) == ""


@pytest.mark.parametrize("before", [None, "2025-01-07"])
def test_what_is_done_on_a_day_leaves_none_behind(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if before:
        monkeypatch.setenv(VARIABLE, before)
    with living_on("2024-02-01"):
        assert today() == DAY
    assert os.environ.get(VARIABLE) == before
