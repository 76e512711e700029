"""Consult settings about cases: send, record replies, withdraw, list (Children and Families Act 2014 ss.39(2), 40).

The setting's own words are kept in the database and shown to whoever may see the case; no event, log or error tells
them. A reply that is recorded again does not replace the one before: both are kept, and the last counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from inborough.placement.v1 import consultations_pb2
from services.placement import consultation_wire
from services.placement.operations.context import Context
from services.placement.operations.views import record_view
from services.placement.storage import consultations as storage
from services.placement.storage.consultations import REPLIED, WITHDRAWN, StoredConsultation
from shared import clock, days, identity
from shared.database import reading
from shared.errors import AlreadyExists, ChangedMeanwhile, InvalidInput, NotFound, WrongState
from shared.event_log import record_event
from shared.event_log.requests import AnswerT, answer_once, find_answer
from shared.failpoints import failpoint
from shared.ids import content_id, new_id

ACT_IN_FORCE = date(2014, 9, 1)
"""First day of the Children and Families Act 2014 s.39 (memory): a consultation dated before it is a slip."""
LONGEST_TEXT = 20_000
MOST_LISTED, USUALLY_LISTED = 500, 100


def send_consultation(
    context: Context, request: consultations_pb2.SendConsultationRequest, sent_on: date | None
) -> consultations_pb2.SendConsultationResponse:
    """Record that a setting was consulted, today unless said otherwise, and start its clock.

    Raises InvalidInput (a day to come), NotFound (case, setting), AlreadyExists (one with the setting awaits its reply,
    or the request id was used for another request), NeighbourDown.
    """
    with reading(context.engine) as connection:
        known = find_answer(connection, request, consultations_pb2.SendConsultationResponse)
    if known is not None:
        return known
    consultation = _new(context, request, _day_until_today(sent_on, "sent_on", ACT_IN_FORCE))

    def keep(connection: Connection) -> consultations_pb2.SendConsultationResponse:
        if not storage.keep_consultation(connection, consultation):
            raise AlreadyExists(
                "A consultation with this setting about this case awaits its reply. Record the reply, or withdraw it."
            )
        due = {"sent_on": consultation.sent_on, "reply_due": consultation.reply_due}
        _record(connection, "consultation_sent", consultation, **due)
        return consultations_pb2.SendConsultationResponse(consultation=_as_today(consultation))

    return _answered(context, request, consultations_pb2.SendConsultationResponse, keep)


def record_reply(
    context: Context, request: consultations_pb2.RecordReplyRequest, replied_on: date | None
) -> consultations_pb2.RecordReplyResponse:
    """Record what a setting replies, today unless said otherwise; once more to correct it.

    Raises InvalidInput (no reply, a day before it was sent or to come, too long a text), NotFound, WrongState (it was
    withdrawn), ChangedMeanwhile, AlreadyExists (the request id was used for another request).
    """
    word = consultation_wire.REPLY_WORDS.get(request.reply, "")
    if not word:
        raise InvalidInput("reply", "say what the setting replies: can meet, cannot meet, full or incompatible")
    _check_text(request.text)

    def reply(connection: Connection) -> consultations_pb2.RecordReplyResponse:
        found = _found(connection, request.consultation_id, request.etag)
        if found.state == WITHDRAWN:
            raise WrongState("This consultation was withdrawn. Send another, then record its reply.")
        day = _day_until_today(replied_on, "replied_on", found.sent_on)
        number, at = found.replies + 1, days.now_utc()
        stored = storage.StoredReply(found.consultation_id, number, word, day, request.text, _who(), at)
        storage.keep_reply(connection, stored)
        changed = _change(connection, found, state=REPLIED, replies=number)
        _record(connection, "consultation_replied", changed, reply=word, replied_on=day)
        return consultations_pb2.RecordReplyResponse(consultation=_as_today(changed))

    return _answered(context, request, consultations_pb2.RecordReplyResponse, reply)


def withdraw_consultation(
    context: Context, request: consultations_pb2.WithdrawConsultationRequest
) -> consultations_pb2.WithdrawConsultationResponse:
    """Take a consultation back; it stays on the record. One that was withdrawn before stays as it is.

    Raises NotFound, WrongState (replied to), ChangedMeanwhile, AlreadyExists (the request id was used for another
    request).
    """

    def withdraw(connection: Connection) -> consultations_pb2.WithdrawConsultationResponse:
        found = _found(connection, request.consultation_id, request.etag)
        if found.state == REPLIED:
            raise WrongState("This consultation was replied to. Its reply is on the record, so it is not withdrawn.")
        if found.state != WITHDRAWN:
            found = _change(connection, found, state=WITHDRAWN)
            _record(connection, "consultation_withdrawn", found)
        return consultations_pb2.WithdrawConsultationResponse(consultation=_as_today(found))

    return _answered(context, request, consultations_pb2.WithdrawConsultationResponse, withdraw)


@dataclass(frozen=True)
class ConsultationPage:
    """Consultations, that whose reply is due soonest first, and where the next page starts ("" on the last)."""

    consultations: list[consultations_pb2.Consultation]
    next_page_token: str


def list_consultations(
    context: Context, case_id: str, only_awaiting: bool, page_size: int, page_token: str
) -> ConsultationPage:
    """A page of consultations, of one case or ("") of all. Raises InvalidInput (page size, unknown page token)."""
    if not 0 <= page_size <= MOST_LISTED:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_LISTED}, or 0 for {USUALLY_LISTED}")
    most, today = page_size or USUALLY_LISTED, clock.today()
    with reading(context.engine) as connection:
        found = storage.list_consultations(connection, case_id, only_awaiting, most + 1, page_token)
    if found is None:
        raise InvalidInput("page_token", "was not given by this call; start again without one")
    page = found[:most]
    about = sorted({stored.case_id for stored in page} | ({case_id} - {""}))
    if about:
        record_view(context, "consultations_listed", about)
    listed = [consultation_wire.consultation(stored, today) for stored in page]
    return ConsultationPage(listed, page[-1].consultation_id if len(found) > most else "")


def list_of_case(context: Context, case_id: str) -> list[consultations_pb2.Consultation]:
    """Every consultation about a case as it stands today, that whose reply is due soonest first.

    For use within the service: no view is recorded.
    """
    today = clock.today()
    with reading(context.engine) as connection:
        found = storage.list_of_case(connection, case_id)
    return [consultation_wire.consultation(stored, today) for stored in found]


def count_awaiting_replies(context: Context) -> dict[date, int]:
    """How many consultations await their reply, by the day it is due."""
    with reading(context.engine) as connection:
        return storage.count_awaiting_by_due(connection)


def _answered(
    context: Context, request: Any, answer_type: type[AnswerT], operation: Callable[[Connection], AnswerT]
) -> AnswerT:
    def before_commit(connection: Connection) -> AnswerT:
        answer = operation(connection)
        if __debug__:
            failpoint("placement.consultation.before_commit")
        return answer

    answer = answer_once(context.engine, request, answer_type, before_commit)
    if __debug__:
        failpoint("placement.consultation.after_commit")
    return answer


def _new(context: Context, request: consultations_pb2.SendConsultationRequest, sent_on: date) -> StoredConsultation:
    """A consultation with a setting and about a case that are on file. Raises NotFound, NeighbourDown."""
    context.neighbours.get_case(request.case_id)
    setting = context.neighbours.find_setting(request.urn)
    if setting is None:
        raise NotFound("setting", request.urn, "Check the URN, or import settings: `inborough import gias`.")
    reply_due = context.reply_clock.due(sent_on)
    return StoredConsultation(
        consultation_id=content_id("cons", request.request_id),
        etag=new_id("etag"),
        case_id=request.case_id,
        urn=request.urn,
        setting_name=setting.name,
        sent_on=sent_on,
        sent_by=_who(),
        reply_due=reply_due,
        reply_rule=context.reply_clock.words(reply_due),
        state=storage.AWAITING,
        replies=0,
        changed_by=_who(),
        changed_at_utc=days.now_utc(),
    )


def _found(connection: Connection, consultation_id: str, etag: str) -> StoredConsultation:
    """The consultation, locked, as the caller last read it. Raises NotFound, ChangedMeanwhile saying what changed."""
    found = storage.find_for_change(connection, consultation_id)
    if found is None:
        raise NotFound("consultation", consultation_id, "See `inborough consult` for those on file.")
    if etag not in ("", found.etag):
        raise ChangedMeanwhile(f"{_what_happened(found)} Read the consultation again, then decide what to send.")
    return found


def _what_happened(found: StoredConsultation) -> str:
    at = days.in_rfc3339(days.in_utc(found.changed_at_utc))
    done = {REPLIED: f"reply number {found.replies} was recorded", WITHDRAWN: "it was withdrawn"}
    return f"Since you read it, {done.get(found.state, 'it was sent')} by {found.changed_by} at {at}."


def _change(connection: Connection, found: StoredConsultation, **values: object) -> StoredConsultation:
    """Write what changes with who changed it and when, under a new etag; the consultation as it then is."""
    by = {"etag": new_id("etag"), "changed_by": _who(), "changed_at_utc": days.now_utc()}
    storage.change_consultation(connection, found.consultation_id, **by, **values)
    return _found(connection, found.consultation_id, "")


def _record(connection: Connection, name: str, consultation: StoredConsultation, **facts: Any) -> None:
    facts |= {"consultation_id": consultation.consultation_id, "urn": consultation.urn}
    record_event(connection, name, case_ids=[consultation.case_id], **facts)


def _as_today(consultation: StoredConsultation) -> consultations_pb2.Consultation:
    return consultation_wire.consultation(consultation, clock.today())


def _day_until_today(given: date | None, field: str, earliest: date) -> date:
    """The day given, or today. Raises InvalidInput for one before `earliest` or to come."""
    today = clock.today()
    day = today if given is None else given
    if not earliest <= day <= today:
        raise InvalidInput(field, f"must be from {days.in_words(earliest)} to today, {days.in_words(today)}")
    return day


def _check_text(text: str) -> None:
    """Raises InvalidInput without a word of the text."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput("text", f"has {len(text)} characters; at most {LONGEST_TEXT} are kept: shorten it")
    if "\0" in text:
        raise InvalidInput("text", "holds a zero character, which no database keeps: take it out")


def _who() -> str:
    """The person who asks, or the service when it asks for nobody."""
    who = identity.current()
    return who.person or who.subject
