"""Sessions and drafts, read and written in short transactions on a thread."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, Row, delete, select, update
from starlette.concurrency import run_in_threadpool

from services.web.storage.tables import drafts, sessions
from shared.database import reading, writing
from shared.days import in_utc, now_utc
from shared.keeping.scrubbing import scrub

SEEN_AGAIN = timedelta(seconds=60)
"""A session's last request is written down at most this often."""
LATEST = timedelta(minutes=15)
"""For how long a form that is open may still be sent when the issuer should have been asked again."""
NO_TIME = timedelta()
LONGEST_PATH = 200
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Session:
    """One browser's session. `user_id` is "" until somebody is signed in; `live`: not ended, by hand or by time.

    `due`: the issuer is to be asked again who it is; `began` is when they signed in themselves.
    """

    cookie: str = field(repr=False)
    user_id: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    form_token: str = field(default="", repr=False)
    state: Mapping[str, Any] = field(default_factory=dict)
    live: bool = True
    due: bool = False
    began: datetime | None = field(default=None, compare=False)

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in now."""
        return self.live and bool(self.user_id)


@dataclass(frozen=True)
class UnderWay:
    """A session as an administrator sees it: no name, and nothing that would open it."""

    user_id: str
    roles: tuple[str, ...]
    began: datetime
    seen: datetime


@dataclass(frozen=True)
class Draft:
    """What was filled in and not sent yet: values by field name."""

    answers: Mapping[str, list[str]]
    kept_at: datetime


class Store:
    """The pages' database. `idle` and `longest` say when a session ends, `kept` for how long a draft is there.

    After `recheck` the issuer is to be asked again who it is; a session of whom it was not is over `LATEST` after that.
    """

    def __init__(
        self, engine: Engine, idle: timedelta, longest: timedelta, kept: timedelta, recheck: timedelta | None = None
    ) -> None:
        self._engine, self._idle, self._longest, self._kept = engine, idle, longest, kept
        self._recheck = recheck

    async def find_session(self, cookie: str) -> Session | None:
        """The session of a cookie; also one that has ended, which is then not live. None when there is none."""
        return await _on_a_thread(lambda: self._find(cookie))

    def _find(self, cookie: str) -> Session | None:
        if not cookie:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(sessions).where(sessions.c.session_hash == _hashed(cookie))).first()
        if row is None:
            return None
        now = now_utc()
        live = self._is_live(row, now)
        if live and now - in_utc(row.seen_at_utc) >= SEEN_AGAIN:
            with writing(self._engine) as connection:
                connection.execute(_only(cookie).values(seen_at_utc=now))
        return Session(
            cookie,
            row.user_id,
            row.name,
            tuple(row.roles.split()),
            row.form_token,
            json.loads(row.state),
            live,
            due=live and self._overdue(row, now) >= NO_TIME,
            began=in_utc(row.made_at_utc),
        )

    def _is_live(self, row: Row[Any], now: datetime) -> bool:
        within = now - in_utc(row.seen_at_utc) < self._idle and now - in_utc(row.made_at_utc) < self._longest
        return not row.ended and within and self._overdue(row, now) < LATEST

    def _overdue(self, row: Row[Any], now: datetime) -> timedelta:
        """For how long the issuer should have been asked again; less than nothing while it need not be."""
        checked = in_utc(row.checked_at_utc or row.made_at_utc)
        return -LATEST if self._recheck is None or not row.user_id else now - checked - self._recheck

    async def begin_session(
        self,
        user_id: str = "",
        name: str = "",
        roles: tuple[str, ...] = (),
        state: Mapping[str, Any] | None = None,
        after: Session | None = None,
    ) -> Session:
        """A new session under a new cookie of 256 random bits.

        After one of the same person it goes on: it ends when that one would have ended, and forms that are open are
        still its own.
        """
        cookie, token, began = secrets.token_urlsafe(32), secrets.token_urlsafe(32), None
        if after is not None and after.signed_in and after.user_id == user_id:
            token, began = after.form_token, after.began
        made = Session(cookie, user_id, name[:100], roles, token, state or {})

        def write() -> None:
            now = now_utc()
            row = {
                "session_hash": _hashed(cookie),
                "user_id": user_id,
                "name": made.name,
                "roles": " ".join(roles),
                "form_token": token,
                "state": json.dumps(dict(made.state)),
                "made_at_utc": began or now,
                "seen_at_utc": now,
                "ended": False,
                "checked_at_utc": now,
            }
            with writing(self._engine) as connection:
                connection.execute(sessions.insert().values(**row))

        await _on_a_thread(write)
        return made

    async def keep_state(self, session: Session, state: Mapping[str, Any]) -> Session:
        """The session with another state."""

        def write() -> None:
            with writing(self._engine) as connection:
                connection.execute(_only(session.cookie).values(state=json.dumps(dict(state))))

        await _on_a_thread(write)
        return replace(session, state=state)

    async def end_session(self, session: Session) -> None:
        """End it. Its row stays a while, so that a form sent with it is known to be its user's."""

        def write() -> None:
            with writing(self._engine) as connection:
                connection.execute(_only(session.cookie).values(ended=True))

        await _on_a_thread(write)

    async def end_all(self, user_id: str) -> None:
        """End every session of a person, wherever they signed in."""
        await _on_a_thread(lambda: self.end_sessions(user_id))

    def end_sessions(self, user_id: str = "") -> int:
        """End every session of a person, or of everybody; how many ended."""
        whose = sessions.c.user_id == user_id if user_id else sessions.c.user_id != ""
        with writing(self._engine) as connection:
            return connection.execute(update(sessions).where(whose, ~sessions.c.ended).values(ended=True)).rowcount

    def list_sessions(self) -> list[UnderWay]:
        """Sessions of people that are not over, the newest first."""
        now = now_utc()
        signed_in = select(sessions).where(sessions.c.user_id != "").order_by(sessions.c.made_at_utc.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(signed_in).all()
        return [
            UnderWay(row.user_id, tuple(row.roles.split()), in_utc(row.made_at_utc), in_utc(row.seen_at_utc))
            for row in rows
            if self._is_live(row, now)
        ]

    async def keep_draft(self, user_id: str, path: str, answers: Mapping[str, list[str]]) -> None:
        """Keep what somebody filled in on the form at a path, in place of what was kept before.

        No form of ours has a path so long that it is not kept.
        """
        if len(path) > LONGEST_PATH:
            return

        def write() -> None:
            key = {"user_id": user_id, "path": path}
            with writing(self._engine) as connection:
                connection.execute(delete(drafts).filter_by(**key))
                connection.execute(
                    drafts.insert().values(**key, answers=json.dumps(dict(answers)), kept_at_utc=now_utc())
                )

        await _on_a_thread(write)

    async def find_draft(self, user_id: str, path: str) -> Draft | None:
        """What somebody filled in on the form at a path; None for nothing, or nothing that young."""

        def read() -> Draft | None:
            with reading(self._engine) as connection:
                row = connection.execute(select(drafts).filter_by(user_id=user_id, path=path)).first()
            if row is None or now_utc() - in_utc(row.kept_at_utc) > self._kept:
                return None
            return Draft(json.loads(row.answers), in_utc(row.kept_at_utc))

        return await _on_a_thread(read)

    async def drop_draft(self, user_id: str, path: str) -> None:
        """Forget what somebody filled in there."""

        def write() -> None:
            with writing(self._engine) as connection:
                connection.execute(delete(drafts).filter_by(user_id=user_id, path=path))

        await _on_a_thread(write)

    def forget_old(self) -> None:
        """Delete drafts past their days, and sessions that ended so long ago that no form of theirs can come."""
        now = now_utc()
        with writing(self._engine) as connection:
            connection.execute(delete(drafts).where(drafts.c.kept_at_utc < now - self._kept))
            connection.execute(delete(sessions).where(sessions.c.made_at_utc < now - self._longest - self._kept))
            nobodys = (sessions.c.user_id == "") & (sessions.c.seen_at_utc < now - self._idle)
            connection.execute(delete(sessions).where(nobodys))

    def forget_naming(self, until: Mapping[str, datetime]) -> int:
        """Delete drafts whose page or answers name any of these ids and that were kept until then; how many."""
        if not until:
            return 0
        with writing(self._engine) as connection:
            naming = [
                (row.user_id, row.path)
                for row in connection.execute(select(drafts))
                if any(
                    (each in row.path or each in row.answers) and in_utc(row.kept_at_utc) < last
                    for each, last in until.items()
                )
            ]
            for user_id, path in naming:
                connection.execute(delete(drafts).filter_by(user_id=user_id, path=path))
        if naming:
            scrub(self._engine)
        return len(naming)

    def answers(self) -> bool:
        """Whether the database answers."""
        with reading(self._engine) as connection:
            connection.execute(select(sessions.c.ended).limit(1))
        return True


def _only(cookie: str) -> Any:
    return update(sessions).where(sessions.c.session_hash == _hashed(cookie))


def _hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


async def _on_a_thread(work: Callable[[], AnswerT]) -> AnswerT:
    return await run_in_threadpool(work)
