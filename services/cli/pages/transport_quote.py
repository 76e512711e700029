"""A quote of travel for a person: whether it is owed and why, how far, and what it costs line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2, travel_pb2
from services import words
from services.cli import terminal
from services.cli.typed import typed
from shared.pence import pounds

LEDGERS = {cost_pb2.LEDGER_BUDGET: "budget", cost_pb2.LEDGER_MARGINAL: "marginal"}
ADVICE = "Advice only: what travel is offered is for the authority to decide."


def transport_quote_page(case_id: str, quoted: travel_pb2.QuoteTransportResponse) -> Iterator[RenderableType]:
    """The quote, part by part."""
    yield terminal.heading(f"Travel of {case_id} to {quoted.setting_name}")
    yield terminal.facts(_facts(quoted))
    yield from _eligibility(quoted.eligibility)
    if quoted.lines:
        yield terminal.heading("What it costs a year")
        yield _lines(quoted.lines, with_totals=True)
    if quoted.alternatives:
        yield terminal.heading("What could be offered instead")
        yield _lines(quoted.alternatives, with_totals=False)
    yield f"\n{ADVICE}"
    yield f"Next: {typed(f'recommend {case_id}')}"


def _facts(quoted: travel_pb2.QuoteTransportResponse) -> list[tuple[str, str]]:
    return [
        ("First day", words.day(quoted.first_day)),
        ("By road", words.miles(quoted.distance_metres) if quoted.HasField("distance_metres") else "not known"),
        ("On foot", words.miles(quoted.walking_metres) if quoted.HasField("walking_metres") else ""),
        ("Minutes", f"{quoted.travel_minutes} one way" if quoted.HasField("travel_minutes") else "not known"),
        ("Aboard the run", f"{quoted.ride_minutes} minutes" if quoted.HasField("ride_minutes") else ""),
        ("Found by", _travel_source(quoted.travel_source)),
        ("Priced by", quoted.run_plan_id or "average fares: no run plan is in force"),
        ("Rate card", quoted.rate_card_id),
    ]


def _travel_source(source: cost_pb2.TravelSource) -> str:
    day = f", as of {words.day(source.as_of_day)}" if source.HasField("as_of_day") else ""
    return f"{source.method}{day}" if source.method else ""


def _eligibility(found: cost_pb2.TravelEligibility) -> Iterator[RenderableType]:
    yield terminal.heading("Is free travel owed?")
    yield f"{'Paid' if found.travel_paid else 'Not paid'} in this quote: {found.reason}"
    if found.legal_basis:
        yield found.legal_basis
    if found.needs_judgement:
        yield "A person must decide; the quote says what was assumed."


def _lines(lines: Sequence[placement_pb2.CostLine], *, with_totals: bool) -> Table:
    rows = [
        (line.label, LEDGERS[line.ledger], pounds(line.annual_pence), f"{line.basis.replace('_', ' ')}: {line.source}")
        for line in lines
    ]
    totals = [
        ("Total", name, pounds(sum(line.annual_pence for line in lines if line.ledger == ledger)), "")
        for ledger, name in LEDGERS.items()
    ]
    columns = ("For", "Ledger", "A year", "Basis and source")
    return terminal.table(columns, [*rows, *(totals if with_totals else [])], right=("A year",))
