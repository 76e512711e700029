"""The servicer: wire -> operation -> wire, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from sqlalchemy import Engine

from inborough.journal.v1 import journal_pb2, journal_pb2_grpc
from services.journal import operations, wire
from services.journal.domain.chain import Sealer
from services.journal.storage.repository import Position
from shared.pages import PageTokens

FULL_NAME = journal_pb2.DESCRIPTOR.services_by_name["JournalService"].full_name


@dataclass(frozen=True)
class JournalServicer(journal_pb2_grpc.JournalServiceServicer):
    """inborough.journal.v1.JournalService over one database."""

    engine: Engine
    sealer: Sealer
    tokens: PageTokens

    def ListEntries(
        self, request: journal_pb2.ListEntriesRequest, context: grpc.ServicerContext
    ) -> journal_pb2.ListEntriesResponse:
        filters, most = wire.filters_from_wire(request), wire.page_size_from_wire(request.page_size)
        which = f"{filters!r} newest first" if request.newest_first else repr(filters)
        after = self._position(which, request.page_token)
        page = operations.list_entries(self.engine, filters, after, most, request.newest_first)
        return journal_pb2.ListEntriesResponse(
            entries=wire.entries_to_wire(page.links), next_page_token=self._token(which, page.following)
        )

    def VerifyJournal(
        self, request: journal_pb2.VerifyJournalRequest, context: grpc.ServicerContext
    ) -> journal_pb2.VerifyJournalResponse:
        anchors = wire.anchors_from_wire(request.anchors)
        found = operations.verify_journal(self.engine, self.sealer, anchors, context.is_active)
        return wire.chains_to_wire(found)

    def _position(self, which: str, token: str) -> Position | None:
        found = self.tokens.open(which, token)
        return (found[0], found[1], int(found[2])) if found else None

    def _token(self, which: str, following: Position | None) -> str:
        return self.tokens.make(which, [str(part) for part in following]) if following else ""
