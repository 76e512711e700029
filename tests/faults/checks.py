"""What must hold once everything is at rest, whatever was killed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inborough.journal.v1 import journal_pb2
from inborough.placement.v1 import decisions_pb2
from inborough.provision.v1 import provision_pb2
from shared.days import from_wire, to_wire
from tests.faults.chair import Acknowledged, Chair
from tests.faults.reader import Reader
from tests.faults.supervised import SERVICES

LIVE = (provision_pb2.OFFER_STATE_OFFERED, provision_pb2.OFFER_STATE_CONFIRMED)
ENDS = {
    "record": {decisions_pb2.DECISION_STATE_OFFERED, decisions_pb2.DECISION_STATE_NOT_OFFERED},
    "name": {decisions_pb2.DECISION_STATE_NAMED},
    "withdraw": {decisions_pb2.DECISION_STATE_WITHDRAWN},
}
ONCE = ("decision_recorded", "decision_offered", "decision_named", "decision_withdrawn")


@dataclass(frozen=True)
class Fault:
    """Something that must never happen. `kind` is lost, unrecorded, doubled, oversold, gap or broken_chain."""

    kind: str
    what: str


def check(chair: Chair, acknowledged: Sequence[Acknowledged]) -> list[Fault]:
    """Every fault there is."""
    decisions = {decision.decision_id: decision for decision in chair.list_decisions()}
    return [
        *_lost(acknowledged, decisions),
        *_doubled_decisions(chair, acknowledged, decisions),
        *check_offers(chair, decisions),
        *_unrecorded(chair, acknowledged),
        *_placements(chair, acknowledged),
        *check_oversold(chair),
        *check_gaps(chair),
        *check_chain(chair),
    ]


def _lost(acknowledged: Sequence[Acknowledged], decisions: dict[str, decisions_pb2.Decision]) -> Iterator[Fault]:
    """Every decision that was answered is there, and went as far as it was taken."""
    for done in acknowledged:
        found = decisions.get(done.decision_id)
        if found is None:
            yield Fault("lost", f"{done.decision_id} was answered and is not there")
        elif found.state not in ENDS[done.way]:
            state = decisions_pb2.DecisionState.Name(found.state)
            yield Fault("lost", f"{done.decision_id} was to {done.way} and is {state}")


def _doubled_decisions(
    chair: Chair, acknowledged: Sequence[Acknowledged], decisions: dict[str, decisions_pb2.Decision]
) -> Iterator[Fault]:
    """One request is one decision, and the same request again gives the same answer."""
    by_case = Counter(decision.case_id for decision in decisions.values())
    for done in acknowledged:
        if by_case[done.request.case_id] != 1:
            yield Fault("doubled", f"{by_case[done.request.case_id]} decisions of a case that was decided once")
    for done in acknowledged[-20:]:
        again = chair.ask(chair.decisions.RecordDecision, done.request)
        if again.SerializeToString(deterministic=True) != done.answer:
            yield Fault("doubled", f"{done.decision_id}: the same request is answered otherwise")


def check_offers(reader: Reader, decisions: dict[str, decisions_pb2.Decision]) -> Iterator[Fault]:
    """One offer a decision, standing as the decision says."""
    offers = _all_offers(reader)
    counts = Counter(offer.decision_id for offer in offers)
    for decision_id, count in counts.items():
        if count != 1:
            yield Fault("doubled", f"{count} offers for {decision_id}")
        if decision_id not in decisions:
            yield Fault("lost", f"an offer for {decision_id}, which is not there")
    wanted = {
        decisions_pb2.DECISION_STATE_OFFERED: provision_pb2.OFFER_STATE_OFFERED,
        decisions_pb2.DECISION_STATE_NAMED: provision_pb2.OFFER_STATE_CONFIRMED,
        decisions_pb2.DECISION_STATE_WITHDRAWN: provision_pb2.OFFER_STATE_RELEASED,
    }
    for offer in offers:
        decision = decisions.get(offer.decision_id)
        if decision is not None and wanted.get(decision.state, offer.state) != offer.state:
            state = provision_pb2.OfferState.Name(offer.state)
            yield Fault("lost", f"{offer.decision_id} and its offer disagree: the offer is {state}")
    live = Counter(offer.case_id for offer in offers if offer.state in LIVE)
    for count in live.values():
        if count > 1:
            yield Fault("doubled", f"{count} places held for one child")


def _all_offers(reader: Reader) -> list[provision_pb2.Offer]:
    found: list[provision_pb2.Offer] = []
    token = ""
    while True:
        page = reader.ask(reader.provision.ListOffers, provision_pb2.ListOffersRequest(page_size=500, page_token=token))
        found += page.offers
        token = page.next_page_token
        if not token:
            return found


def _unrecorded(chair: Chair, acknowledged: Sequence[Acknowledged]) -> Iterator[Fault]:
    """Each step of each decision has one entry in the journal."""
    entries: Counter[tuple[str, str]] = Counter()
    for name in ONCE:
        for entry in entries_named(chair, name):
            entries[name, entry.facts["decision_id"]] += 1
    for (name, decision_id), count in entries.items():
        if count != 1:
            yield Fault("doubled", f"{count} entries {name} for {decision_id}")
    wanted = {"record": ["decision_recorded"], "name": ["decision_recorded", "decision_offered", "decision_named"]}
    wanted["withdraw"] = ["decision_recorded", "decision_withdrawn"]
    for done in acknowledged:
        for name in wanted[done.way]:
            if not entries[name, done.decision_id]:
                yield Fault("unrecorded", f"no entry {name} for {done.decision_id}")


def entries_named(reader: Reader, name: str) -> Iterator[journal_pb2.Entry]:
    """Entries of one name that the journal has of placement."""
    token = ""
    while True:
        request = journal_pb2.ListEntriesRequest(source="placement", name=name, page_size=500, page_token=token)
        page = reader.ask(reader.journal.ListEntries, request)
        yield from page.entries
        token = page.next_page_token
        if not token:
            return


def _placements(chair: Chair, acknowledged: Sequence[Acknowledged]) -> Iterator[Fault]:
    """A case whose decision was named is placed there by that decision, once."""
    recorded = Counter(
        event.facts.get("decision_id", "") for event in chair.events("caseload") if event.name == "placement_recorded"
    )
    for done in acknowledged:
        if done.way == "name" and recorded[done.decision_id] != 1:
            yield Fault("doubled" if recorded[done.decision_id] else "lost", f"{done.decision_id}: placed not once")


def check_oversold(reader: Reader) -> Iterator[Fault]:
    """No pool holds more than its places, but by children who were there before."""
    offers = [offer for offer in _all_offers(reader) if offer.state in LIVE and not offer.over_number]
    begins = {offer.offer_id: from_wire(offer.first_day, "first_day") for offer in offers}
    for day in sorted(set(begins.values())):
        held = {offer.pool_id for offer in offers if begins[offer.offer_id] <= day}
        request = provision_pb2.ListPlacePoolsRequest(first_day=to_wire(day))
        for pool in reader.ask(reader.provision.ListPlacePools, request).pools:
            taken = pool.places_filled + pool.places_offered
            if pool.pool_id in held and pool.HasField("places_commissioned") and taken > pool.places_commissioned:
                yield Fault("oversold", f"{pool.pool_id}: {taken} in {pool.places_commissioned} on {day}")


def check_gaps(reader: Reader) -> Iterator[Fault]:
    """Every log is 1, 2, 3 and so on."""
    for service in SERVICES:
        numbers = [event.sequence for event in reader.events(service)]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Fault("gap", f"the log of {service}")


def check_chain(reader: Reader) -> Iterator[Fault]:
    """The journal is whole."""
    answer = reader.ask(reader.journal.VerifyJournal, journal_pb2.VerifyJournalRequest())
    for chain in answer.chains:
        if chain.HasField("first_break"):
            yield Fault("broken_chain", f"{chain.source}: {chain.first_break.what} at {chain.first_break.entry_number}")
