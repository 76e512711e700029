"""Decisions for a person: one as it stands with what to do next, and a list."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.placement.v1 import decisions_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words import decisions as decision_words


def decision_page(decision: decisions_pb2.Decision) -> Iterator[RenderableType]:
    """What became of a decision just made or changed, in a sentence, and the next command."""
    yield f"{decision.decision_id}: {decision_words.outcome(decision)}"
    yield f"Next: {next_step(decision)}"


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
