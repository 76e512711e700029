"""Erase a case from a service's database in one transaction, remember it, and erase again what is kept of it later."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select

from shared import logs
from shared.database import insert_or_ignore, reading, writing
from shared.days import in_utc, now_utc
from shared.errors import InvalidInput
from shared.event_log import record_event
from shared.event_log.log import CASE_SHAPE
from shared.event_log.tables import requests
from shared.keeping.keeper import Erased, Keeper
from shared.keeping.scrubbing import scrub
from shared.keeping.tables import erased_cases

REASON_SHAPE = re.compile(r"[a-z][a-z0-9_]{1,19}")
LOOK_AGAIN = timedelta(hours=3)
"""For so long what comes of a case that was erased is erased too: no call is under way for longer. Later it may be
brought in again, and a case has the same id then."""
BETWEEN_SECONDS = 3600.0
ANSWERS_AT_ONCE = 200


@dataclass(frozen=True)
class ErasedCase:
    """A case that was erased, when last, why, and the ids of what went with it."""

    case_id: str
    reason_code: str
    erased_at: datetime
    with_ids: tuple[str, ...]


def erase_case(engine: Engine, keeper: Keeper, case_id: str, reason_code: str) -> Erased:
    """Erase a case; what there was of it. Each time is an event, also when nothing was left. Raises InvalidInput."""
    if not CASE_SHAPE.fullmatch(case_id):
        raise InvalidInput("case_id", "must be the id of a case, such as case_5f0c9a7be21d4433")
    if not REASON_SHAPE.fullmatch(reason_code):
        raise InvalidInput("reason_code", "must be 2 to 20 small letters, digits and underscores, such as court_order")
    with writing(engine) as connection:
        found = _erase(connection, keeper, case_id)
        asked = {"reason_code": reason_code, "erased_at_utc": now_utc()}
        connection.execute(erased_cases.update().where(erased_cases.c.case_id == case_id).values(**asked))
        record_event(
            connection, "case_erased", case_ids=[case_id], reason_code=reason_code, rows=sum(found.rows.values())
        )
    scrub(engine)
    return found


def erase_again(engine: Engine, keeper: Keeper) -> int:
    """Erase what was kept since of cases that were erased lately; how many rows. By a thread of each service."""
    rows = 0
    with reading(engine) as connection:
        lately = [each for each in list_erased(connection, 1000) if now_utc() - each.erased_at < LOOK_AGAIN]
    for case in lately:
        with writing(engine) as connection:
            found = sum(_erase(connection, keeper, case.case_id).rows.values())
            if found:
                record_event(
                    connection, "case_erased", case_ids=[case.case_id], reason_code=case.reason_code, rows=found
                )
        rows += found
    if rows:
        scrub(engine)
        logs.log("erased_again", rows=rows)
    return rows


class ErasingLate:
    """A thread that erases every hour what came late: a call under way when its case was erased may keep something."""

    def __init__(self, engine: Engine, keeper: Keeper, between_seconds: float = BETWEEN_SECONDS) -> None:
        self._engine, self._keeper, self._between_seconds = engine, keeper, between_seconds
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="erasing_late", daemon=True)

    def start(self) -> None:
        """Begin; the first look is after the first wait."""
        self._thread.start()

    def close(self, seconds: float = 2) -> None:
        """Finish what is in hand and stop."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _go_on(self) -> None:
        while not self._ending.wait(self._between_seconds):
            try:
                erase_again(self._engine, self._keeper)
            except Exception as error:  # the database may be away for a while: an hour later will do as well
                logs.log("not_erased_again", "warning", error_type=type(error).__name__)


def list_erased(connection: Connection, most: int) -> list[ErasedCase]:
    """Cases that were erased, newest first."""
    newest = select(erased_cases).order_by(erased_cases.c.erased_at_utc.desc(), erased_cases.c.case_id).limit(most)
    return [
        ErasedCase(row.case_id, row.reason_code, in_utc(row.erased_at_utc), tuple(row.with_ids.split()))
        for row in connection.execute(newest)
    ]


def find_erased(connection: Connection, case_id: str) -> ErasedCase | None:
    """What is remembered of one case that was erased, or None."""
    row = connection.execute(select(erased_cases).where(erased_cases.c.case_id == case_id)).first()
    if row is None:
        return None
    return ErasedCase(row.case_id, row.reason_code, in_utc(row.erased_at_utc), tuple(row.with_ids.split()))


def _erase(connection: Connection, keeper: Keeper, case_id: str) -> Erased:
    """Erase and remember, in the caller's transaction; what went earlier leads to answers that came since."""
    found = keeper.erase(connection, case_id)
    before = find_erased(connection, case_id)
    with_ids = sorted({*found.with_ids, *(before.with_ids if before else ())})
    row = {"case_id": case_id, "reason_code": "", "erased_at_utc": now_utc(), "with_ids": " ".join(with_ids)}
    connection.execute(insert_or_ignore(connection, erased_cases), row)
    here = erased_cases.c.case_id == case_id
    connection.execute(erased_cases.update().where(here).values(with_ids=row["with_ids"]))
    answers = _forget_answers(connection, [case_id, *with_ids])
    return Erased(_only_some({**found.rows, "answers kept for repeated requests": answers}), with_ids)


def _only_some(rows: Mapping[str, int]) -> dict[str, int]:
    return {what: count for what, count in rows.items() if count}


def _forget_answers(connection: Connection, ids: Collection[str]) -> int:
    """Forget answers that name any of these ids: they may tell what was recorded. Repeated, those requests are new."""
    words = [each.encode() for each in ids]
    telling = [key for key, answer in _answers(connection) if any(word in answer for word in words)]
    for start in range(0, len(telling), ANSWERS_AT_ONCE):
        some = telling[start : start + ANSWERS_AT_ONCE]
        connection.execute(requests.delete().where(requests.c.request_id.in_(some)))
    return len(telling)


def _answers(connection: Connection) -> Iterator[tuple[str, bytes]]:
    every = select(requests.c.request_id, requests.c.answer).execution_options(yield_per=ANSWERS_AT_ONCE)
    for row in connection.execute(every):
        yield row.request_id, bytes(row.answer)
