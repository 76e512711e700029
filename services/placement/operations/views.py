"""Record that a person was shown something, before it is shown. A service that asks for its own work views nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.placement.operations.context import Context
from shared import identity
from shared.database import writing
from shared.event_log import record_event


def record_view(context: Context, name: str, case_ids: Sequence[str], **facts: Any) -> None:
    """Write the event `name` for the person of the RPC in hand, one view of each case; nothing when a service asks."""
    if not identity.current().is_service:
        with writing(context.engine) as connection:
            record_event(connection, name, case_ids=case_ids, **facts)
