"""The decision as it goes to placement: which kind it is, and which option or pool it is about."""

from __future__ import annotations

from inborough.placement.v1 import decisions_pb2, placement_pb2
from services.cli.deciding.asked import Asked, Refusal
from services.cli.deciding.papers import Papers
from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn
from services.cli.typed import typed
from shared.days import to_wire


def find_chosen(asked: Asked, ranking: placement_pb2.Recommendation) -> placement_pb2.Option | None:
    """The option meant by rank or by pool; None when no place is chosen, or the pool is none of the options.

    Raises CannotGoOn when no option has that rank.
    """
    if asked.option:
        return _ranked(asked.option, ranking)
    return next((option for option in ranking.options if asked.pool_id and option.pool_id == asked.pool_id), None)


def _ranked(rank: int, ranking: placement_pb2.Recommendation) -> placement_pb2.Option:
    found = next((option for option in ranking.options if option.rank == rank), None)
    if found is None:
        ranks = sum(option.rank > 0 for option in ranking.options)
        raise CannotGoOn(
            f"There is no option {rank}: {ranking.recommendation_id} ranks {ranks}.",
            f"See them with `{typed(f'recommend {ranking.case_id} --top 50')}`.",
            ANSWER_IS_NO,
        )
    return found


def kind_of(asked: Asked, chosen: placement_pb2.Option | None) -> decisions_pb2.DecisionKind.ValueType:
    """A pool that is ranked is agreed with, however it was named."""
    if asked.defer:
        return decisions_pb2.DECISION_KIND_DEFER
    if not asked.option and not asked.pool_id:
        return decisions_pb2.DECISION_KIND_REFUSE_REQUEST
    ranked = chosen is not None and chosen.rank > 0
    return decisions_pb2.DECISION_KIND_AGREE if ranked else decisions_pb2.DECISION_KIND_CHOOSE_OTHER


def build_request(asked: Asked, papers: Papers, request_id: str) -> decisions_pb2.RecordDecisionRequest:
    """The decision as it is sent. Raises CannotGoOn when no option has the rank meant.

    The case's etag is left out: placement compares the ranking with the case as it is, and the request stays the same
    when it has to be repeated after it changed the case.
    """
    chosen = find_chosen(asked, papers.ranking)
    return decisions_pb2.RecordDecisionRequest(
        request_id=request_id,
        case_id=papers.ranking.case_id,
        panel_id=papers.panel.panel_id if papers.panel else "",
        recommendation_id=papers.ranking.recommendation_id,
        kind=kind_of(asked, chosen),
        pool_id=chosen.pool_id if chosen else asked.pool_id,
        over_number=asked.over_number,
        refusals=map(_refusal, asked.refusals),
        reason=asked.texts.get("reason", ""),
        views_of_child=asked.texts.get("views_of_child", ""),
        views_of_parents=asked.texts.get("views_of_parents", ""),
        section_33_steps=asked.texts.get("section_33_steps", ""),
        urgency=asked.texts.get("urgency", ""),
        deferred_until=to_wire(asked.until) if asked.until else None,
    )


def _refusal(refusal: Refusal) -> decisions_pb2.RequestRefusal:
    return decisions_pb2.RequestRefusal(
        urn=refusal.urn,
        ground=refusal.ground.value,
        evidence=refusal.evidence,
        not_consulted_because=refusal.not_consulted,
    )


def same_again(request: decisions_pb2.RecordDecisionRequest) -> list[str]:
    """Options that make a repeated command the same request: the ranking and panel that were found for it."""
    panel = [f"--panel {request.panel_id}"] if request.panel_id else []
    return [f"--recommendation {request.recommendation_id}", *panel]
