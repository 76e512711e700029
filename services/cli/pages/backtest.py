"""The backtest, for a person and a machine."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

from rich.console import RenderableType

from services.cli import terminal
from services.placement.forecast.backtest.measure import MODEL, Line
from services.placement.forecast.backtest.run import ALL, Backtest
from services.planning.published import NAMES

HEADINGS = {
    MODEL: "Ours",
    "same_growth": "Growth",
    "same_difference": "Differ.",
    "flows_repeated": "Flows",
    "national_growth": "England",
}
POOLED = {"age_band": "All age bands", "kind": "All kinds"}


def backtest_page(made: Backtest) -> Iterator[RenderableType]:
    """Mean and median absolute percentage errors of each forecaster, a row a breakdown, and the coverage."""
    yield terminal.heading(f"January {made.january}, forecast from before it for {made.authorities} authorities")
    for title, which in (("Mean error, %", "mean"), ("Median error, %", "median")):
        columns = (title, "n", *HEADINGS.values(), "In 80 %")
        rows = [
            (_name(line), f"{line.count:,}", *(_error(line, name, which) for name in HEADINGS), _coverage(line))
            for line in made.lines
        ]
        yield terminal.table(columns, rows, right=columns[1:])
        yield ""
    yield (
        "Naive: the same growth, difference or flows again; England's growth. Errors are absolute, in per cent of n "
        "published counts above 0. By age, the January before is reckoned back from the one published, and intervals "
        "come from other authorities' errors: docs/forecast.md says what that tests."
    )
    misses = made.misses()
    if misses:
        yield terminal.heading("Short of the targets")
        yield from (f"- {miss}" for miss in misses)
    else:
        yield "Better than every naive forecaster on every line, and intervals within 76-84 %."


def backtest_json(made: Backtest) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "january": made.january,
        "authorities": made.authorities,
        "misses": made.misses(),
        "lines": [
            {
                "breakdown": line.breakdown,
                "value": line.value,
                "count": line.count,
                "coverage_percent": _number(line.coverage),
                "is_best": line.is_best,
                "errors": {
                    name: {"mean_percent": _number(errors.mean), "median_percent": _number(errors.median)}
                    for name, errors in line.errors.items()
                },
            }
            for line in made.lines
        ],
    }


def _name(line: Line) -> str:
    if line.value == ALL and line.breakdown in POOLED:
        return POOLED[line.breakdown]
    return NAMES.get(line.value, f"Age {line.value}")


def _error(line: Line, name: str, which: str) -> str:
    errors = line.errors.get(name)
    return f"{getattr(errors, which):.2f}" if errors else "-"


def _coverage(line: Line) -> str:
    return "-" if isnan(line.coverage) else f"{line.coverage:.1f} %"


def _number(number: float) -> float | None:
    return None if isnan(number) else round(number, 3)
