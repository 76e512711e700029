"""The whole record of a decision, for the family, a tribunal and the ombudsman."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import decisions_pb2, panels_pb2, placement_pb2
from inborough.provision.v1 import provision_pb2
from services import words
from services.cli import terminal
from services.cli.pages.appeals import appeal_lines
from services.cli.pages.consultations import consultation_lines
from services.cli.pages.cost_table import cost_table
from services.cli.pages.decision_page import next_step
from services.cli.pages.panels import attendance_lines
from services.cli.pages.recommendation_page import recommendation_summary
from services.cli.pages.requests import verdict_lines
from services.words import decisions as decision_words
from services.words import what_if
from services.words.cases import case_facts, case_line, setting

OUTCOMES = {
    common_pb2.OUTCOME_FAILS: "Fails: ",
    common_pb2.OUTCOME_NEEDS_JUDGEMENT: "For the panel to judge: ",
    common_pb2.OUTCOME_MEETS: "Meets: ",
}


def record_page(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    """The record, part by part: the decision, the reasons, what it was made on, and how it came to stand as it does."""
    yield terminal.heading(f"{record.decision.decision_id}: {decision_words.state(record.decision)}")
    yield _decision(record)
    yield from _texts(record)
    yield from _refusals(record)
    yield from _runner_up(record)
    yield from _case(record)
    yield from _ranked(record)
    yield from _chosen(record)
    yield from _places(record)
    yield from consultation_lines(record.consultations)
    yield from _panel(record)
    yield from appeal_lines(record.decision.appeal)
    yield from _history(record)
    yield from _lacking(record)
    signed = record.panel.state == panels_pb2.PANEL_STATE_CLOSED
    yield f"\nNext: {next_step(record.decision, signed)}"


def _decision(record: decisions_pb2.DecisionRecord) -> RenderableType:
    made = record.decision
    until = words.day(made.offer_expires_on) if made.HasField("offer_expires_on") else ""
    letter = words.day(record.appeal_letter_on) if record.HasField("appeal_letter_on") else ""
    return terminal.facts(
        [
            ("Case", made.case_id),
            ("Decided", decision_words.decided(made)),
            ("On a ranking", what_if.headline(record.recommendation)),
            ("Place", made.setting_name and f"{made.setting_name}, {made.pool_id}"),
            ("From", words.day(made.first_day) if made.HasField("first_day") else ""),
            ("Offer", made.offer_id),
            ("Offer stands until", until),
            ("Beyond its number", "yes, knowingly" if made.over_number else ""),
            ("Not offered because", made.not_offered_because),
            ("Decided by", f"{made.decided_by}, {words.instant(made.decided_time)}"),
            ("Appeal letter", letter),
            ("Taken back because", record.withdrawn_because),
        ]
    )


def _texts(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    for title, text in (
        ("Why", record.reason),
        ("Why outside a panel", record.urgency),
        ("The child's views, wishes and feelings", record.views_of_child),
        ("The parents' views", record.views_of_parents),
        ("Steps considered to make mainstream work (s.33)", record.section_33_steps),
    ):
        if text:
            yield terminal.heading(title)
            yield text


def _refusals(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    if record.refusals:
        yield terminal.heading("Requests not given")
    names = _names(record)
    for refusal in record.refusals:
        ground = decision_words.GROUNDS.get(refusal.ground, refusal.ground)
        yield f"- {setting(refusal.urn, names)}: {ground} (s.39(4))"
        yield f"  Evidence: {refusal.evidence}"
        if refusal.not_consulted_because:
            yield f"  Never consulted: {refusal.not_consulted_because}"


def _names(record: decisions_pb2.DecisionRecord) -> dict[int, str]:
    """Settings that the record names, by URN."""
    options = {option.urn: option.setting_name for option in record.recommendation.options}
    pools = {pool.setting.urn: pool.setting.name for pool in record.pools}
    consulted = {asked.urn: asked.setting_name for asked in record.consultations}
    return {**what_if.names(record.recommendation), **options, **pools, **consulted}


def _runner_up(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    if record.HasField("runner_up"):
        yield terminal.heading(f"Runner-up: option {record.runner_up.rank}, {record.runner_up.setting_name}")
        yield record.runner_up_because


def _case(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    yield terminal.heading("The case as it was")
    yield case_line(record.case)
    yield terminal.facts(case_facts(record.case, _names(record)))


def _ranked(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    yield terminal.heading("What was ranked")
    yield from recommendation_summary(record.recommendation, None)
    yield f"Rules {record.recommendation.rules_version}, facts {record.facts_hash}"


def _chosen(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    option = _chosen_option(record)
    if option is None:
        return
    yield terminal.heading(f"{option.setting_name}: suitability and cost")
    for outcome, before in OUTCOMES.items():
        yield from verdict_lines(option, outcome, before)
    if option.travel_eligibility.reason:
        yield f"Travel: {option.travel_eligibility.reason}"
        yield f"Distance and minutes: {record.recommendation.travel_method}."
    if option.cost_lines:
        yield cost_table(option)


def _chosen_option(record: decisions_pb2.DecisionRecord) -> placement_pb2.Option | None:
    pool_id = record.decision.pool_id
    return next((option for option in record.recommendation.options if pool_id and option.pool_id == pool_id), None)


def _places(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    if record.pools:
        columns = ("Places as they were", "Places", "Held", "Offered", "Free", "On roll")
        yield ""
        yield terminal.table(columns, [_places_row(pool) for pool in record.pools], right=columns[1:])


def _places_row(pool: provision_pb2.PlacePool) -> tuple[str, ...]:
    return (
        f"{pool.setting.name}, {words.kind(pool.kind)}",
        str(pool.places_commissioned) if pool.HasField("places_commissioned") else "any",
        str(pool.places_filled),
        str(pool.places_offered),
        str(pool.places_free) if pool.HasField("places_free") else "any",
        f"{pool.setting.number_on_roll:,}" if pool.setting.HasField("number_on_roll") else "not known",
    )


def _panel(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    if not record.HasField("panel"):
        return
    panel = record.panel
    yield terminal.heading(f"{panel.panel_id}, {words.day(panel.meets_on)}")
    if panel.state == panels_pb2.PANEL_STATE_CLOSED:
        yield from attendance_lines(panel)
    else:
        yield "Not signed off yet."


def _history(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    yield terminal.heading("What became of it")
    for change in record.history:
        reached = decision_words.REACHED.get(change.state, "unknown")
        yield f"- {words.instant(change.changed_time)}: {reached} ({change.changed_by})"


def _lacking(record: decisions_pb2.DecisionRecord) -> Iterator[RenderableType]:
    if record.missing:
        yield terminal.heading("The record still lacks")
        yield from (f"- {decision_words.missing([each])}" for each in record.missing)
