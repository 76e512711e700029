"""Decisions for a person: one as it stands with what to do next, and a list."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.placement.v1 import decisions_pb2
from services.cli import terminal, words
from services.cli.pages import decision_words
from services.cli.pages.paging import more
from services.cli.typed import typed


def decision_page(decision: decisions_pb2.Decision) -> Iterator[RenderableType]:
    """What became of a decision just made or changed, in a sentence, and the next command."""
    yield f"{decision.decision_id}: {outcome(decision)}"
    yield f"Next: {next_step(decision)}"


def outcome(decision: decisions_pb2.Decision) -> str:
    """One sentence: where, until when, or why not."""
    place = _place(decision)
    match decision.state:
        case decisions_pb2.DECISION_STATE_REQUESTED:
            return f"recorded. {_asked_for(decision)} as soon as the service that holds it answers; nothing is lost."
        case decisions_pb2.DECISION_STATE_OFFERED:
            return f"recorded. {place} is held{_until(decision)} ({decision.offer_id})."
        case decisions_pb2.DECISION_STATE_NOT_OFFERED:
            return f"recorded, but no place could be held at {decision.setting_name}: {decision.not_offered_because}"
        case decisions_pb2.DECISION_STATE_NAMING:
            return f"{place} is being named; it is finished as soon as every service answers, and nothing is lost."
        case decisions_pb2.DECISION_STATE_NAMED:
            return f"named: {place} from {words.day(decision.first_day)}."
        case decisions_pb2.DECISION_STATE_WITHDRAWING:
            return "is being taken back; it is finished as soon as every service answers."
        case decisions_pb2.DECISION_STATE_WITHDRAWN:
            return "taken back. It stays on the record, and its place is free again."
    return f"{decision_words.state(decision)}."


def _asked_for(decision: decisions_pb2.Decision) -> str:
    return "Its place is asked for" if decision.pool_id else "It is carried out"


def _until(decision: decisions_pb2.Decision) -> str:
    until = f" until {words.day(decision.offer_expires_on)}" if decision.HasField("offer_expires_on") else ""
    return f"{' beyond its number,' if decision.over_number else ''}{until}"


def _place(decision: decisions_pb2.Decision) -> str:
    return f"A place at {decision.setting_name}" if decision.setting_name else "The place"


def next_step(decision: decisions_pb2.Decision, signed_off: bool = False) -> str:
    """The command that comes next. `signed_off`: its panel is closed, as far as known."""
    match decision.state:
        case decisions_pb2.DECISION_STATE_OFFERED if decision.panel_id and not signed_off:
            return typed(f"panel show {decision.panel_id}")
        case decisions_pb2.DECISION_STATE_OFFERED:
            return typed(f"decisions name {decision.decision_id}")
        case decisions_pb2.DECISION_STATE_NAMED:
            return typed(f"journal list --case {decision.case_id}")
        case decisions_pb2.DECISION_STATE_DEFERRED:
            return typed(f"deadlines --case {decision.case_id}")
        case (
            decisions_pb2.DECISION_STATE_NOT_OFFERED
            | decisions_pb2.DECISION_STATE_WITHDRAWN
            | decisions_pb2.DECISION_STATE_EXPIRED
            | decisions_pb2.DECISION_STATE_REFUSED
        ):
            return typed(f"recommend {decision.case_id}")
    return typed(f"decisions show {decision.decision_id}")


def decisions_page(page: decisions_pb2.ListDecisionsResponse, filtered: bool) -> Iterator[RenderableType]:
    """Newest first; when there are none, how to record one."""
    if not page.decisions:
        yield "No decision is like that." if filtered else "No decisions are recorded yet."
        yield f"Record one with `{typed('decide CASE_ID --option 1')}`; see `{typed('cases --due')}`."
        return
    columns = ("Decision", "Case", "Decided", "How it stands")
    yield terminal.table(columns, [_row(decision) for decision in page.decisions], whole=columns[:2], spaced=True)
    yield from more(page.next_page_token)
    yield f"Next: {typed('decisions show DECISION_ID')}"


def _row(decision: decisions_pb2.Decision) -> tuple[str, ...]:
    decided = decision_words.decided(decision)
    return (
        decision.decision_id,
        decision.case_id,
        f"{decided}, {decision.setting_name}" if decision.setting_name else decided,
        f"{decision_words.state(decision)}\n{words.instant(decision.decided_time)}",
    )
