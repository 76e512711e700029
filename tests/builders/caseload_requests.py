"""Requests about one case: a placement named, a ground recorded, a decision due withdrawn. Each says what differs."""

from __future__ import annotations

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2


def naming(case_id: str, serial: int = 1, /, **request: object) -> pb.RecordPlacementRequest:
    """A decision names the case at 900005 from 2 September 2024. `serial` tells decisions and requests apart."""
    usual: dict[str, object] = {
        "request_id": f"req_{serial:016x}",
        "case_id": case_id,
        "urn": 900005,
        "part": pb.PLACEMENT_PART_RESOURCE_BASE,
        "pool_id": "pool_900005-RB",
        "first_day": common_pb2.Date(year=2024, month=9, day=2),
        "decision_id": f"dec_{serial:016x}",
    }
    return pb.RecordPlacementRequest(**{**usual, **request})  # type: ignore[arg-type]


def ground(case_id: str, serial: int = 1, /, **request: object) -> pb.RecordGroundRequest:
    """A decision refuses the request for 900002 as unsuitable."""
    usual: dict[str, object] = {
        "request_id": f"req_{serial:016x}",
        "case_id": case_id,
        "urn": 900002,
        "ground": "unsuitable",
        "decision_id": "dec_0000000000000001",
    }
    return pb.RecordGroundRequest(**{**usual, **request})  # type: ignore[arg-type]


def withdrawal(case_id: str, serial: int = 1, /, **request: object) -> pb.WithdrawDecisionDueRequest:
    """Somebody takes the decision due back, because the child moved away."""
    usual: dict[str, object] = {
        "request_id": f"req_{serial:016x}",
        "case_id": case_id,
        "reason_code": "moved_away",
    }
    return pb.WithdrawDecisionDueRequest(**{**usual, **request})  # type: ignore[arg-type]
