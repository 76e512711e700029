"""`inborough.keeping.v1.KeepingService`, which every service serves beside its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import grpc
from sqlalchemy import Engine, delete, func, select

from inborough.keeping.v1 import keeping_pb2, keeping_pb2_grpc
from shared import identity
from shared.database import reading, writing
from shared.days import from_wire, in_rfc3339, in_utc, now_utc
from shared.errors import InvalidInput, NeighbourDown, WrongState
from shared.event_log import record_event
from shared.event_log.tables import events
from shared.grpc_server import Handled
from shared.keeping.erasing import ErasingLate, erase_case, find_erased, list_erased
from shared.keeping.keeper import Keeper
from shared.keeping.scrubbing import scrub

MOST, USUAL = 10_000, 1_000
LOG_IS_KEPT = timedelta(days=365)
"""An event stays in its service's log for this long at least, however soon it was read."""
WHO_PRUNES = "service_journal"
FULL_NAME = keeping_pb2.DESCRIPTOR.services_by_name["KeepingService"].full_name


def handled(engine: Engine, keeper: Keeper) -> Handled:
    """The servicer over a service's database, and the thread's work of erasing what comes late."""
    servicer, late = KeepingServicer(engine, keeper), ErasingLate(engine, keeper)

    def register(server: grpc.Server) -> None:
        keeping_pb2_grpc.add_KeepingServiceServicer_to_server(servicer, server)
        if keeper.comes_late:
            late.start()

    return Handled(FULL_NAME, register, close=late.close)


@dataclass(frozen=True)
class KeepingServicer(keeping_pb2_grpc.KeepingServiceServicer):
    """Erases and removes within one database, as its service's `keeper` says."""

    engine: Engine
    keeper: Keeper

    def EraseCase(
        self, request: keeping_pb2.EraseCaseRequest, context: grpc.ServicerContext
    ) -> keeping_pb2.EraseCaseResponse:
        found = erase_case(self.engine, self.keeper, request.case_id, request.reason_code)
        with reading(self.engine) as connection:
            remembered = find_erased(connection, request.case_id)
        erased_time = in_rfc3339(remembered.erased_at) if remembered else ""
        return keeping_pb2.EraseCaseResponse(removed=_removed(found.rows), erased_time=erased_time)

    def ListErasedCases(
        self, request: keeping_pb2.ListErasedCasesRequest, context: grpc.ServicerContext
    ) -> keeping_pb2.ListErasedCasesResponse:
        if not 0 <= request.most <= MOST:
            raise InvalidInput("most", f"must be from 1 to {MOST:,}, or 0 for {USUAL:,}")
        with reading(self.engine) as connection:
            found = list_erased(connection, request.most or USUAL)
        return keeping_pb2.ListErasedCasesResponse(
            erased=[
                keeping_pb2.ErasedCase(
                    case_id=each.case_id,
                    reason_code=each.reason_code,
                    erased_time=in_rfc3339(each.erased_at),
                    with_ids=each.with_ids,
                )
                for each in found
            ]
        )

    def ListPastTerm(
        self, request: keeping_pb2.ListPastTermRequest, context: grpc.ServicerContext
    ) -> keeping_pb2.ListPastTermResponse:
        day = from_wire(request.as_of, "as_of") if request.HasField("as_of") else now_utc().date()
        counts = [(term, term.count(self.engine, day)) for term in self.keeper.terms]
        with reading(self.engine) as connection:
            case_ids = self.keeper.cases_past_term(connection, day)
        terms = [
            keeping_pb2.Term(what=term.what, kept_for=term.kept_for, rows=found.rows, stays_because=found.stays_because)
            for term, found in counts
        ]
        return keeping_pb2.ListPastTermResponse(terms=terms, case_ids=case_ids)

    def RemovePastTerm(
        self, request: keeping_pb2.RemovePastTermRequest, context: grpc.ServicerContext
    ) -> keeping_pb2.RemovePastTermResponse:
        """What needs nobody's word goes first, and is told of even when somebody whose word is needed is away."""
        removed: dict[str, int] = {}
        away: NeighbourDown | None = None
        for term in self.keeper.terms:
            try:
                removed[term.what] = term.remove(self.engine, now_utc().date())
            except NeighbourDown as error:
                away = away or error
        gone = {what: rows for what, rows in removed.items() if rows}
        if gone:
            with writing(self.engine) as connection:
                record_event(connection, "past_term_removed", rows=sum(gone.values()))
            scrub(self.engine)
        if away:
            raise away
        return keeping_pb2.RemovePastTermResponse(removed=_removed(gone))

    def PruneLog(
        self, request: keeping_pb2.PruneLogRequest, context: grpc.ServicerContext
    ) -> keeping_pb2.PruneLogResponse:
        if identity.current().subject != WHO_PRUNES:
            raise WrongState("Only the journal has a log pruned: it has proved that it holds the events.")
        pruned = prune_log(self.engine, request.through_sequence)
        return keeping_pb2.PruneLogResponse(events=pruned)


def prune_log(engine: Engine, through: int) -> int:
    """Remove a log's events up to a sequence number; how many. Raises InvalidInput for one too young, or the newest."""
    if through < 1:
        raise InvalidInput("through_sequence", "must be 1 or more")
    with writing(engine) as connection:
        newest = select(func.max(events.c.sequence))
        made = select(events.c.occurred_at_utc).where(events.c.sequence == through)
        occurred = connection.scalar(made.where(events.c.sequence < newest.scalar_subquery()))
        if occurred is None:
            return 0
        if now_utc() - in_utc(occurred) < LOG_IS_KEPT:
            raise InvalidInput("through_sequence", "is of an event less than a year old, which stays")
        rows = connection.execute(delete(events).where(events.c.sequence <= through)).rowcount
        record_event(connection, "events_pruned", rows=rows, through=through)
    scrub(engine)
    return rows


def _removed(rows: Mapping[str, int]) -> list[keeping_pb2.Removed]:
    return [keeping_pb2.Removed(what=what, rows=count) for what, count in rows.items() if count]
