"""What was found, as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from tests.benchmarks.figures import Figure, short
from tests.benchmarks.findings import Breakdown, Curve, Finding, Race

FIGURES = ("target", "what", "median", "from lowest to highest", "repeats", "wanted", "", "note")
RACES = ("size", "rival", "licence", "form", "rival's time", "core's time", "rival / core", "spread", "repeats")
CURVES = ("part", "cases", "seconds, median", "exponent", "spread", "fitted from", "repeats")

MOST_SHOWN = 9
"""Sizes of a curve; of more, quarters are shown."""


def tables(found: Sequence[Finding]) -> str:
    """A table for each kind of finding that is there."""
    figures = [one for one in found if isinstance(one, Figure)]
    races = [one for one in found if isinstance(one, Race)]
    curves = [one for one in found if isinstance(one, Curve)]
    made = [
        table(FIGURES, [one.cells() for one in figures]) if figures else "",
        table(RACES, [_race(one) for one in races]) if races else "",
        table(CURVES, [_curve(one) for one in curves]) if curves else "",
        *(_breakdown(one) for one in found if isinstance(one, Breakdown)),
    ]
    return "\n\n".join(one for one in made if one)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [list(headings), ["---"] * len(headings), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _race(one: Race) -> list[str]:
    size = f"{one.size}: {one.cases:,} cases, {one.options:,} options"
    core = seconds(statistics.median(one.core_seconds)) if one.core_seconds else ""
    who = [size, one.rival, one.licence, one.form]
    if not one.rival_seconds:
        least = one.least_ratio
        return [*who, one.failed, core, "" if least is None else f"above {short(least)}", "", "0"]
    ratios = one.ratios
    spread = f"{short(min(ratios))} to {short(max(ratios))}" if len(ratios) > 1 else ""
    took = seconds(statistics.median(one.rival_seconds)) + (f"; then {one.failed}" if one.failed else "")
    return [*who, took, core, f"**{short(statistics.median(ratios))}**", spread, str(len(ratios))]


def _curve(one: Curve) -> list[str]:
    exponents = one.exponents
    spread = f"{min(exponents):.2f} to {max(exponents):.2f}" if len(exponents) > 1 else ""
    count = len(one.sizes)
    shown = range(count) if count <= MOST_SHOWN else (0, count // 4, count // 2, 3 * count // 4, count - 1)
    cases = ", ".join(f"{one.sizes[at]:,}" for at in shown)
    times = ", ".join(seconds(one.middles[at]) for at in shown)
    if one.beside:
        cases, times = f"{cases}; {one.beside[0]:,.0f}", f"{times}; {seconds(one.beside[1])}"
    exponent = f"**{statistics.median(exponents):.2f}**"
    return [f"{one.group}: {one.what}", cases, times, exponent, spread, f"{one.fitted_from:,}", str(len(exponents))]


def _breakdown(one: Breakdown) -> str:
    repeats = len(next(iter(one.parts.values()), ()))
    rows = [
        [name, _amount(value, one.unit), f"{value / one.total:.1%}", _spread(one, name), one.notes.get(name, "")]
        for name, value in one.middles.items()
    ]
    rows.append(
        ["**all**", f"**{_amount(one.total, one.unit)}**", "", "", f"medians of {repeats}" if repeats > 1 else ""]
    )
    return f"{one.what}:\n\n{table(('part', 'median', 'share', 'from lowest to highest', 'note'), rows)}"


def _spread(one: Breakdown, name: str) -> str:
    values = one.parts.get(name, ())
    return f"{_amount(min(values), one.unit)} to {_amount(max(values), one.unit)}" if len(values) > 1 else ""


def _amount(value: float, unit: str) -> str:
    return seconds(value) if unit == "s" else f"{short(value)} {unit}"


def seconds(value: float) -> str:
    """Seconds as people read them."""
    return f"{short(1_000 * value)} ms" if abs(value) < 1 else f"{short(value)} s"
