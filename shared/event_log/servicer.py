"""`inborough.events.v1.EventService`, which every service serves beside its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import grpc
from sqlalchemy import Engine, func, select

from inborough.events.v1 import events_pb2, events_pb2_grpc
from shared.database import reading, writing
from shared.days import in_rfc3339, in_utc
from shared.errors import InvalidInput, NotFound
from shared.event_log import log
from shared.event_log.tables import cursors, dead_letters
from shared.grpc_server import Handled

MOST = 1000
USUAL_EVENTS, USUAL_LETTERS = 500, 100
FULL_NAME = events_pb2.DESCRIPTOR.services_by_name["EventService"].full_name


def handled(engine: Engine) -> Handled:
    """The servicer over a service's database; hints tell others when its log grows."""
    servicer = EventServicer(engine)
    return Handled(FULL_NAME, partial(events_pb2_grpc.add_EventServiceServicer_to_server, servicer), log=engine)


@dataclass(frozen=True)
class EventServicer(events_pb2_grpc.EventServiceServicer):
    """Serves the event log of one database, and what that service made of others' logs."""

    engine: Engine

    def ListEvents(
        self, request: events_pb2.ListEventsRequest, context: grpc.ServicerContext
    ) -> events_pb2.ListEventsResponse:
        if request.after_sequence < 0:
            raise InvalidInput("after_sequence", "must be 0 or more")
        most = _most(request.most, USUAL_EVENTS)
        with reading(self.engine) as connection:
            found = log.list_events(connection, request.after_sequence, most)
            last = log.last_sequence(connection)
        return events_pb2.ListEventsResponse(events=map(_event, found), last_sequence=last)

    def ListCursors(
        self, request: events_pb2.ListCursorsRequest, context: grpc.ServicerContext
    ) -> events_pb2.ListCursorsResponse:
        with reading(self.engine) as connection:
            rows = connection.execute(select(cursors).order_by(cursors.c.source)).all()
        return events_pb2.ListCursorsResponse(
            cursors=[
                events_pb2.Cursor(source=row.source, sequence=row.sequence, applied_time=_instant(row.applied_at_utc))
                for row in rows
            ]
        )

    def ListDeadLetters(
        self, request: events_pb2.ListDeadLettersRequest, context: grpc.ServicerContext
    ) -> events_pb2.ListDeadLettersResponse:
        oldest_first = select(dead_letters).order_by(
            dead_letters.c.failed_at_utc, dead_letters.c.source, dead_letters.c.sequence
        )
        with reading(self.engine) as connection:
            rows = connection.execute(oldest_first.limit(_most(request.most, USUAL_LETTERS))).all()
            total = connection.scalar(select(func.count()).select_from(dead_letters)) or 0
        letters = [
            events_pb2.DeadLetter(
                dead_letter_id=row.dead_letter_id,
                source=row.source,
                sequence=row.sequence,
                name=row.name,
                attempts=row.attempts,
                error_type=row.error_type,
                failed_time=_instant(row.failed_at_utc),
                retrying=row.retrying,
            )
            for row in rows
        ]
        return events_pb2.ListDeadLettersResponse(dead_letters=letters, total=total)

    def RetryDeadLetters(
        self, request: events_pb2.RetryDeadLettersRequest, context: grpc.ServicerContext
    ) -> events_pb2.RetryDeadLettersResponse:
        wanted = sorted(set(request.dead_letter_ids))
        if bool(wanted) == request.all:
            raise InvalidInput("dead_letter_ids", "name the letters, or say all and name none")
        marking = dead_letters.update().values(retrying=True)
        if wanted:
            marking = marking.where(dead_letters.c.dead_letter_id.in_(wanted))
        with writing(self.engine) as connection:
            marked = connection.execute(marking).rowcount
            if wanted and marked != len(wanted):
                raise NotFound("such dead letter", "on file", "See `inborough events list`.")
            log.record_event(connection, "dead_letters_retried", marked=marked)
        return events_pb2.RetryDeadLettersResponse(marked=marked)


def _most(asked: int, usual: int) -> int:
    if not 0 <= asked <= MOST:
        raise InvalidInput("most", f"must be from 1 to {MOST}, or 0 for {usual}")
    return asked or usual


def _instant(at: datetime | None) -> str:
    return in_rfc3339(in_utc(at)) if at else ""


def _event(event: log.Event) -> events_pb2.Event:
    return events_pb2.Event(
        sequence=event.sequence,
        event_id=event.event_id,
        name=event.name,
        occurred_time=_instant(event.occurred_at),
        actor=event.actor,
        roles=event.roles,
        on_behalf_of=event.on_behalf_of,
        request_id=event.request_id,
        case_ids=event.case_ids,
        facts=event.facts,
    )
