"""See that a decision is made on facts as they are today: the recommendation's case is the case as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import facts_pb2, placement_pb2
from services.placement.operations.context import Context
from services.placement.storage import repository
from shared.database import reading
from shared.errors import ChangedMeanwhile, NotFound, WrongState

ANEW = "Recommend anew (`inborough recommend`) and decide on that."
PARTS_IN_WORDS = {
    "sex": "the sex recorded",
    "needs": "needs",
    "home": "the home",
    "home_authority": "the home",
    "current_placement": "the current placement",
    "preferences": "what the family asked for, or a ground recorded against it",
    "decision_due": "the decision due, or the advice with it",
    "clocks": "statutory dates",
    "travel_needs": "travel needs",
    "unit_evidence": "evidence for a High Needs unit",
    "stage": "the stage of the plan",
    "named_placement": "the placement named",
}


@dataclass(frozen=True)
class Advice:
    """A recommendation as it was given, and the etag that its case had."""

    recommendation: placement_pb2.Recommendation
    case_etag: str


def get_advice(context: Context, recommendation_id: str) -> Advice:
    """A recommendation with its case's etag. Raises NotFound."""
    with reading(context.engine) as connection:
        found = repository.find_recommendation_and_etag(connection, recommendation_id)
    if found is None:
        raise NotFound("recommendation", recommendation_id, ANEW)
    return Advice(placement_pb2.Recommendation.FromString(found[0]), found[1])


def check_same_facts(context: Context, advice: Advice, case: caseload_pb2.Case, etag: str) -> None:
    """A decision is due for the day recommended for, and the case is as it was then, and as the caller read it.

    Raises ChangedMeanwhile saying what changed since `etag` ("" for any), WrongState.
    """
    if etag and etag != case.etag:
        raise ChangedMeanwhile(f"The case changed since it was read: {_what_changed(context, advice, case)}. {ANEW}")
    if case.stage == caseload_pb2.CASE_STAGE_CEASED:
        raise WrongState("This case's plan has ceased; there is nothing to decide.")
    if not case.HasField("decision_due"):
        raise WrongState("No decision is due for this case. Import it first: `inborough import due`.")
    if case.decision_due.first_day != advice.recommendation.first_day:
        raise WrongState(f"The recommendation is for another first day than the decision due. {ANEW}")
    if advice.case_etag != case.etag:
        what = _what_changed(context, advice, case)
        raise WrongState(f"The recommendation is of other facts of the case than today's: {what}. {ANEW}")


def _what_changed(context: Context, advice: Advice, case: caseload_pb2.Case) -> str:
    """In words and without any value: which parts of the case differ from those that the recommendation was made of."""
    with reading(context.engine) as connection:
        content = repository.find_facts(connection, advice.recommendation.facts_hash)
    facts = facts_pb2.GatheredFacts.FromString(content) if content else facts_pb2.GatheredFacts()
    before = next((found for found in facts.cases if found.case_id == case.case_id), None)
    if before is None:
        return "something of it"
    changed = [words for part, words in PARTS_IN_WORDS.items() if _part(before, part) != _part(case, part)]
    return ", ".join(dict.fromkeys(changed)) or "something of it"


def _part(case: caseload_pb2.Case, part: str) -> object:
    value = getattr(case, part)
    return value if isinstance(value, str | int) else str(value)
