"""Statutory deadlines, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from inborough.caseload.v1 import caseload_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words.deadlines import CLOCKS


def deadlines_page(page: caseload_pb2.ListDeadlinesResponse, filtered: bool) -> Iterator[RenderableType]:
    """A row a deadline, how many there are, and where each clock comes from."""
    if not page.deadlines:
        yield "No deadline is like that." if filtered else "No case in hand has a deadline."
        yield f"Bring cases with `{typed('import sen2')}`, then `{typed('import due')}`."
        return
    columns = ("Case", "By", "", "What is due")
    yield terminal.table(columns, [_row(deadline) for deadline in page.deadlines], whole=columns[:3])
    overdue = f"{page.overdue:,} overdue" if page.overdue else "none overdue"
    total = words.counted(page.total, "deadline")
    yield f"\n{len(page.deadlines):,} of {total}, {overdue}, counted from {words.day(page.today)}."
    yield from _sources(page)
    yield from more(page.next_page_token)
    yield f"Next: {typed(f'recommend {page.deadlines[0].case_id}')}"


def _row(deadline: caseload_pb2.Deadline) -> tuple[str, ...]:
    return (
        deadline.case_id,
        words.short_day(deadline.due_on),
        words.days_left(deadline.days_left),
        words.codes([deadline.clock], CLOCKS),
    )


def _sources(page: caseload_pb2.ListDeadlinesResponse) -> Iterator[str]:
    for clock, source in {deadline.clock: deadline.source for deadline in page.deadlines}.items():
        if source:
            yield f"- {words.codes([clock], CLOCKS)}: {source}"
