"""Message to domain and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from inborough.events.v1 import events_pb2
from inborough.journal.v1 import journal_pb2
from services.journal.domain.chain import Link
from services.journal.domain.entries import SOURCES, Happening
from services.journal.domain.verifying import Anchor, Chain
from services.journal.storage.repository import Filters
from shared.errors import InvalidInput

USUAL_PAGE, LARGEST_PAGE = 100, 500
HASH = re.compile(r"[0-9a-f]{64}")
SHAPES = {
    "case_id": (r"case_[0-9a-f]{16}", 'must be "case_" and 16 hexadecimal digits, or empty for all'),
    "actor": (r"(user|service)_[a-z0-9_]{1,60}", 'must be such as "user_…" or "service_…", or empty for all'),
    "source": ("|".join(SOURCES), f"must be one of {', '.join(SOURCES)}, or empty for all"),
    "name": (r"[a-z][a-z0-9_]{2,59}", 'must be an event such as "case_viewed", or empty for all'),
    "request_id": (r"[A-Za-z0-9_-]{1,64}", "must be letters, digits, - and _, 64 at most, or empty for all"),
}
"""What a filter may look like. It is journaled that somebody looked, so no free text is let in."""


def happening_from_wire(event: events_pb2.Event) -> Happening:
    """An event of a service's log."""
    return Happening(
        sequence=event.sequence,
        name=event.name,
        occurred_at_utc=event.occurred_time,
        actor=event.actor,
        roles=" ".join(event.roles),
        on_behalf_of=event.on_behalf_of,
        request_id=event.request_id,
        case_ids=tuple(event.case_ids),
        facts=json.dumps(dict(event.facts), sort_keys=True, separators=(",", ":")),
    )


def filters_from_wire(request: journal_pb2.ListEntriesRequest) -> Filters:
    """Which entries are wanted. Raises InvalidInput naming the field at fault."""
    wanted = {field: getattr(request, field) for field in SHAPES}
    for field, (shape, why) in SHAPES.items():
        if wanted[field] and not re.fullmatch(shape, wanted[field]):
            raise InvalidInput(field, why)
    return Filters(**wanted)


def page_size_from_wire(asked: int) -> int:
    """Entries in a page. Raises InvalidInput."""
    if not 0 <= asked <= LARGEST_PAGE:
        raise InvalidInput("page_size", f"must be from 1 to {LARGEST_PAGE}, or 0 for {USUAL_PAGE}")
    return asked or USUAL_PAGE


def anchors_from_wire(anchors: Iterable[journal_pb2.Anchor]) -> list[Anchor]:
    """Heads written down before. Raises InvalidInput."""
    return [_anchor(anchor) for anchor in anchors]


def _anchor(anchor: journal_pb2.Anchor) -> Anchor:
    if anchor.source not in SOURCES:
        raise InvalidInput("anchors", f"each must be of one of {', '.join(SOURCES)}")
    if anchor.entry_number < 0 or not HASH.fullmatch(anchor.hash):
        raise InvalidInput("anchors", "each has an entry number of 0 or more and a hash of 64 hexadecimal digits")
    return Anchor(anchor.source, anchor.entry_number, anchor.hash)


def entries_to_wire(links: Sequence[Link]) -> list[journal_pb2.Entry]:
    """Entries with their hashes."""
    return [_entry(link) for link in links]


def _entry(link: Link) -> journal_pb2.Entry:
    entry = link.entry
    return journal_pb2.Entry(
        source=entry.source,
        entry_number=entry.entry_number,
        sequence=entry.sequence,
        name=entry.name,
        occurred_time=entry.occurred_at_utc,
        actor=entry.actor,
        roles=entry.roles.split(),
        on_behalf_of=entry.on_behalf_of,
        request_id=entry.request_id,
        case_id=entry.case_id,
        facts=_facts(entry.facts),
        hash=link.hash,
    )


def _facts(stored: str) -> dict[str, str]:
    """Facts as stored; none when somebody made them unreadable, which verifying shows."""
    try:
        found = json.loads(stored)
    except ValueError:
        found = None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def chains_to_wire(chains: Sequence[Chain]) -> journal_pb2.VerifyJournalResponse:
    """What was found of every chain."""
    sound = all(chain.first_break is None for chain in chains)
    return journal_pb2.VerifyJournalResponse(sound=sound, chains=map(_chain, chains))


def _chain(chain: Chain) -> journal_pb2.Chain:
    head, broken = chain.head, chain.first_break
    return journal_pb2.Chain(
        source=chain.source,
        entries=chain.entries,
        head=journal_pb2.Anchor(source=chain.source, entry_number=head.entry_number, hash=head.hash),
        last_sequence=head.last_sequence,
        first_break=journal_pb2.Break(**broken._asdict()) if broken else None,
    )
