"""Answered requests are forgotten after the days that a setting says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from shared.database import open_database, reading, writing
from shared.days import now_utc
from shared.event_log.retention import Forgetting
from shared.event_log.tables import requests
from shared.settings import ServiceSettings
from tests.builders.event_logs import opened


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """With requests answered 1, 89, 90 and 91 days ago."""
    with opened(database_url) as found:
        with writing(found) as connection:
            for days in (1, 89, 90, 91):
                answered = now_utc() - timedelta(days=days, minutes=1)
                row = {"request_id": f"req_{days:016x}", "method": "m", "actor": "user_a", "digest": "d"}
                connection.execute(requests.insert().values(**row, answer=b"", answered_at_utc=answered))
        yield found


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(requests)).scalar_one()


def wait_for_count(engine: Engine, wanted: int) -> None:
    for _ in range(1000):
        if count(engine) == wanted:
            return
        threading.Event().wait(0.01)
    assert count(engine) == wanted


def test_a_service_forgets_them_at_its_start_and_goes_on_doing_so(engine: Engine) -> None:
    forgetting = Forgetting([engine], keep_days=90, between_seconds=0.01).start()
    wait_for_count(engine, 2)
    with writing(engine) as connection:
        connection.execute(requests.update().values(answered_at_utc=now_utc() - timedelta(days=91)))
    wait_for_count(engine, 0)
    forgetting.close()


def test_a_database_that_does_not_answer_is_tried_again_later(capsys: pytest.CaptureFixture[str]) -> None:
    away = open_database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    forgetting = Forgetting([away], keep_days=90).start()
    for _ in range(1000):
        if "requests_not_forgotten" in (written := capsys.readouterr().out):
            break
        threading.Event().wait(0.01)
    assert "OperationalError" in written
    forgetting.close()


def test_they_are_kept_for_90_days_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ServiceSettings().request_days == 90
    monkeypatch.setenv("INBOROUGH_REQUEST_DAYS", "30")
    assert ServiceSettings().request_days == 30
