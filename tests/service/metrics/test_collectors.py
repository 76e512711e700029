"""What is counted at a scrape is what is stored, on either database, and a database that is away is shown as away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.journal.gauges import VerifiedGauges
from shared.database import open_database, writing
from shared.days import now_utc
from shared.event_log import record_event
from shared.event_log.tables import cursors, dead_letters, events
from shared.imports.record import record_import
from shared.imports.report import ImportReport
from shared.watching.certificate import CertificateGauge
from shared.watching.own_log import OwnLog
from tests.builders.certificates import Issuer, days_from_now, service
from tests.builders.event_logs import opened
from tests.builders.identity import as_somebody

LETTER = {"name": "case_opened", "attempts": 4, "error_type": "KeyError", "failed_at_utc": now_utc(), "retrying": False}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as found:
        yield found


def _shown(collector: Collector, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry.get_sample_value(f"inborough_{name}", labels)


def _record(engine: Engine, name: str, **facts: Any) -> None:
    with as_somebody(), writing(engine) as connection:
        record_event(connection, name, **facts)


def _errors(kind: str) -> float:
    return REGISTRY.get_sample_value("inborough_database_errors_total", {"kind": kind}) or 0


def test_the_log_the_cursors_and_the_letters_that_stand_are_counted(engine: Engine) -> None:
    for _ in range(3):
        _record(engine, "case_opened")
    with writing(engine) as connection:
        places = [{"source": source, "sequence": 7, "event_id": "event_7"} for source in ("cost", "journal")]
        connection.execute(cursors.insert(), places)
        connection.execute(
            dead_letters.insert(), {**LETTER, "dead_letter_id": "dead_1", "source": "cost", "sequence": 5}
        )
    log = OwnLog("placement", engine)
    assert _shown(log, "database_up", service="placement") == 1
    assert _shown(log, "event_log_last_sequence", source="placement") == 3
    assert _shown(log, "event_cursor", service="placement", source="cost") == 7
    assert _shown(log, "dead_letters", service="placement", source="cost") == 1
    assert _shown(log, "dead_letters", service="placement", source="journal") == 0


def test_the_last_accepted_import_of_each_kind_is_shown_and_a_refused_one_is_not(engine: Engine) -> None:
    log = OwnLog("caseload", engine)
    assert _shown(log, "import_accepted_timestamp_seconds", kind="sen2") is None
    for name, accepted in (("sen2_imported", True), ("sen2_imported", False), ("preferences_imported", False)):
        with as_somebody(), writing(engine) as connection:
            record_import(connection, name, ImportReport("imp_1", accepted=accepted))
    a_day = timedelta(days=1)
    with writing(engine) as connection:
        connection.execute(events.update().where(events.c.sequence == 1).values(occurred_at_utc=now_utc() - a_day))
    age = now_utc().timestamp() - (_shown(log, "import_accepted_timestamp_seconds", kind="sen2") or 0)
    assert a_day.total_seconds() <= age < a_day.total_seconds() + 60
    assert _shown(log, "import_accepted_timestamp_seconds", kind="preferences") is None


def test_a_database_that_does_not_answer_is_shown_as_down_and_counted(tmp_path: Path) -> None:
    before = _errors("operational")
    log = OwnLog("cost", open_database(f"sqlite:///{tmp_path}"))  # a folder is no database
    assert _shown(log, "database_up", service="cost") == 0
    assert _shown(log, "event_log_last_sequence", source="cost") is None
    assert _errors("operational") > before


def test_errors_of_a_database_are_counted_by_their_kind(engine: Engine) -> None:
    before = _errors("constraint"), _errors("operational") + _errors("other")
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(cursors.insert(), [{"source": "cost", "sequence": 1, "event_id": ""}] * 2)
    with pytest.raises(DBAPIError, match="nowhere"), writing(engine) as connection:
        connection.execute(text("SELECT 1 FROM nowhere"))
    assert (_errors("constraint"), _errors("operational") + _errors("other")) == (before[0] + 1, before[1] + 1)


def test_the_last_verification_of_the_journal_is_shown_with_what_came_of_it(engine: Engine) -> None:
    gauges = VerifiedGauges(engine)
    assert _shown(gauges, "journal_whole") is None
    for sound in (True, False):
        _record(engine, "journal_verified", sound=sound, entries=1, anchor=0)
        assert _shown(gauges, "journal_whole") == sound
    assert now_utc().timestamp() - (_shown(gauges, "journal_verified_timestamp_seconds") or 0) < 60


def test_the_end_of_a_certificate_is_shown_and_follows_its_files(tmp_path: Path) -> None:
    issuer, name = Issuer(tmp_path), "certificate_not_after_timestamp_seconds"
    gauge = CertificateGauge(tmp_path / "cost")
    assert _shown(gauge, name) is None
    for days in (2, 5):
        issuer.write("cost", service("cost"), days_from_now(-1, days))
        assert round(((_shown(gauge, name) or 0) - now_utc().timestamp()) / 86_400, 1) == days
    (tmp_path / "cost" / "key.pem").write_text("half a file")
    assert _shown(gauge, name) is not None
