"""What RecordPlacement, RecordGround, WithdrawDecisionDue and ListDeadlines ask for, checked."""

from __future__ import annotations

import re
from datetime import date

from inborough.caseload.v1 import caseload_pb2 as pb
from services.caseload.domain.case import GROUNDS, WITHDRAWAL_REASONS, NamedPlacement, SettledBy
from services.caseload.wire import PARTS, read_case_id
from shared.days import from_wire
from shared.errors import InvalidInput

POOL_ID_SHAPE = re.compile(r"pool_[A-Za-z0-9-]{1,40}")
DECISION_ID_SHAPE = re.compile(r"dec_[0-9a-f]{16}")
URNS = range(100_000, 1_000_000)


def read_placement(request: pb.RecordPlacementRequest) -> tuple[str, NamedPlacement]:
    """The case and where it is named. Raises InvalidInput."""
    part = next((part for part, value in PARTS.items() if value == request.part), None)
    if part is None:
        raise InvalidInput("part", "is missing; say which part of the setting")
    if not POOL_ID_SHAPE.fullmatch(request.pool_id):
        raise InvalidInput("pool_id", "must be pool_ and the authority's own reference; see `inborough pools`")
    if not request.HasField("first_day"):
        raise InvalidInput("first_day", "is missing; say from which day")
    named = NamedPlacement(
        from_wire(request.first_day, "first_day"),
        _urn(request.urn),
        part,
        request.pool_id,
        _decision_id(request.decision_id),
    )
    return read_case_id(request.case_id), named


def read_ground(request: pb.RecordGroundRequest) -> tuple[str, int, str, str]:
    """Case, URN, ground ("" takes it back) and decision. Raises InvalidInput."""
    if request.ground and request.ground not in GROUNDS:
        raise InvalidInput("ground", f"must be one of {', '.join(GROUNDS)}, or empty to take it back")
    decision_id = _decision_id(request.decision_id)
    return read_case_id(request.case_id), _urn(request.urn), request.ground, decision_id


def read_withdrawal(request: pb.WithdrawDecisionDueRequest) -> tuple[str, str, SettledBy]:
    """Case, etag ("" for any) and reason. Raises InvalidInput."""
    if request.reason_code not in WITHDRAWAL_REASONS:
        raise InvalidInput("reason_code", f"must be one of {', '.join(WITHDRAWAL_REASONS)}")
    return read_case_id(request.case_id), request.etag, SettledBy(request.reason_code)


def read_deadline_filters(request: pb.ListDeadlinesRequest) -> tuple[date | None, str]:
    """The last day to list, None for all, and the case, "" for all. Raises InvalidInput."""
    due_by = from_wire(request.due_by, "due_by") if request.HasField("due_by") else None
    return due_by, read_case_id(request.case_id) if request.case_id else ""


def _urn(urn: int) -> int:
    if urn not in URNS:
        raise InvalidInput("urn", "must be the six digits of a setting's URN")
    return urn


def _decision_id(decision_id: str) -> str:
    if not DECISION_ID_SHAPE.fullmatch(decision_id):
        raise InvalidInput("decision_id", "must be dec_ and sixteen digits or letters a to f")
    return decision_id
