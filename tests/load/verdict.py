"""What must hold once the people have gone home: nothing lost, nothing oversold, everything read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from inborough.events.v1 import events_pb2
from inborough.placement.v1 import decisions_pb2, scenarios_pb2
from tests.faults.checks import Fault, check_chain, check_gaps, check_offers, check_oversold, entries_named
from tests.faults.reader import Reader

SOURCES = ("caseload", "provision", "cost", "placement")
READERS = ("provision", "placement", "journal")
ENTRIES = {"recorded": "decision_recorded", "withdrawn": "decision_withdrawn", "named": "decision_named"}
REACHED = {
    "withdrawn": {decisions_pb2.DECISION_STATE_WITHDRAWN},
    "named": {decisions_pb2.DECISION_STATE_NAMED},
}
REST_SECONDS = 180.0


def wait_until_read(reader: Reader) -> float:
    """Until every reader of events is at the end of every log; the seconds that took. Raises RuntimeError."""
    began = time.monotonic()
    reader.wait_until_at_rest(REST_SECONDS)
    while behind := _behind(reader):
        if time.monotonic() - began > REST_SECONDS:
            raise RuntimeError(f"Not read after {REST_SECONDS:.0f} s: {', '.join(behind)}")
        time.sleep(0.2)
    return time.monotonic() - began


def _behind(reader: Reader) -> list[str]:
    last = {}
    for source in SOURCES:
        request = events_pb2.ListEventsRequest(after_sequence=2**62)
        last[source] = reader.ask(reader.logs[source].ListEvents, request).last_sequence
    return [
        f"{cursor.source} by {name}"
        for name in READERS
        for cursor in reader.ask(reader.logs[name].ListCursors, events_pb2.ListCursorsRequest()).cursors
        if cursor.sequence < last[cursor.source]
    ]


def count_events(reader: Reader) -> Counter[str]:
    """How often each thing has happened in placement, scenarios that came to their end among them."""
    counted = Counter(event.name for event in reader.events("placement"))
    counted["scenario_finished"] = _count_finished(reader)
    return counted


def _count_finished(reader: Reader) -> int:
    count, token = 0, ""
    while True:
        request = scenarios_pb2.ListScenariosRequest(page_size=100, page_token=token)
        page = reader.ask(reader.scenarios.ListScenarios, request)
        count += sum(each.state == scenarios_pb2.SCENARIO_STATE_FINISHED for each in page.scenarios)
        token = page.next_page_token
        if not token:
            return count


def faults(reader: Reader, deeds: Sequence[tuple[str, str]]) -> list[Fault]:
    """Every fault there is. `deeds`: what pages said was done, and of which decision."""
    decisions = {decision.decision_id: decision for decision in reader.list_decisions()}
    return [
        *_lost(deeds, decisions),
        *_unrecorded(reader, deeds),
        *check_offers(reader, decisions),
        *check_oversold(reader),
        *check_gaps(reader),
        *check_chain(reader),
    ]


def _lost(deeds: Sequence[tuple[str, str]], decisions: Mapping[str, decisions_pb2.Decision]) -> Iterator[Fault]:
    for what, decision_id in deeds:
        found = decisions.get(decision_id)
        if found is None:
            yield Fault("lost", f"{decision_id} was {what} and is not there")
        elif found.state not in REACHED.get(what, {found.state}):
            state = decisions_pb2.DecisionState.Name(found.state)
            yield Fault("lost", f"{decision_id} was {what} and is {state}")


def _unrecorded(reader: Reader, deeds: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """Each deed has one entry in the journal."""
    for what, name in ENTRIES.items():
        entries = Counter(entry.facts["decision_id"] for entry in entries_named(reader, name))
        for decision_id in {decision_id for deed, decision_id in deeds if deed == what}:
            if entries[decision_id] != 1:
                kind = "doubled" if entries[decision_id] else "unrecorded"
                yield Fault(kind, f"{entries[decision_id]} entries {name} for {decision_id}")
