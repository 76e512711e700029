"""Answer a request whose work goes on after its own transaction: claim it, follow the decision, answer once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from inborough.placement.v1 import decisions_pb2
from services.placement.decision_wire import decision_message
from services.placement.operations.context import Context
from services.placement.steps import follow_now
from services.placement.storage.answers import fix_answer
from shared.database import reading, writing
from shared.event_log.requests import find_answer

RequestT = TypeVar(
    "RequestT",
    decisions_pb2.RecordDecisionRequest,
    decisions_pb2.NamePlacementRequest,
    decisions_pb2.WithdrawDecisionRequest,
)
AnswerT = TypeVar(
    "AnswerT",
    decisions_pb2.RecordDecisionResponse,
    decisions_pb2.NamePlacementResponse,
    decisions_pb2.WithdrawDecisionResponse,
)


def answer_and_go_on(
    context: Context, request: RequestT, answer_type: type[AnswerT], decision_id: str, begin: Callable[[], None]
) -> AnswerT:
    """Do `begin`, which claims the request's id, then what can be done at once; say how the decision stands.

    A copy of the request does not begin again: it goes on with the same decision and is answered with the same bytes.
    What `begin` raises is raised, unless a copy has meanwhile begun.
    """
    known = _find(context, request, answer_type)
    if known is None:
        try:
            begin()
        except Exception:
            if _find(context, request, answer_type) is None:
                raise
    elif known.HasField("decision"):
        return known
    answer = answer_type(decision=decision_message(follow_now(context, decision_id)))
    with writing(context.engine) as connection:
        kept = fix_answer(connection, request.request_id, answer.SerializeToString(deterministic=True))
    return answer_type.FromString(kept)


def _find(context: Context, request: RequestT, answer_type: type[AnswerT]) -> AnswerT | None:
    with reading(context.engine) as connection:
        return find_answer(connection, request, answer_type)
