"""What a span may tell, by name, and in which form. Any other is dropped, and its name alone noted.

No id of a child is among them, and no value with a space fits: so no name, address or free text gets into a trace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shared.tracing import Fact

NAMES = {
    "rpc_system": "rpc.system.name",
    "rpc_method": "rpc.method",
    "rpc_code": "rpc.response.status_code",
    "http_route": "http.route",
    "http_method": "http.request.method",
    "http_status": "http.response.status_code",
    "error_type": "error.type",
    "request_id": "inborough.request_id",
    "source": "inborough.source",
    "event": "inborough.event",
    "sequence": "inborough.sequence",
    "events": "inborough.events",
    "task": "inborough.task",
    "scenario_id": "inborough.scenario_id",
    "shard": "inborough.shard",
}
"""Our name to OpenTelemetry's where it has one. A new one is a decision: traces go to other systems and are kept."""
WITHHELD = "inborough.withheld"
SHAPE = re.compile(r"[A-Za-z0-9_.:/{}\-]{0,200}")
FAULTS = frozenset("UNKNOWN DEADLINE_EXCEEDED UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS".split())
"""gRPC codes of what went wrong; the others are answers."""


def attributes_of(facts: Mapping[str, Fact]) -> dict[str, str | int | float | Sequence[str]]:
    """Facts as a span's attributes."""
    allowed = {name: value for name, value in facts.items() if name in NAMES and _fits(value)}
    found: dict[str, str | int | float | Sequence[str]] = {NAMES[name]: value for name, value in allowed.items()}
    if withheld := sorted(set(facts) - set(allowed)):
        found[WITHHELD] = withheld
    return found


def is_fault(facts: Mapping[str, Fact]) -> bool:
    """Whether they say that something went wrong."""
    status = facts.get("http_status", 0)
    return facts.get("rpc_code") in FAULTS or "error_type" in facts or (isinstance(status, int) and status >= 500)


def _fits(value: Fact) -> bool:
    if isinstance(value, str):
        return SHAPE.fullmatch(value) is not None
    return isinstance(value, int | float)
