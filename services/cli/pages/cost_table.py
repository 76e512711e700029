"""What one option costs a year, line by line, with a total for each ledger."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services.cli import terminal
from shared.pence import pounds

COLUMNS = ("For", "Ledger", "A year", "Basis and source")


def cost_table(option: placement_pb2.Option) -> Table:
    """Lines of both ledgers, then their totals."""
    rows = [
        (line.label, _ledger(line.ledger), pounds(line.annual_pence), f"{line.basis.replace('_', ' ')}: {line.source}")
        for line in option.cost_lines
    ]
    return terminal.table(COLUMNS, [*rows, *_totals(option)], right=("A year",))


def _totals(option: placement_pb2.Option) -> Iterator[tuple[str, ...]]:
    if option.HasField("annual_budget_cost_pence"):
        yield "Total", "budget", pounds(option.annual_budget_cost_pence), ""
    if option.HasField("annual_marginal_cost_pence"):
        yield "Total", "marginal", pounds(option.annual_marginal_cost_pence), ""


def _ledger(ledger: cost_pb2.Ledger.ValueType) -> str:
    return "marginal" if ledger == cost_pb2.LEDGER_MARGINAL else "budget"
