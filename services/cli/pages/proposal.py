"""What is about to be recorded: the choice, what was ranked first, and what the record will lack."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.placement.v1 import decisions_pb2, panels_pb2, placement_pb2
from services import words
from services.cli import terminal
from services.cli.pages.requests import verdict_lines
from services.words import what_if
from services.words.cases import case_line
from services.words.decisions import GROUNDS
from services.words.options import about, effect
from shared.pence import pounds

TEXTS = {
    "reason": "reason",
    "views_of_child": "the child's views",
    "views_of_parents": "the parents' views",
    "section_33_steps": "steps considered to make mainstream work (s.33)",
    "urgency": "why outside a panel",
}


def proposal_page(
    request: decisions_pb2.RecordDecisionRequest,
    case: caseload_pb2.Case,
    ranking: placement_pb2.Recommendation,
    panel: panels_pb2.Panel | None,
) -> Iterator[RenderableType]:
    """The decision in its own words, with the facts of the place chosen and of the one ranked first."""
    yield terminal.heading(case_line(case))
    chosen = next((option for option in ranking.options if request.pool_id == option.pool_id != ""), None)
    first = next((option for option in ranking.options if option.rank == 1), None)
    yield terminal.heading(f"To be recorded: {_headline(request, chosen, ranking)}")
    if ranking.left_out:
        yield f"{what_if.headline(ranking)}; the record will say so."
        yield from (f"Warning: {each}" for each in what_if.warnings(ranking))
    if chosen:
        yield _facts(chosen)
        yield from verdict_lines(chosen, common_pb2.OUTCOME_FAILS, "A rule fails: ")
        yield from verdict_lines(chosen, common_pb2.OUTCOME_NEEDS_JUDGEMENT, "For the panel to judge: ")
    if first and first is not chosen:
        yield terminal.heading(f"Ranked first: {first.setting_name}, {', '.join(about(first))}")
        yield _facts(first)
    for refusal in request.refusals:
        yield f"- Refused: {_setting(refusal.urn, ranking)}, {GROUNDS.get(refusal.ground, refusal.ground)}"
        if refusal.not_consulted_because:
            yield "  The record will say that it was never consulted, and why."
    yield "\n" + _by_whom(panel)
    yield from _texts(request)


def _headline(
    request: decisions_pb2.RecordDecisionRequest,
    chosen: placement_pb2.Option | None,
    ranking: placement_pb2.Recommendation,
) -> str:
    if request.kind == decisions_pb2.DECISION_KIND_DEFER:
        until = f" until {words.day(request.deferred_until)}" if request.HasField("deferred_until") else ""
        return f"put off{until}"
    if request.kind == decisions_pb2.DECISION_KIND_REFUSE_REQUEST:
        return f"{words.counted(len(request.refusals), 'request')} refused, nothing else decided yet"
    which = f"option {chosen.rank}" if chosen and chosen.rank else "a place that is not ranked"
    beyond = ", beyond its number of places" if request.over_number else ""
    return f"{which}, {_place(request.pool_id, chosen, ranking)}{beyond}"


def _place(pool_id: str, chosen: placement_pb2.Option | None, ranking: placement_pb2.Recommendation) -> str:
    if chosen:
        return f"{chosen.setting_name}, {', '.join(about(chosen))}"
    refused = next((pool for pool in ranking.refused if pool.pool_id == pool_id), None)
    if refused is None:
        return pool_id
    if what_if.is_left_out(refused):
        return f"{refused.setting_name}, which this what-if left out"
    fails = [verdict.reason for verdict in refused.verdicts if verdict.outcome == common_pb2.OUTCOME_FAILS]
    return " ".join((f"{refused.setting_name}. A rule fails:", *fails)) if fails else refused.setting_name


def _facts(option: placement_pb2.Option) -> RenderableType:
    priced = option.HasField("annual_budget_cost_pence")
    marginal = f"{pounds(option.annual_marginal_cost_pence)} at the margin"
    distance = words.miles(option.distance_metres) if option.HasField("distance_metres") else "not known"
    minutes = f", {words.counted(option.travel_minutes, 'minute')}" if option.HasField("travel_minutes") else ""
    return terminal.facts(
        [
            ("Journey", f"{distance}{minutes}"),
            ("Cost a year", f"{pounds(option.annual_budget_cost_pence)}; {marginal}" if priced else "not known"),
            ("Places free", str(option.places_free) if option.HasField("places_free") else "no fixed number"),
            ("Effect on others", effect(option)),
        ]
    )


def _setting(urn: int, ranking: placement_pb2.Recommendation) -> str:
    names = what_if.names(ranking) | {option.urn: option.setting_name for option in ranking.options}
    return names.get(urn, f"URN {urn}")


def _by_whom(panel: panels_pb2.Panel | None) -> str:
    if panel is None:
        return "Decided by the chair outside a panel."
    return f"Decided by {panel.panel_id}, which meets on {words.day(panel.meets_on)}."


def _texts(request: decisions_pb2.RecordDecisionRequest) -> Iterator[str]:
    """Which texts go on the record, and which of those that an ombudsman looks for do not."""
    given = [name for field, name in TEXTS.items() if getattr(request, field)]
    lacking = [name for field, name in TEXTS.items() if field.startswith("views_") and not getattr(request, field)]
    if given:
        yield f"On the record: {', '.join(given)}."
    if lacking:
        yield f"Not on the record: {', '.join(lacking)}."
