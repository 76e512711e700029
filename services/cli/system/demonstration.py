"""The demonstration authority in the running services: written, then imported like anybody's files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from services.cli import exits, terminal
from services.cli.calls import CommandSettings, Services, ask
from services.cli.failures import CannotGoOn
from services.cli.importing import COUNTED, Manner, import_path
from services.cli.today import VARIABLE, keep_day, kept_day
from services.cli.typed import typed
from services.words import counted

FILES = {
    "gias": "gias.csv",
    "pools": "pools.csv",
    "rates": "rates.csv",
    "fleet": "fleet.csv",
    "bell-times": "bell-times.csv",
    "sen2": "sen2",
    "preferences": "preferences.csv",
    "due": "due.csv",
    "travel-needs": "travel-needs.csv",
}
"""What `services.cli.demo` writes, in the order in which the imports need one another."""

UNFINISHED = "UNFINISHED"


def demonstration_folder(settings: CommandSettings) -> Path:
    """Where the demonstration's files are written when nobody says where."""
    return settings.var / "demonstration"


def is_demonstration(folder: Path) -> bool:
    """True for a folder that holds a demonstration, whole or cut short, and so may be written over."""
    return (folder / UNFINISHED).exists() or all((folder / name).exists() for name in FILES.values())


def load(folder: Path) -> Mapping[str, common_pb2.ImportReport]:
    """Import the folder's files in order, but for those without a row. Raises CannotGoOn when a row is refused."""
    reports = {}
    with Services() as services:
        for what, name in FILES.items():
            if _is_empty(folder / name):  # the smallest authorities have nobody who asked for a setting
                continue
            report = import_path(services, what, folder / name, Manner())
            if not report.accepted:
                refused = counted(len(report.problems), "row")
                raise CannotGoOn(
                    f"{name} was not imported: {refused} refused; the first: {_first(report)}.",
                    f"See them all with `{typed(f'import {what} {folder / name} --preview')}`.",
                    exits.ANSWER_IS_NO,
                )
            terminal.say(f"  {COUNTED[what]}: {report.created + report.updated + report.unchanged:,}")
            reports[what] = report
    return reports


def _is_empty(path: Path) -> bool:
    """Whether a file has a heading at most."""
    if path.is_dir():
        return False
    with path.open(encoding="utf-8-sig") as lines:
        return sum(1 for _, _ in zip(range(2), lines, strict=False)) < 2


def _first(report: common_pb2.ImportReport) -> str:
    problem = next(iter(report.problems), common_pb2.RowProblem(reason="no reason was given"))
    return f"{problem.file} row {problem.row}, {problem.column}: {problem.reason}"


def load_when_empty(settings: CommandSettings) -> bool:
    """Write and load the demonstration when there are no cases, or when loading it was cut short; whether it did."""
    folder = demonstration_folder(settings)
    unfinished = folder / UNFINISHED
    if _cases() and not unfinished.exists():
        return False
    from services.cli.demo import write_demonstration
    from services.cli.demo.days import EXPORT_DAY

    terminal.say("Loading the demonstration: an invented Halton, with nobody real in it.")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    write_demonstration(folder, authority=settings.authority)
    load(folder)
    keep_day(settings.var, EXPORT_DAY)
    unfinished.unlink()
    return True


def expected_day(settings: CommandSettings, demo: bool) -> str:
    """The day on which the services are to be started: one that is set or kept, or the demonstration's before it is
    loaded into a new var folder; "" for the real one."""
    from services.cli.demo.days import EXPORT_DAY

    told = os.environ.get(VARIABLE) or kept_day(settings.var)
    new = not any(settings.var.glob("*.db")) and not os.environ.get("INBOROUGH_CASELOAD_DATABASE_URL")
    return told or (EXPORT_DAY.isoformat() if demo and new else "")


def _cases() -> int:
    with Services() as services:
        return ask(services.caseload.ListCases, caseload_pb2.ListCasesRequest(page_size=1), "Counting cases").total
