"""Decisions and their records as JSON. Documented in docs/json.md; it only grows."""

from __future__ import annotations

from typing import Any

from inborough.placement.v1 import decisions_pb2
from services.cli.pages.cases import case_json
from services.cli.pages.message_json import message_json
from services.cli.pages.pools import pool_json
from services.cli.pages.recommendation_json import option_json, recommendation_json


def decision_json(decision: decisions_pb2.Decision) -> dict[str, Any]:
    """A decision as it stands; null where it has no rank or setting."""
    return {**message_json(decision), "rank": decision.rank or None, "urn": decision.urn or None}


def decisions_json(page: decisions_pb2.ListDecisionsResponse) -> dict[str, Any]:
    """A page of decisions."""
    return {
        "decisions": [decision_json(decision) for decision in page.decisions],
        "next_page_token": page.next_page_token,
    }


def record_json(record: decisions_pb2.DecisionRecord) -> dict[str, Any]:
    """The whole record; case, ranking, options and pools in the shapes that they have elsewhere."""
    return {
        **message_json(record),
        "decision": decision_json(record.decision),
        "case": {**case_json(record.case), **_more_of_case(record)},
        "recommendation": recommendation_json(record.recommendation),
        "pools": [{**pool_json(pool), "number_on_roll": _on_roll(pool)} for pool in record.pools],
        "runner_up": option_json(record.runner_up) if record.HasField("runner_up") else None,
    }


def _more_of_case(record: decisions_pb2.DecisionRecord) -> dict[str, Any]:
    """What a panel's record needs of a case and a list of cases does not; where the child lives is left out."""
    shown = ("age_years", "current_placement", "named_placement", "clocks", "travel_needs", "unit_evidence")
    whole = message_json(record.case)
    return {name: whole[name] for name in shown}


def _on_roll(pool: Any) -> int | None:
    return pool.setting.number_on_roll if pool.setting.HasField("number_on_roll") else None
