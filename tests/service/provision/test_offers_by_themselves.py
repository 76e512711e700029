"""What happens to offers without anybody asking: they run out, and confirmed places pass to caseload's record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine

from inborough.provision.v1 import provision_pb2
from services.provision import events
from services.provision.operations.by_itself import expire_offers, show_offers
from services.provision.storage import offers as stored_offers
from shared.database import reading
from tests.builders.provision import FIRST_DAY, a_placement, pool_row, pools_file
from tests.service.provision.conftest import TODAY, Running

AFTER = date(2024, 3, 1)


def _timer(school: Running, name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Run a timer of the events process once, as that process is made but on a connection that the test closes."""
    monkeypatch.setenv("INBOROUGH_VAR", str(folder))
    monkeypatch.setattr(events, "open_database", lambda _: school.engine)
    monkeypatch.setenv("INBOROUGH_CASELOAD_ADDRESS", school.caseload_server.address)
    _, work = events.build().timers[name]
    work()


def _confirmed(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [offer.case_id for offer in stored_offers.list_confirmed(connection)]


def test_an_offer_that_ran_out_ends_once_with_an_event(school: Running) -> None:
    offer, stays = school.offer("case_1"), school.offer("case_2", expires_on=AFTER)
    assert expire_offers(school.engine, date(2024, 2, 29)) == 0
    assert (expire_offers(school.engine, AFTER), expire_offers(school.engine, AFTER)) == (1, 0)
    [ended] = school.events("offer_expired")
    assert (ended.case_ids, ended.actor, ended.on_behalf_of) == (("case_1",), "service_provision", "")
    assert ended.facts == {
        "offer_id": offer.offer_id,
        "decision_id": "dec_1",
        "pool_id": "pool_A",
        "expires_on": "2024-02-29",
    }
    states = {found.offer_id: found.state for found in school.list_offers()}
    assert states == {
        offer.offer_id: provision_pb2.OFFER_STATE_EXPIRED,
        stays.offer_id: provision_pb2.OFFER_STATE_OFFERED,
    }
    assert school.pool().places_free == 2


def test_a_confirmed_place_does_not_run_out(school: Running) -> None:
    school.confirm(school.offer())
    assert expire_offers(school.engine, AFTER) == 0


def test_the_events_process_ends_offers_and_shows_those_that_stand(
    school: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    school.offer("case_1")
    school.offer("case_2", expires_on=date(2024, 6, 3))
    monkeypatch.setenv("INBOROUGH_TODAY", AFTER.isoformat())
    _timer(school, "expire_offers", monkeypatch, tmp_path)
    assert len(school.events("offer_expired")) == 1
    assert REGISTRY.get_sample_value("inborough_offers_open") == 1
    assert REGISTRY.get_sample_value("inborough_offers_expiring") == 0


def test_offers_that_end_within_a_week_are_shown_as_expiring(school: Running) -> None:
    school.offer("case_1", expires_on=date(2024, 2, 8))
    school.offer("case_2", expires_on=date(2024, 2, 9))
    show_offers(school.engine, TODAY)
    assert REGISTRY.get_sample_value("inborough_offers_expiring") == 1


def test_a_confirmed_place_passes_to_caseloads_record_once_it_is_there(
    school: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    school.confirm(school.offer())
    _timer(school, "hand_over_confirmed", monkeypatch, tmp_path)
    assert _confirmed(school.engine) == ["case_1"]
    school.caseload.change("rev_2", a_placement("case_1", pool_id="pool_A", first_day=FIRST_DAY))
    _timer(school, "hand_over_confirmed", monkeypatch, tmp_path)
    assert _confirmed(school.engine) == []
    assert school.pool().places_filled == 1


def test_an_offer_handed_over_after_placements_were_read_counts_in_that_reading(school: Running) -> None:
    school.confirm(school.offer())
    school.caseload.change("rev_2", a_placement("case_1", pool_id="pool_A", first_day=FIRST_DAY))
    school.offer(pool_id="pool_HIGH", first_day=date(2025, 1, 6))
    with reading(school.engine) as connection:
        assert len(stored_offers.list_counted(connection, stored_offers.last_hand_over(connection))) == 1
        both = stored_offers.list_counted(connection, stored_offers.last_hand_over(connection) - 1)
    assert sorted((offer.pool_id, offer.is_live) for offer in both) == [("pool_A", True), ("pool_HIGH", True)]


def test_places_that_are_promised_and_taken_away_are_shown_as_oversold_until_that_is_mended(
    school: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path))
    monkeypatch.setattr(events, "open_database", lambda _: school.engine)
    monkeypatch.setenv("INBOROUGH_CASELOAD_ADDRESS", school.caseload_server.address)
    _, count = events.build().timers["count_oversold"]
    offers = [school.offer(f"case_{at}") for at in range(3)]
    shown = []
    for places in ("3", "1", "1"):
        school.import_pools(pools_file(pool_row(places_commissioned=places)))
        count()
        shown.append(REGISTRY.get_sample_value("inborough_places_oversold"))
        school.release(offers.pop())
    count()
    assert [*shown, REGISTRY.get_sample_value("inborough_places_oversold")] == [0, 1, 0, 0]
