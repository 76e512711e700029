"""Say in the log who was shown a child's record: a person's view is recorded before the answer leaves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from shared import identity
from shared.database import writing
from shared.event_log import record_event


def record_view(engine: Engine, name: str, case_ids: Sequence[str]) -> None:
    """Record that a person is shown these cases. A service that asks records itself what it shows."""
    if case_ids and not identity.current().is_service:
        with writing(engine) as connection:
            record_event(connection, name, case_ids=case_ids)
