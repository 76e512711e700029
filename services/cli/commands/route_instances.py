"""`routes --instances`: public route instances solved by the engine of runs, beside their best known values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.cost.transport.runs.cvrp_file import CvrpInstance


def solve_instances(folder: Path, seconds: float, *, json: bool) -> None:
    """Solve each file of the folder for so many seconds and show cost, best known value and gap, and their mean.

    Every file is read before the first is solved, so that a bad one is known at once.
    """
    from services.cli import terminal
    from services.cli.failures import CannotGoOn
    from services.cost.transport.runs.cvrp_file import list_instances, read_instance

    try:
        instances = [read_instance(file) for file in list_instances(folder)]
        rows = _solve(instances, seconds)
    except ValueError as error:
        raise CannotGoOn(str(error), "Correct it, or name another folder of .vrp files.") from None
    gaps = [row["gap_percent"] for row in rows if row["gap_percent"] is not None]
    mean = round(sum(gaps) / len(gaps), 3) if gaps else None
    if json:
        terminal.show_json({"seconds": seconds, "instances": rows, "mean_gap_percent": mean})
        return
    columns = ("Instance", "Stops", "Routes", "Cost", "Best known", "Gap")
    terminal.show(terminal.table(columns, [_cells(row) for row in rows], right=columns[1:]))
    terminal.show(*(f"{row['name']}: {note}." for row in rows for note in row["notes"]))
    terminal.show("No best value is known." if mean is None else f"Mean gap: {mean:.2f} %.")


def _solve(instances: list[CvrpInstance], seconds: float) -> list[dict[str, Any]]:
    from services.cli import terminal
    from services.cost.transport.runs.cvrp import cost_of, solve_cvrp

    rows = []
    with terminal.steps("Solving") as tell:
        for number, instance in enumerate(instances, start=1):
            where = f"{number} of {len(instances)}, {instance.name}"
            tell(where)
            routes = solve_cvrp(instance, seconds, lambda cost, where=where: tell(f"{where}: {cost:,}"))  # type: ignore[misc]
            rows.append(_row(instance, len(routes), cost_of(instance, routes)))
    return rows


def _row(instance: CvrpInstance, routes: int, cost: int) -> dict[str, Any]:
    known = instance.best_known
    return {
        "name": instance.name,
        "stops": len(instance.demand) - 1,
        "routes": routes,
        "cost": cost,
        "best_known": known,
        "gap_percent": None if known is None else round(100 * (cost - known) / known, 3),
        "notes": list(instance.notes),
    }


def _cells(row: dict[str, Any]) -> list[str]:
    known, gap = row["best_known"], row["gap_percent"]
    shown = [f"{row[name]:,}" for name in ("stops", "routes", "cost")]
    return [row["name"], *shown, "" if known is None else f"{known:,}", "" if gap is None else f"{gap:.2f} %"]
