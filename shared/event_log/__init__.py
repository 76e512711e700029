"""A service's log of its own changes, and its reading of other services' logs.

Every change of a service's facts, and every view of a child's record by a person, writes a row to its `events` table
in the same transaction. The sequence is gapless and ordered: one counter row is locked by whoever writes, until the
commit. So nothing is lost, whatever the broker does; a message on the broker is only the hint "caseload is at 4711".

log.py writes and reads the log, requests.py answers the same request once, consume.py reads others' logs, and
servicer.py serves `inborough.events.v1.EventService` in every service.
"""

from shared.event_log.log import Event, list_events, record_event

__all__ = ["Event", "list_events", "record_event"]
