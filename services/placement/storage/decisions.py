"""Keep and find decisions. A decision only ever moves from a state that is named to another, and each move is kept."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, or_, select, tuple_

from services.placement.domain.decisions import GIVES_PLACE, HALF_DONE, LIVE, Ground, Kind, State, grounds_of_text
from services.placement.storage.appeals import is_under_appeal
from services.placement.storage.tables import decision_states, decisions, revisions
from shared.clock import ENGLAND
from shared.database import change_revision, current_revision, insert_or_ignore, look_up_revision, revisions_of
from shared.days import in_utc, now_utc
from shared.ids import content_id


@dataclass(frozen=True)
class StoredDecision:
    """A decision as kept, without its record. `undo_due`: it has ended and left something to take back.

    `of_what_if`: made on a ranking that left settings out; None: recorded before that was kept.
    """

    decision_id: str
    case_id: str
    panel_id: str
    recommendation_id: str
    kind: Kind
    state: State
    pool_id: str
    urn: int
    setting_name: str
    part: str
    first_day: date
    last_day: date | None
    gives_up_place: bool
    over_number: bool
    rank: int
    grounds: str
    deferred_until: date | None
    decided_by: str
    decided_at_utc: datetime
    changed_at_utc: datetime
    changes: int = 1
    undo_due: bool = False
    offer_id: str = ""
    offer_expires_on: date | None = None
    not_offered_because: str = ""
    withdrawn_because: str = ""
    appeal_letter_on: date | None = None
    decided_on: date | None = None
    of_what_if: bool | None = None

    @property
    def etag(self) -> str:
        """Changes with every change of the decision."""
        return content_id("etag", self.decision_id, str(self.changes))

    @property
    def decided_day(self) -> date:
        """The authority's day on which it was recorded."""
        return self.decided_on or self.decided_at_utc.astimezone(ENGLAND).date()

    @property
    def gives_place(self) -> bool:
        """Whether it gives the child a place."""
        return self.kind in GIVES_PLACE

    @property
    def listed_grounds(self) -> list[Ground]:
        """The grounds that it writes down against requests."""
        return grounds_of_text(self.grounds)

    @property
    def refused_urns(self) -> list[int]:
        """Settings requested and refused."""
        return [ground.urn for ground in self.listed_grounds]


@dataclass(frozen=True)
class StateReached:
    """One move of a decision."""

    state: State
    changed_by: str
    changed_at: datetime


_NAMES = [field.name for field in fields(StoredDecision)]
_COLUMNS = [decisions.c[name] for name in _NAMES]


def keep_decision(connection: Connection, decision: StoredDecision, record: bytes) -> bool:
    """Keep a new decision with its serialised record; False when the case has a live one."""
    row = {**vars(decision), "record": zlib.compress(record)}
    if not connection.execute(insert_or_ignore(connection, decisions), row).rowcount:
        return False
    _keep_state(connection, decision.decision_id, decision.changes, decision.state, decision.decided_by)
    change_revision(connection, revisions)
    return True


def move(
    connection: Connection, decision_id: str, before: Collection[State], after: State, by: str, **values: Any
) -> bool:
    """Take a decision from one of the states `before` to `after`, with these values; False when it is elsewhere.

    Whoever comes second finds it elsewhere: so no step is ever taken twice.
    """
    moving = (
        decisions.update()
        .where(decisions.c.decision_id == decision_id, decisions.c.state.in_(before))
        .values(state=after, changes=decisions.c.changes + 1, changed_at_utc=now_utc(), **values)
    )
    changes = connection.execute(moving.returning(decisions.c.changes)).scalar()
    if changes is None:
        return False
    _keep_state(connection, decision_id, changes, after, by)
    change_revision(connection, revisions)
    return True


def _keep_state(connection: Connection, decision_id: str, number: int, state: State, by: str) -> None:
    row = {"decision_id": decision_id, "number": number, "state": state}
    connection.execute(decision_states.insert(), {**row, "changed_by": by, "changed_at_utc": now_utc()})


def set_values(connection: Connection, decision_id: str, before: Collection[State], **values: Any) -> bool:
    """Write values of a decision that is in one of these states, without moving it; False when it is elsewhere."""
    writing = decisions.update().where(decisions.c.decision_id == decision_id, decisions.c.state.in_(before))
    return bool(connection.execute(writing.values(changes=decisions.c.changes + 1, **values)).rowcount)


def find_decision(connection: Connection, decision_id: str, *, for_change: bool = False) -> StoredDecision | None:
    """A decision, or None. `for_change`: nobody else can change it until this transaction ends."""
    query = select(*_COLUMNS).where(decisions.c.decision_id == decision_id)
    row = connection.execute(query.with_for_update() if for_change else query).first()
    return _stored(row) if row else None


def find_of_offer(connection: Connection, offer_id: str, decision_id: str) -> StoredDecision | None:
    """The decision that an offer was made for: by the offer, else by the id that the offer names; or None."""
    ids = [decisions.c.offer_id == offer_id] if offer_id else []
    query = select(*_COLUMNS).where(or_(*ids, decisions.c.decision_id == decision_id))
    row = connection.execute(query.order_by(decisions.c.decision_id != decision_id).limit(1)).first()
    return _stored(row) if row else None


