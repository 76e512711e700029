"""The national run on the screen, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import RenderableType

from services.cli import terminal
from services.cli.nation import protected
from services.cli.nation.protected import NationTable, Row, Value
from services.cli.nation.results import Asked, Task
from services.cli.nation.running import Outcome, Progress
from services.placement.model.suppression import SUPPRESSED
from services.planning.exports.sheets import Cell, Sheet, as_csv
from services.words import counted
from shared.pence import pounds

LARGEST = 10
BYTE_ORDER_MARK = "\ufeff"
"""So that Excel reads the file as UTF-8."""
SCREEN = ("Due", "In borough", "Out", "No place", "INMSS", "Saved a year")
CSV = {
    "decisions_due": "Decisions due",
    "options_judged": "Options judged",
    "options_open": "Options open",
    "in_borough": "Placed in borough",
    "out_of_borough": "Placed out of borough",
    "unplaced": "Without a place",
    "inmss_or_unplaced": "In INMSS or without a place",
    "practice_inmss_or_unplaced": "The same by today's practice",
    "fewer_inmss_or_unplaced": "Fewer than by today's practice",
    "annual_cost_pence": "Cost a year, pounds",
    "practice_annual_cost_pence": "The same by today's practice, pounds",
    "annual_saving_pence": "Saved a year, pounds",
    "invent_seconds": "Seconds to invent",
    "start_seconds": "Seconds to start services",
    "import_seconds": "Seconds to import",
    "plan_seconds": "Seconds of ProposePlan",
    "solver_seconds": "Seconds of its solver",
    "import_processor_seconds": "Processor seconds to import",
    "plan_processor_seconds": "Processor seconds of ProposePlan",
    "peak_megabytes": "Most memory of its services, MB",
    "database_megabytes": "Its databases, MB",
}


def progress_line(progress: Progress) -> str:
    """Such as "12 of 153 done, 1 failed; now at Kent, Essex; about 9 minutes left"."""
    parts = [f"{progress.done} of {progress.of} done" + (f", {progress.failed} failed" if progress.failed else "")]
    if progress.in_hand:
        parts.append("now at " + ", ".join(task.name for task in progress.in_hand.values()))
    if progress.seconds_left is not None and not progress.is_over:
        parts.append(f"about {_time_left(progress.seconds_left)} left")
    return "; ".join(parts)


def shown_by(step: Callable[[str], None]) -> Callable[[Progress], None]:
    """Shows a progress by `step` whenever who is done, failed or in hand has changed."""
    last: list[tuple[int, int, tuple[str, ...]]] = []

    def show(progress: Progress) -> None:
        now = progress.done, progress.failed, tuple(task.code for task in progress.in_hand.values())
        if last[-1:] != [now]:
            last[:] = [now]
            step(progress_line(progress))

    return show


def _time_left(seconds: float) -> str:
    return counted(round(seconds / 60), "minute") if seconds >= 90 else counted(max(round(seconds), 1), "second")


def nation_page(outcome: Outcome, table: NationTable, csv_path: str) -> list[RenderableType]:
    """What the run came to, for people."""
    by_region = [*table.regions, table.everywhere]
    parts: list[RenderableType] = [
        _headline(outcome),
        terminal.heading("By region"),
        _table("Region", by_region),
        terminal.heading(f"The largest {min(LARGEST, len(table.authorities))}"),
        _table("Authority", sorted(table.authorities, key=lambda row: -row.plans)[:LARGEST]),
        f"\nINMSS: more or fewer children in INMSS or without a place than by today's practice as modelled, against "
        f"which money is saved too. {SUPPRESSED}: 1 to 4 children, or what would tell. People are invented.",
        f"Every authority, with seconds and memory: {csv_path}",
    ]
    return parts


def failures_text(failed: Sequence[tuple[Task, str]]) -> str:
    """Each authority that failed, by name, with why."""
    lines = [f"- {task.name} ({task.code}): {reason}" for task, reason in failed]
    return "\n".join((f"{counted(len(failed), 'authority', 'authorities')} failed:", *lines))


def _headline(outcome: Outcome) -> str:
    done = counted(len(outcome.done), "authority", "authorities")
    earlier = f", {outcome.found} of them by an earlier run" if outcome.found else ""
    return f"\n{done} planned{earlier}, in {_time_left(outcome.seconds)}."


def _table(what: str, rows: Sequence[Row]) -> RenderableType:
    return terminal.table((what, *SCREEN), [(row.name, *_cells(row)) for row in rows], right=SCREEN)


def _cells(row: Row) -> list[str]:
    shown = (protected.DUE, protected.IN, protected.OUT, protected.UNPLACED)
    counts = [_count(row.values[column]) for column in shown]
    return [*counts, _fewer(row.values[protected.FEWER_AWAY]), _millions(row.values["annual_saving_pence"])]


def _fewer(value: Value) -> str:
    """A count that is fewer with a minus, as a change is read."""
    return f"{-value:+,}" if isinstance(value, int) and value else str(value)


def _count(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _millions(value: Value) -> str:
    """Pence as pounds, in millions to a place where there are that many."""
    if not isinstance(value, int):
        return str(value)
    if abs(value) < 100_000_000:
        return pounds(value)
    return f"{'-' if value < 0 else ''}£{abs(value) / 100_000_000:,.1f}m"


def nation_csv(table: NationTable) -> str:
    """A line for each authority, in the run's order."""
    columns = ("Code", "Authority", "Region", "Active plans", *CSV.values(), "Plan")
    rows: list[list[Cell]] = [
        [row.code, row.name, row.region, row.plans, *(_plain(name, row.values[name]) for name in CSV), row.plan_id]
        for row in table.authorities
    ]
    return BYTE_ORDER_MARK + as_csv(Sheet("Authorities", columns, rows))


def _plain(name: str, value: Value) -> Cell:
    if isinstance(value, int) and name.endswith("_pence"):
        return round(value / 100)
    return round(value, 3) if isinstance(value, float) else value


def nation_json(outcome: Outcome, table: NationTable) -> dict[str, Any]:
    """The same for machines."""
    return {
        **_asked(outcome.asked),
        "authorities": [{"code": row.code, "plan_id": row.plan_id, **_row(row)} for row in table.authorities],
        "regions": [_row(row) for row in table.regions],
        "all": _row(table.everywhere),
        "failed": [{"code": task.code, "name": task.name, "reason": reason} for task, reason in outcome.failed],
        "seconds": round(outcome.seconds, 3),
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {"seed": asked.seed, "due": asked.due or "as published", "version": asked.version}


def _row(row: Row) -> dict[str, Any]:
    values = {name: round(value, 3) if isinstance(value, float) else value for name, value in row.values.items()}
    return {"name": row.name, "region": row.region, "plans": row.plans, **values}
