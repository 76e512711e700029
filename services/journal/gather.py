"""Ask every service how far it has read the others' logs, and have a log's oldest events removed."""

from __future__ import annotations

from collections.abc import Mapping

from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.keeping.v1 import keeping_pb2, keeping_pb2_grpc
from services.journal.domain.entries import SOURCES
from shared.event_log.readers import READERS
from shared.grpc_client import connect
from shared.identity import callers
from shared.settings import ServiceSettings

ASK_SECONDS = 10.0
PRUNE_SECONDS = 120.0
MOST_LETTERS = 1000


class Logs:
    """The event logs of all services, and their readers."""

    def __init__(self, settings: ServiceSettings) -> None:
        caller = callers.service(settings, "journal")
        self._channels = {name: connect(name, settings.address(name), caller) for name in SOURCES}

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            channel.close()

    def needed_from(self) -> Mapping[str, int]:
        """By source, the first event that some reader still needs. Raises NeighbourDown.

        The last event read is needed: its id is asked for again with what is new. So is one set aside, to be tried
        again. Of a log whose reader has read nothing, all is needed.
        """
        needed: dict[str, int] = {}
        for reader, sources in READERS.items():
            read, aside = self._read_by(reader)
            for source in {*sources, *read}:
                first = min([read.get(source, 0), *(each.sequence for each in aside if each.source == source)])
                needed[source] = min(first, needed.get(source, first))
        return needed

    def _read_by(self, reader: str) -> tuple[dict[str, int], list[events_pb2.DeadLetter]]:
        log = events_pb2_grpc.EventServiceStub(self._channels[reader])
        cursors = log.ListCursors(events_pb2.ListCursorsRequest(), timeout=ASK_SECONDS).cursors
        letters = events_pb2.ListDeadLettersRequest(most=MOST_LETTERS)
        found = log.ListDeadLetters(letters, timeout=ASK_SECONDS)
        return {each.source: each.sequence for each in cursors}, list(found.dead_letters)

    def first_kept(self, source: str) -> int:
        """The oldest event in a log; 0 for an empty one. Raises NeighbourDown."""
        log = events_pb2_grpc.EventServiceStub(self._channels[source])
        found = log.ListEvents(events_pb2.ListEventsRequest(after_sequence=0, most=1), timeout=ASK_SECONDS)
        return found.events[0].sequence if found.events else 0

    def prune(self, source: str, through: int) -> int:
        """Have a log's events removed up to a sequence number; how many went. Raises NeighbourDown."""
        keeping = keeping_pb2_grpc.KeepingServiceStub(self._channels[source])
        request = keeping_pb2.PruneLogRequest(through_sequence=through)
        return keeping.PruneLog(request, timeout=PRUNE_SECONDS).events
