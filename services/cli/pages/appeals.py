"""Representation and appeal: every step about a decision with the clocks, and decisions under appeal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.placement.v1 import appeals_pb2, decisions_pb2
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words import appeals as appeal_words


def appeal_page(decision: decisions_pb2.Decision) -> Iterator[RenderableType]:
    """How it stands, every step, each clock with its working, and what to do next."""
    yield f"{decision.decision_id}: {appeal_words.headline(decision.appeal) or appeal_words.NOTHING}"
    yield from appeal_lines(decision.appeal)
    yield f"Next: {typed(f'appeal record {decision.decision_id} STEP --on DAY')}"


def appeal_lines(facts: appeals_pb2.AppealFacts) -> Iterator[RenderableType]:
    """The steps by number, also those that no longer count, and the clocks."""
    yield terminal.heading("Representation and appeal")
    if not facts.steps:
        yield appeal_words.NOTHING
    for told in facts.steps:
        mark = appeal_words.mark(told)
        yield f"{told.number}. {appeal_words.step(told)}{f' ({mark})' if mark else ''}, by {told.recorded_by}"
    for running in facts.clocks:
        yield f"{appeal_words.CLOCKS.get(running.clock, running.clock)}: {appeal_words.clock(running)}"
        yield f"  {running.working}"
        yield f"  {running.source}."


def appeals_page(page: decisions_pb2.ListDecisionsResponse) -> Iterator[RenderableType]:
    """Decisions under appeal; when there are none, how to record one."""
    if not page.decisions:
        yield "No decision is under appeal."
        yield f"Record one with `{typed('appeal record DECISION_ID appeal_registered')}`."
        return
    columns = ("Decision", "Case", "How it stands")
    rows = [(each.decision_id, each.case_id, appeal_words.headline(each.appeal)) for each in page.decisions]
    yield terminal.table(columns, rows, whole=columns[:2], spaced=True)
    yield from more(page.next_page_token)
    yield f"Next: {typed('appeal show DECISION_ID')}"
