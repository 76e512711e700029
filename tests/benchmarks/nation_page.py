"""The head of docs/national.md: what a national run measured, and what a national service would take by it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import ROOT
from tests.benchmarks.runs import Run, load_now, machine
from tests.benchmarks.tables import table

if TYPE_CHECKING:
    from tests.benchmarks.nation import Measured

PAGE, KEPT = ROOT / "docs" / "national.md", ROOT / "docs" / "performance.json"
BEGINS, ENDS = "<!-- measured: begins -->", "<!-- measured: ends -->"
RECOMMENDATION, REPLICATES = "Processor time of one recommendation", "Replicates kept a second, one worker"
HALTON_PLANS = 1524
HOUR, MONTH_HOURS, GIGA = 3600.0, 730.0, 1000.0


@dataclass(frozen=True)
class Assumed:
    """What nobody measured. The reasons are in docs/national.md, under "What is assumed"."""

    rankings_a_decision: int = 2
    plans_a_day: int = 10
    replicates: int = 1000
    core_hour_pounds: tuple[float, float] = (0.035, 0.060)
    gigabyte_month_pounds: tuple[float, float] = (0.08, 0.13)
    cores_a_council: int = 2
    disk_gigabytes: int = 50
    replicates_a_month: int = 4
    slower_by: tuple[float, float] = (1.0, 2.0)


def write(found: Measured) -> None:
    """Put the measured part between its marks. Raises ValueError when the page has no marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError(f"{PAGE.name} has no marks to write between.")
    PAGE.write_text(f"{before}{BEGINS}\n{measured_part(found)}\n{ENDS}{after}", encoding="utf-8")


def measured_part(found: Measured) -> str:
    """The measured figures, by size, and the estimate, as Markdown."""
    from tests.benchmarks.nation import figures

    cells = [figure.cells() for figure in figures(found) if any(figure.values)]
    lines = [[row[1], row[2], row[-3], row[-2]] for row in cells]
    of_others = _benchmarks()
    return "\n\n".join(
        (
            f"{datetime.now(UTC):%-d %B %Y}, `python -m tests.benchmarks.nation --write`, on {machine()}; "
            f"load {load_now()} at the end.",
            table(("measured", "", "wanted", ""), lines),
            table(
                ("authority", "due", "options", "import, s", "plan, s", "raw, s", "MB", "databases, MB"), _sizes(found)
            ),
            table(("a national service", "", "by"), estimate(found, of_others, Assumed())),
        )
    )


def _sizes(found: Measured) -> list[list[str]]:
    """The largest, three between and the smallest of which every count may be shown."""
    rows = [
        (each, raw)
        for each, raw in zip(found.authorities, found.raw_seconds, strict=True)
        if each.figures.decisions_due >= 5
    ]
    picked = sorted({round(at * (len(rows) - 1) / 4) for at in range(5)}) if rows else []
    return [
        [
            each.task.name,
            f"{each.figures.decisions_due:,}",
            f"{each.figures.options_open:,}",
            f"{each.figures.import_seconds:.1f}",
            f"{each.figures.plan_seconds:.2f}",
            f"{raw:.3f}",
            f"{each.figures.peak_megabytes or 0:,.0f}",
            f"{each.figures.database_megabytes:,.1f}",
        ]
        for each, raw in (rows[at] for at in picked)
    ]


def _benchmarks() -> dict[str, float]:
    """The two figures of `make bench` that the estimate needs, where it was run: by the start of what they are."""
    if not KEPT.exists():
        return {}
    runs = [Run.from_json(run) for run in json.loads(KEPT.read_text(encoding="utf-8")).values()]
    every = [one for run in runs for one in run.found if isinstance(one, Figure)]
    return {
        name: figure.middle for name in (RECOMMENDATION, REPLICATES) for figure in every if figure.what.startswith(name)
    }