def find_record(connection: Connection, decision_id: str) -> bytes | None:
    """The serialised record as it was when decided, or None."""
    query = select(decisions.c.record).where(decisions.c.decision_id == decision_id)
    found = connection.execute(query).scalar()
    return None if found is None else zlib.decompress(found)


def find_records(connection: Connection, decision_ids: Collection[str]) -> dict[str, bytes]:
    """Serialised records by decision."""
    query = select(decisions.c.decision_id, decisions.c.record).where(decisions.c.decision_id.in_(decision_ids))
    return {row.decision_id: zlib.decompress(row.record) for row in connection.execute(query)}


def list_states(connection: Connection, decision_id: str) -> list[StateReached]:
    """Every state that a decision has had, oldest first."""
    query = select(decision_states).where(decision_states.c.decision_id == decision_id)
    rows = connection.execute(query.order_by(decision_states.c.number))
    return [StateReached(State(row.state), row.changed_by, in_utc(row.changed_at_utc)) for row in rows]


def has_live_decision(connection: Connection, case_id: str) -> bool:
    """Whether a decision about the case is in hand."""
    query = select(decisions.c.decision_id).where(decisions.c.case_id == case_id, decisions.c.state.in_(LIVE))
    return connection.execute(query).first() is not None


def list_decisions(
    connection: Connection,
    case_id: str,
    panel_id: str,
    states: Sequence[State],
    most: int,
    after: str,
    only_under_appeal: bool = False,
) -> list[StoredDecision] | None:
    """At most `most`, newest first, after the decision `after` ("" for the newest); None when that is unknown."""
    query = select(*_COLUMNS)
    if only_under_appeal:
        query = query.where(is_under_appeal())
    if case_id:
        query = query.where(decisions.c.case_id == case_id)
    if panel_id:
        query = query.where(decisions.c.panel_id == panel_id)
    if states:
        query = query.where(decisions.c.state.in_(states))
    place = tuple_(decisions.c.decided_at_utc, decisions.c.decision_id)
    if after:
        mark = select(decisions.c.decided_at_utc).where(decisions.c.decision_id == after)
        last = connection.execute(mark).scalar()
        if last is None:
            return None
        query = query.where(place < (last, after))
    newest_first = (decisions.c.decided_at_utc.desc(), decisions.c.decision_id.desc())
    return [_stored(row) for row in connection.execute(query.order_by(*newest_first).limit(most))]


def list_of_panel(connection: Connection, panel_id: str) -> list[StoredDecision]:
    """Every decision of a panel, oldest first."""
    query = select(*_COLUMNS).where(decisions.c.panel_id == panel_id)
    rows = connection.execute(query.order_by(decisions.c.decided_at_utc, decisions.c.decision_id))
    return [_stored(row) for row in rows]


def list_half_done(connection: Connection, before: datetime) -> list[str]:
    """Ids of decisions that wait for a step, and have not changed since `before`, those that wait longest first."""
    waiting = or_(decisions.c.state.in_(HALF_DONE), decisions.c.undo_due)
    query = select(decisions.c.decision_id).where(waiting, decisions.c.changed_at_utc <= before)
    rows = connection.execute(query.order_by(decisions.c.changed_at_utc, decisions.c.decision_id))
    return [row.decision_id for row in rows]


def list_undo_due(connection: Connection, case_id: str) -> list[str]:
    """Ids of decisions about a case that left something to take back."""
    query = select(decisions.c.decision_id).where(decisions.c.case_id == case_id, decisions.c.undo_due)
    return [row.decision_id for row in connection.execute(query)]


_REVISION = revisions_of(revisions)


def look_up_revision_of_decisions(engine: Engine) -> str:
    """`decisions_revision` as it is at once, outside any transaction."""
    return look_up_revision(engine, _REVISION)


def decisions_revision(connection: Connection) -> str:
    """The token that changes whenever a decision moves."""
    return current_revision(connection, revisions)


def list_decided_cases(connection: Connection) -> frozenset[str]:
    """Cases for which a live decision gives a place: they are not planned again."""
    query = select(decisions.c.case_id).where(decisions.c.state.in_(LIVE), decisions.c.kind.in_(GIVES_PLACE))
    return frozenset(row.case_id for row in connection.execute(query))


def count_by_state(connection: Connection) -> dict[State, int]:
    """How many decisions stand how."""
    counted = select(decisions.c.state, func.count().label("how_many")).group_by(decisions.c.state)
    return {State(row.state): row.how_many for row in connection.execute(counted)}


def _stored(row: Row[Any]) -> StoredDecision:
    values = {name: getattr(row, name) for name in _NAMES}
    values["kind"], values["state"] = Kind(row.kind), State(row.state)
    values["decided_at_utc"], values["changed_at_utc"] = in_utc(row.decided_at_utc), in_utc(row.changed_at_utc)
    return StoredDecision(**values)
