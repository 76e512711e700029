"""Answer the same request once: AIP-155 request ids, stored with a hash of the request and the answer given.

The id is claimed in the transaction that does the work. So a copy that comes meanwhile waits, then gets the same
bytes; a request that failed leaves nothing behind and may be tried again; the same id with another body, or from
somebody else, is an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import Connection, Engine, select

from shared import identity
from shared.database import insert_or_ignore, writing
from shared.days import now_utc
from shared.errors import AlreadyExists, InvalidInput
from shared.event_log.tables import requests

AnswerT = TypeVar("AnswerT", bound=Message)
ID_SHAPE = re.compile(r"req_[0-9a-f]{16}")


def answer_once(
    engine: Engine, request: Message, answer_type: type[AnswerT], operation: Callable[[Connection], AnswerT]
) -> AnswerT:
    """The answer of `operation`, run in a transaction of its own at most once for the request's `request_id`.

    Raises InvalidInput for an id that is not "req_" and sixteen hexadecimal digits, AlreadyExists when it was used for
    another request or by another caller.
    """
    request_id, digest = check_request_id(request), digest_of(request)
    with writing(engine) as connection:
        if (known := _claim(connection, request, request_id, digest)) is not None:
            return answer_type.FromString(known)
        kept = operation(connection).SerializeToString(deterministic=True)
        connection.execute(requests.update().where(requests.c.request_id == request_id).values(answer=kept))
    return answer_type.FromString(kept)


def find_answer(connection: Connection, request: Message, answer_type: type[AnswerT]) -> AnswerT | None:
    """The answer given before, or None. Raises as `answer_once`.

    For an operation that must ask its neighbours before its transaction: a copy is answered without asking them.
    """
    request_id = check_request_id(request)
    row = connection.execute(select(requests).where(requests.c.request_id == request_id)).first()
    if row is None:
        return None
    _need_same(row, request, digest_of(request))
    return answer_type.FromString(row.answer)


def purge(engine: Engine, keep_days: int) -> int:
    """Forget requests answered more than `keep_days` ago; how many. One that is repeated later counts as new."""
    before = now_utc() - timedelta(days=keep_days)
    with writing(engine) as connection:
        return connection.execute(requests.delete().where(requests.c.answered_at_utc < before)).rowcount


def check_request_id(request: Message) -> str:
    """The request's id. Raises InvalidInput."""
    given = str(request.request_id)  # type: ignore[attr-defined]
    if not ID_SHAPE.fullmatch(given):
        raise InvalidInput("request_id", "must be req_ and sixteen digits or letters a to f, new for each request")
    return given


def digest_of(request: Message) -> str:
    """A hash of the whole request."""
    return hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()


def _claim(connection: Connection, request: Message, request_id: str, digest: str) -> bytes | None:
    """Claim the id; when it was claimed before, the answer given then. A copy under way is waited for."""
    row = {
        "request_id": request_id,
        "method": type(request).__name__,
        "actor": identity.current().subject,
        "digest": digest,
        "answer": b"",
        "answered_at_utc": now_utc(),
    }
    if connection.execute(insert_or_ignore(connection, requests), row).rowcount:
        return None
    known = connection.execute(select(requests).where(requests.c.request_id == request_id)).one()
    _need_same(known, request, digest)
    return bytes(known.answer)


def _need_same(row: object, request: Message, digest: str) -> None:
    same = (type(request).__name__, identity.current().subject, digest)
    if (row.method, row.actor, row.digest) != same:  # type: ignore[attr-defined]
        raise AlreadyExists(
            "This request id was used for another request. Choose a new one for a new request; send the same request "
            "again to learn what came of it."
        )
