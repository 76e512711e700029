"""Entries past their term go from the front of a chain; the rest is proved from there, and tampering is still found."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from services.journal.domain.verifying import Anchor, Chain
from services.journal.keeping import find_prunable, prune_chain
from services.journal.operations import verify_chains
from services.journal.storage.tables import entries, prunings
from shared.database import reading, writing
from shared.errors import WrongState
from tests.builders.journal import SEALER, Log, any_log, case_id, keep
from tests.faults.tampering import NEED_AN_ANCHOR, WAYS, put_back, read, tampered

DAY = date(2024, 3, 1)
OLD, OLDER = "2016-05-01T09:00:00Z", "1986-05-01T09:00:00Z"
"""Past 7 years on that day, and past 37."""
NO_NEED: Mapping[str, int] = {}


def old_log(rng: random.Random) -> Log:
    """Two old events about no case, one older about two cases, one old about none; then 30 of this year."""
    log = Log("caseload")
    log.add("sen2_imported", occurred_time=OLD)
    log.add("sen2_imported", occurred_time=OLD)
    log.add("cases_changed", [case_id(1), case_id(2)], occurred_time=OLDER)
    log.add("sen2_imported", occurred_time=OLD)
    log.events.extend(any_log("caseload", 40, rng).events[4:])
    return log


@pytest.fixture
def kept(engine: Engine) -> Log:
    log = old_log(random.Random(1))
    keep(engine, log)
    return log


def verified(engine: Engine, *anchors: Anchor) -> Chain:
    with reading(engine) as connection:
        return next(chain for chain in verify_chains(connection, SEALER, anchors) if chain.source == "caseload")


def first_kept(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.min(entries.c.entry_number)).where(entries.c.source == "caseload")) or 0


def test_what_is_past_its_term_goes_and_the_rest_is_proved(engine: Engine, kept: Log) -> None:
    before = verified(engine)
    assert prune_chain(engine, SEALER, "caseload", DAY) == 5
    after = verified(engine)
    assert (first_kept(engine), after.first_break, after.head) == (6, None, before.head)
    assert prune_chain(engine, SEALER, "caseload", DAY) == 0


def test_an_entry_in_its_term_holds_what_is_behind_it(engine: Engine) -> None:
    log = Log("caseload")
    log.add("sen2_imported", occurred_time=OLD)
    log.add("case_viewed", [case_id(1)], occurred_time=OLD)
    log.add("sen2_imported", occurred_time=OLD)
    keep(engine, log)
    assert prune_chain(engine, SEALER, "caseload", DAY) == 1
    assert first_kept(engine) == 2


def test_the_chain_goes_on_and_is_pruned_again(engine: Engine, kept: Log) -> None:
    prune_chain(engine, SEALER, "caseload", DAY)
    kept.add()
    keep(engine, kept)
    assert verified(engine).first_break is None
    assert prune_chain(engine, SEALER, "caseload", date(2070, 1, 1)) > 30
    assert (first_kept(engine), verified(engine).first_break) == (0, None)
    kept.add()
    keep(engine, kept)
    assert verified(engine).first_break is None


def test_an_event_that_was_pruned_is_not_journaled_again(engine: Engine, kept: Log) -> None:
    prune_chain(engine, SEALER, "caseload", DAY)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM cursors"))
    before = verified(engine).head
    keep(engine, kept)
    assert (verified(engine).head, verified(engine).first_break) == (before, None)


def test_a_journal_that_is_not_whole_is_not_pruned(engine: Engine, kept: Log) -> None:
    with writing(engine) as connection:
        held = read(connection, "caseload")
        held.rows[20]["actor"] = "user_else"
        put_back(connection, held)
    with pytest.raises(WrongState, match="not whole"):
        prune_chain(engine, SEALER, "caseload", DAY)


def test_an_anchor_from_before_is_no_break_and_one_at_the_cut_is_held_against(engine: Engine, kept: Log) -> None:
    prune_chain(engine, SEALER, "caseload", DAY)
    assert verified(engine, Anchor("caseload", 2, "0" * 64)).first_break is None
    differing = verified(engine, Anchor("caseload", 5, "0" * 64)).first_break
    assert differing is not None
    assert differing.what == "anchor_differs"


def test_the_database_refuses_to_remove_what_is_not_pruned(engine: Engine, kept: Log) -> None:
    prune_chain(engine, SEALER, "caseload", DAY)
    for change in (
        delete(entries).where(entries.c.entry_number == 6),
        delete(prunings),
        update(prunings).values(entry_number=4),
        update(prunings).values(hash="other"),
    ):
        with pytest.raises(DBAPIError, match="only ever added to"), writing(engine) as connection:
            connection.execute(change)
    assert first_kept(engine) == 6


def test_every_way_of_tampering_is_found_in_a_pruned_journal_too(engine: Engine, kept: Log) -> None:
    prune_chain(engine, SEALER, "caseload", DAY)
    passed = []
    for at, way in enumerate(WAYS):
        with engine.connect() as connection, connection.begin() as transaction:
            held = read(connection, "caseload")
            anchors = [held.anchor()] if way in NEED_AN_ANCHOR else []
            put_back(connection, tampered(held, way, random.Random(at)))
            if not any(chain.first_break for chain in verify_chains(connection, SEALER, anchors)):
                passed.append(way.__name__)
            transaction.rollback()
    assert passed == []


@pytest.mark.parametrize("way", ["moved on", "taken away", "put back"])
def test_a_pruning_that_the_journal_did_not_make_is_found(way: str, engine: Engine, kept: Log) -> None:
    """Whoever has no key cannot pass their own removal off as one."""
    with writing(engine) as connection:
        before = copy.deepcopy(read(connection, "caseload"))
    prune_chain(engine, SEALER, "caseload", DAY)
    with writing(engine) as connection:
        held = read(connection, "caseload")
        row = dict(connection.execute(select(prunings)).mappings().one())
        put_back(connection, before if way == "put back" else held)
        connection.execute(delete(prunings))
        if way == "moved on":
            last = held.rows[3]
            forged = {"entry_number": last["entry_number"], "hash": last["hash"], "last_sequence": last["sequence"]}
            connection.execute(prunings.insert(), row | forged)
            connection.execute(delete(entries).where(entries.c.entry_number <= last["entry_number"]))
        elif way == "put back":
            connection.execute(prunings.insert(), row)
    assert verified(engine).first_break is not None


def test_a_log_is_pruned_only_up_to_what_its_readers_still_need(engine: Engine, kept: Log) -> None:
    assert find_prunable(engine, SEALER, {"caseload": 40}, DAY) == {"caseload": 4}
    assert find_prunable(engine, SEALER, {"caseload": 3}, DAY) == {"caseload": 2}
    assert find_prunable(engine, SEALER, {"caseload": 0}, DAY) == {}
    assert find_prunable(engine, SEALER, NO_NEED, DAY) == {}


def test_a_log_that_is_not_proved_to_be_journaled_is_not_pruned(engine: Engine, kept: Log) -> None:
    with writing(engine) as connection:
        held = read(connection, "caseload")
        del held.rows[1]
        put_back(connection, held)
    assert find_prunable(engine, SEALER, {"caseload": 40}, DAY) == {}
