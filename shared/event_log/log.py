"""Write an event in the transaction that makes the change, and read the log in order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from shared import identity, logs
from shared.database import EVENTS_RECORDED, insert_or_ignore
from shared.days import in_utc, now_utc
from shared.event_log.tables import event_counter, events
from shared.ids import new_id

MOST_CASES = 500
"""Cases in one event; a change of more is several events."""
NAME_SHAPE = re.compile(r"[a-z][a-z0-9_]{2,59}")
FACT_NAMES = frozenset(
    "accepted anchor attendance based_on baseline_id carried_over cases changed code consultation_id created day "
    "decision_id deferred_until entries expires_on facts_hash first_day fleet_id ground happened_on import_id kind "
    "last_day marked meets_on missing offer_id outcome over_number panel_id part plan_id policy pool_id problems "
    "rank rate_card_id reason_code recommendation_id refused replaces replicates replied_on reply reply_due "
    "rows rules_version run_plan_id scenario_id seed sent_on sound state step step_number through unchanged updated "
    "urn urns version years".split()
)
"""What an event may tell, by name. A new one is a decision: it travels to the journal and is kept for years."""
FACT_SHAPE = re.compile(r"[A-Za-z0-9_.:;,/+\-]{0,400}")
"""Ids, codes, days and counts. No space: so no name, address or free text fits."""
CASE_SHAPE = re.compile(r"[A-Za-z0-9_]{1,50}")


@dataclass(frozen=True)
class Event:
    """One row of a log. `case_ids` and `facts` hold nothing personal but the case ids."""

    sequence: int
    event_id: str
    name: str
    occurred_at: datetime
    actor: str
    roles: tuple[str, ...]
    on_behalf_of: str
    request_id: str
    case_ids: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def record_event(
    connection: Connection, name: str, *, case_ids: Sequence[str] = (), on_behalf_of: str = "", **facts: Any
) -> int:
    """Write what happened to the log, in the caller's transaction; the sequence number of the last event written.

    More than 500 cases become several events. Who did it, for whom and in which request come from the RPC in hand;
    `on_behalf_of` names the person when there is none, as when an interrupted decision is finished later. Raises
    ValueError for a fact that is not in FACT_NAMES or not of FACT_SHAPE, so that nothing personal is written by
    accident.

    It is the last write of its transaction: from here to the commit every other writer of the log waits.
    """
    written = {key: _fact(key, value) for key, value in facts.items() if value is not None}
    if not NAME_SHAPE.fullmatch(name):
        raise ValueError("an event is named in the past tense, in small letters and underscores")
    if not all(CASE_SHAPE.fullmatch(case_id) for case_id in case_ids):
        raise ValueError("an event names cases by their ids, which are letters, digits and underscores")
    parts = [case_ids[at : at + MOST_CASES] for at in range(0, len(case_ids), MOST_CASES)] or [()]
    last = _take_numbers(connection, len(parts))
    who = identity.current()
    common = {
        "name": name,
        "occurred_at_utc": now_utc(),
        "actor": who.subject or "service_unknown",
        "roles": " ".join(sorted(who.roles)),
        "on_behalf_of": who.on_behalf_of or on_behalf_of,
        "request_id": logs.request_id.get(),
        "facts": json.dumps(written, sort_keys=True, separators=(",", ":")),
    }
    first = last - len(parts) + 1
    rows = [
        {**common, "sequence": first + at, "event_id": new_id("event"), "case_ids": " ".join(part)}
        for at, part in enumerate(parts)
    ]
    for row in rows:  # nearly always one; an executemany of one costs twice as much
        connection.execute(_ADD, row)
    connection.info[EVENTS_RECORDED] = last
    return last


def _fact(name: str, value: Any) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    text = value.isoformat() if isinstance(value, date) else str(value)
    if name not in FACT_NAMES or not FACT_SHAPE.fullmatch(text):
        raise ValueError(f"an event may not tell {name!r}, or not in that form: ids, codes, days and counts only")
    return text


_ADD = events.insert()
_TAKE = (
    event_counter.update()
    .values(last_sequence=event_counter.c.last_sequence + bindparam("how_many"))
    .returning(event_counter.c.last_sequence)
)


def _take_numbers(connection: Connection, how_many: int) -> int:
    """The last of `how_many` new sequence numbers. Whoever takes some holds the counter until the commit."""
    found = connection.execute(_TAKE, {"how_many": how_many}).scalar()
    if found is None:
        connection.execute(insert_or_ignore(connection, event_counter).values(id=1, last_sequence=0))
        found = connection.execute(_TAKE, {"how_many": how_many}).scalar_one()
    return int(found)


def list_events(connection: Connection, after: int, most: int) -> list[Event]:
    """At most `most` events after a sequence number, in order."""
    query = select(events).where(events.c.sequence > after).order_by(events.c.sequence).limit(most)
    return [_event(row) for row in connection.execute(query)]


def last_sequence(connection: Connection) -> int:
    """Sequence number of the newest event; 0 for none."""
    return int(connection.execute(select(func.max(events.c.sequence))).scalar() or 0)


def _event(row: Row[Any]) -> Event:
    return Event(
        sequence=row.sequence,
        event_id=row.event_id,
        name=row.name,
        occurred_at=in_utc(row.occurred_at_utc),
        actor=row.actor,
        roles=tuple(row.roles.split()),
        on_behalf_of=row.on_behalf_of,
        request_id=row.request_id,
        case_ids=tuple(row.case_ids.split()),
        facts=json.loads(row.facts),
    )
