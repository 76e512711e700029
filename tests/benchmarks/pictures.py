"""The pictures of docs/performance.md, as SVG: the same findings, the same bytes; told apart by shape as by colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, NullFormatter

from tests.benchmarks.figures import short
from tests.benchmarks.findings import NOT_ATTRIBUTED, Breakdown, Curve, Finding, Race
from tests.benchmarks.tables import seconds

SIZES = ("panel", "phase", "halton", "county", "nation")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999", "#332288")
"""Okabe and Ito's without the yellow, which people who are colour-blind tell apart, a grey and an indigo."""
LEFT_OVER = "#DDDDDD"
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "h", "<")
HATCHES = ("", "//", "\\\\", "--", "||", "xx", "++")
STYLE: Any = {
    "svg.hashsalt": "inborough",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "hatch.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(found: Sequence[Finding], folder: Path) -> str:
    """Write the pictures there is something for, and return the Markdown that shows them, with words for each."""
    folder.mkdir(parents=True, exist_ok=True)
    races = _last_of_each(found)
    curves = [one for one in found if isinstance(one, Curve)]
    bars = [one for one in found if isinstance(one, Breakdown) and one.drawn]
    shown = []
    with mpl.rc_context(STYLE):
        if races:
            _save(_rivals(races), folder / "performance-rivals.svg")
            shown.append(f"![{_said_of_races(races)}]({folder.name}/performance-rivals.svg)")
        if bars:
            _save(_attribution(bars), folder / "performance-attribution.svg")
            shown.append(f"![{_said_of_bars(bars)}]({folder.name}/performance-attribution.svg)")
        if curves:
            _save(_growth(curves), folder / "performance-growth.svg")
            shown.append(f"![{_said_of_curves(curves)}]({folder.name}/performance-growth.svg)")
    return "\n\n".join(shown)


def _last_of_each(found: Sequence[Finding]) -> list[Race]:
    races = {(one.rival, one.size): one for one in found if isinstance(one, Race) and one.size in SIZES}
    return [race for race in races.values() if race.ratios or race.least_ratio]


def _save(drawing: Drawing, path: Path) -> None:
    drawing.savefig(path, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")


def _rivals(races: Sequence[Race]) -> Drawing:
    drawing = Drawing(figsize=(8, 4.6))
    axes = drawing.add_subplot()
    sizes = [size for size in SIZES if any(race.size == size for race in races)]
    names = list(dict.fromkeys(race.rival for race in races))
    for row, name in enumerate(names):
        mine = sorted((race for race in races if race.rival == name), key=lambda race: sizes.index(race.size))
        shift = (row - (len(names) - 1) / 2) * 0.075
        at = [sizes.index(race.size) + shift for race in mine]
        middle = [median(race.ratios) if race.ratios else race.least_ratio or 1.0 for race in mine]
        low = [m - min(race.ratios, default=m) for m, race in zip(middle, mine, strict=True)]
        high = [max(race.ratios, default=m) - m for m, race in zip(middle, mine, strict=True)]
        look: dict[str, Any] = {"color": COLOURS[row % len(COLOURS)], "marker": MARKERS[row % len(MARKERS)]}
        axes.errorbar(at, middle, yerr=(low, high), linestyle="none", capsize=2, label=name, markersize=6, **look)
        for place, value, race in zip(at, middle, mine, strict=True):
            if not race.ratios:
                axes.annotate("↑", (place, value), (0, 3), textcoords="offset points", ha="center", fontsize=12)
    axes.axhline(1, color="black", linewidth=1)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xticks(range(len(sizes)), [_size_label(races, size) for size in sizes])
    axes.set_xlim(-0.5, len(sizes) - 0.5)
    axes.set_ylabel("rival's time / core's time (line: as long)")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    axes.set_title("Other solvers on the same arrays: above 1 they are slower (↑ stopped at the limit)", fontsize=10)
    return drawing


def _size_label(races: Sequence[Race], size: str) -> str:
    one = next((race for race in races if race.size == size), None)
    return size if one is None else f"{size}\n{one.cases:,} cases\n{one.options:,} options"


def _growth(curves: Sequence[Curve]) -> Drawing:
    groups = list(dict.fromkeys(curve.group for curve in curves))
    drawing = Drawing(figsize=(4.6 * len(groups), 5.4))
    for at, group in enumerate(groups):
        axes = drawing.add_subplot(1, len(groups), at + 1)
        for row, curve in enumerate(one for one in curves if one.group == group):
            look: dict[str, Any] = {"color": COLOURS[row % len(COLOURS)], "marker": MARKERS[row % len(MARKERS)]}
            label = f"{curve.what}, exponent {median(curve.exponents):.2f}"
            axes.plot(curve.sizes, curve.middles, label=label, markersize=5, linewidth=1.2, **look)
            if curve.beside:
                axes.plot([curve.beside[0]], [curve.beside[1]], markersize=8, fillstyle="none", **look)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: seconds(value)))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("cases")
        axes.set_title(group, fontsize=10)
        axes.grid(alpha=0.3)
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.14), frameon=False, fontsize=8)
    drawing.tight_layout()
    return drawing


