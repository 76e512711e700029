"""Consult settings about cases: send, record replies, withdraw, list (Children and Families Act 2014 ss.39(2), 40)."""

from __future__ import annotations

from inborough.placement.v1 import consultations_pb2
from services.placement import consultation_wire
from services.placement.operations.context import Context
from services.placement.storage import consultations as storage
from shared import clock
from shared.database import reading


def list_of_case(context: Context, case_id: str) -> list[consultations_pb2.Consultation]:
    """Every consultation about a case as it stands today, that whose reply is due soonest first.

    For use within the service: no view is recorded.
    """
    today = clock.today()
    with reading(context.engine) as connection:
        found = storage.list_of_case(connection, case_id)
    return [consultation_wire.consultation(stored, today) for stored in found]
