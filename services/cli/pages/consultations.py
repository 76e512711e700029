"""Consultations: one just changed, a list, and those on a decision's record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from inborough.placement.v1 import consultations_pb2
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words.consultations import how_it_stands


def consultation_page(asked: consultations_pb2.Consultation) -> Iterator[RenderableType]:
    """How one stands, and what to do next."""
    yield f"{asked.consultation_id}: {asked.setting_name}, {how_it_stands(asked)}."
    if asked.state in (consultations_pb2.CONSULTATION_STATE_AWAITING, consultations_pb2.CONSULTATION_STATE_OVERDUE):
        yield f"The clock: {asked.reply_rule}"
        yield f"Next: {typed(f'consult reply {asked.consultation_id} --can-meet')}"
    else:
        yield f"Next: {typed(f'recommend {asked.case_id}')}"


def consultation_lines(consultations: Sequence[consultations_pb2.Consultation]) -> Iterator[RenderableType]:
    """Those about one case, with the settings' own words."""
    yield terminal.heading("Consultations")
    if not consultations:
        yield "None: no setting was consulted."
    for asked in consultations:
        yield f"- {asked.setting_name} ({asked.urn}): {how_it_stands(asked)}"
        if asked.text:
            yield f"  {asked.text}"


def consultations_page(
    page: consultations_pb2.ListConsultationsResponse, only_awaiting: bool
) -> Iterator[RenderableType]:
    """Reply due soonest first; when there are none, how to send one."""
    if not page.consultations:
        yield "No reply is awaited." if only_awaiting else "No setting has been consulted yet."
        yield f"Record one with `{typed('consult send CASE_ID URN')}`."
        return
    columns = ("Consultation", "Case", "Setting and how it stands")
    rows = [
        (asked.consultation_id, asked.case_id, f"{asked.setting_name}\n{how_it_stands(asked)}")
        for asked in page.consultations
    ]
    yield terminal.table(columns, rows, whole=columns[:2], spaced=True)
    yield from more(page.next_page_token)
    yield f"Next: {typed('consult reply CONSULTATION_ID --can-meet')}"