def estimate(found: Measured, others: dict[str, float], assumed: Assumed) -> list[list[str]]:
    """Rows of what, how much, and by which formula; one that lacks a figure says which command gives it."""
    rows = [each.figures for each in found.authorities]
    councils, plans, due = len(rows), sum(row.plans for row in rows), sum(row.decisions_due for row in rows)
    ranked, each_day = due * assumed.rankings_a_decision, assumed.plans_a_day
    planning = sum(row.plan_processor_seconds or 0 for row in rows) * each_day / HOUR
    importing = sum(row.import_processor_seconds or 0 for row in rows) / HOUR
    databases = sum(row.database_megabytes for row in rows) / GIGA
    memory = sum(row.peak_megabytes or 0 for row in rows) / GIGA
    lines = [
        ["councils; active plans; decisions due", f"{councils}; {plans:,}; {due:,}", "the run"],
        ["recommendations on the day", f"{ranked:,}", f"decisions x {assumed.rankings_a_decision}"],
        ["plans of everything due", f"{councils * each_day:,}", f"councils x {each_day}"],
        ["to plan, core hours", _range(planning, assumed), f"processor seconds of ProposePlan x {each_day}"],
        ["to rank, core hours", *_ranking(ranked, others, assumed)],
        ["replicates of five years", f"{councils * assumed.replicates:,}", f"councils x {assumed.replicates:,}"],
        ["to simulate, core hours", *_simulating(plans, others, assumed)],
        ["to import everything, core hours", _range(importing, assumed), "the run"],
        ["databases after import and one plan, GB", f"{databases:,.1f}", "the run"],
        ["memory, GB, all councils planning at once", f"{memory:,.0f}", "the run, peaks added up"],
    ]
    return [*lines, *_money(councils, plans, others, assumed)]


def _ranking(ranked: int, others: dict[str, float], assumed: Assumed) -> tuple[str, str]:
    if RECOMMENDATION not in others:
        return "not known", "run `make bench` first"
    milliseconds = others[RECOMMENDATION]
    return _range(
        ranked * milliseconds / 1000 / HOUR, assumed
    ), f"recommendations x {milliseconds:.1f} ms (`make bench`)"


def _simulating(plans: int, others: dict[str, float], assumed: Assumed) -> tuple[str, str]:
    hours = _simulation_hours(plans, others, assumed)
    if hours is None:
        return "not known", "run `make bench` first"
    each = 1 / others[REPLICATES]
    return _range(
        hours, assumed
    ), f"replicates x {each:.2f} s at Halton's size (`make bench`) x active plans / {HALTON_PLANS:,}"


def _simulation_hours(plans: int, others: dict[str, float], assumed: Assumed) -> float | None:
    if REPLICATES not in others:
        return None
    return assumed.replicates / others[REPLICATES] * plans / HALTON_PLANS / HOUR


def _money(councils: int, plans: int, others: dict[str, float], assumed: Assumed) -> list[list[str]]:
    standing = councils * assumed.cores_a_council * MONTH_HOURS
    disk = councils * assumed.disk_gigabytes
    low, high = (
        standing * core + disk * disk_price
        for core, disk_price in zip(assumed.core_hour_pounds, assumed.gigabyte_month_pounds, strict=True)
    )
    each = f"{assumed.cores_a_council} cores x {MONTH_HOURS:.0f} h + {assumed.disk_gigabytes} GB"
    lines = [
        ["a month: one machine a council", _pounds(low, high), f"{councils} x ({each})"],
        ["a month: the same with a standby each", _pounds(2 * low, 2 * high), "x 2"],
    ]
    if (hours := _simulation_hours(plans, others, assumed)) is not None:
        bought = [hours * assumed.replicates_a_month * price for price in assumed.core_hour_pounds]
        bought[1] *= assumed.slower_by[1]
        lines.append(["a month: cores for replicates", _pounds(*bought), f"core hours x {assumed.replicates_a_month}"])
    return lines


def _range(hours: float, assumed: Assumed) -> str:
    """From the measured machine's to a slower one's; two figures, for there are no more in it."""
    return f"{_two(hours * assumed.slower_by[0])} to {_two(hours * assumed.slower_by[1])}"


def _pounds(low: float, high: float) -> str:
    return f"GBP {_two(low)} to {_two(high)}"


def _two(value: float) -> str:
    """To two figures that mean something: 12,345 is "12,000"."""
    if value < 10:
        return f"{value:.2g}"
    digits: Sequence[str] = str(round(value))
    return f"{round(value, 2 - len(digits)):,.0f}"
