"""The quarterly report, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from services.cli import terminal
from services.planning.measures.report import LEFT_OUT, NOT_RECORDED, PRESENT_ALONE, Measured, shown
from services.planning.measures.supplied import SUPPLIED

SHORT = "-"
"""What stands for "not recorded", so that five quarters fit beside the measures' names."""


def kpi_page(report: list[Measured]) -> Iterator[RenderableType]:
    """A row a measure, a column a quarter."""
    quarters = list(dict.fromkeys(one.quarter for one in report))
    lines: dict[str, list[str]] = {}
    for one in report:
        lines.setdefault(one.words, [one.words]).append(SHORT if one.value == NOT_RECORDED else shown(one))
    yield terminal.table(("Measure", *quarters), list(lines.values()), right=quarters)
    yield LEFT_OUT
    if any(one.value == NOT_RECORDED for one in report):
        yield f'"{SHORT}": {NOT_RECORDED}.'
    yield PRESENT_ALONE
    if any(one.value == NOT_RECORDED for one in report if one.measure in SUPPLIED):
        yield "What only the council has can be supplied: inborough template kpi."
