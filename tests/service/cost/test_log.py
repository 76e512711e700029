"""What cost's event log tells of rate cards, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.database import open_database, reading
from shared.event_log import Event, list_events
from tests.builders.cost import card_rows, to_csv
from tests.service.cost.conftest import GOOD, Cost


@pytest.fixture
def engine(cost: Cost, database_url: str) -> Iterator[Engine]:
    """The service's own database."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


def told(engine: Engine) -> list[Event]:
    with reading(engine) as connection:
        return list_events(connection, 0, 100)


def test_each_import_tells_its_card_and_counts(cost: Cost, engine: Engine) -> None:
    imported = cost.import_card()
    cost.import_card()
    first, again = told(engine)
    assert (first.name, first.case_ids, first.facts["rate_card_id"]) == ("rate_card_imported", (), "card_test_1")
    assert (first.facts["import_id"], first.facts["accepted"]) == (imported.report.import_id, "yes")
    assert [(event.facts["created"], event.facts["unchanged"]) for event in (first, again)] == [
        ("12", "0"),
        ("0", "12"),
    ]


@pytest.mark.parametrize("content", [b"", to_csv([{**row, "amount": "?"} for row in card_rows()])])
def test_a_refused_card_is_told_as_refused(cost: Cost, engine: Engine, content: bytes) -> None:
    assert not cost.import_card(content, mode=GOOD).report.accepted
    (event,) = told(engine)
    assert (event.facts["accepted"], event.facts["rate_card_id"]) == ("no", "")


def test_a_preview_is_not_told(cost: Cost, engine: Engine) -> None:
    cost.import_card(preview=True)
    assert told(engine) == []