def _attribution(bars: Sequence[Breakdown]) -> Drawing:
    drawing = Drawing(figsize=(9, 1.1 + 0.75 * len(bars)))
    axes = drawing.add_subplot()
    names = list(dict.fromkeys(name for bar in bars for name in bar.middles if name != NOT_ATTRIBUTED))
    names.append(NOT_ATTRIBUTED)
    for row, bar in enumerate(reversed(bars)):
        left, whole = 0.0, sum(max(0.0, value) for value in bar.middles.values())
        for at, name in enumerate(names):
            share = 100 * max(0.0, bar.middles.get(name, 0.0)) / whole
            look: dict[str, Any] = {"color": COLOURS[at % len(COLOURS)], "hatch": HATCHES[at % len(HATCHES)]}
            if name == NOT_ATTRIBUTED:
                look = {"color": LEFT_OVER}
            axes.barh(row, share, left=left, edgecolor="white", label=name if row == 0 else "", height=0.6, **look)
            if share >= 6:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
                axes.annotate(f"{share:.0f} %", (left + share / 2, row), ha="center", va="center", fontsize=8, bbox=box)
            left += share
    axes.set_yticks(range(len(bars)), [f"{bar.what}\n{seconds(bar.total)}" for bar in reversed(bars)])
    axes.set_xlim(0, 100.5)
    axes.set_xlabel("% of the time")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.45 / len(bars) - 0.08), ncols=4, frameon=False, fontsize=8)
    return drawing


def _said_of_races(races: Sequence[Race]) -> str:
    told = []
    for size in SIZES:
        mine = [
            f"{race.rival} {short(median(race.ratios)) if race.ratios else 'above ' + short(race.least_ratio or 0)}"
            for race in races
            if race.size == size
        ]
        if mine:
            told.append(f"{size}: {', '.join(mine)}")
    return f"Chart, log axis: each solver's time in the core's. {'. '.join(told)}."


def _said_of_bars(bars: Sequence[Breakdown]) -> str:
    told = [
        f"{bar.what} {seconds(bar.total)}: "
        + ", ".join(f"{name} {100 * value / bar.total:.0f} %" for name, value in bar.middles.items())
        for bar in bars
    ]
    return f"Stacked bars: where the time goes. {'. '.join(told)}."


def _said_of_curves(curves: Sequence[Curve]) -> str:
    told = [
        f"{curve.group}, {curve.what}: {curve.sizes[0]:,} cases {seconds(curve.middles[0])}, "
        f"{curve.sizes[-1]:,} {seconds(curve.middles[-1])}, exponent {median(curve.exponents):.2f}"
        for curve in curves
    ]
    return f"Charts on log axes: how time grows with the cases. {'. '.join(told)}."
