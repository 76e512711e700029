"""One authority from nothing to its row of figures: invented, imported, planned, and removed again."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from inborough.placement.v1 import placement_pb2
from services.cli import calls
from services.cli.demo import PublishedTablesMissingError, write_demonstration
from services.cli.demo.homes import NoPostcodesError
from services.cli.failures import CannotGoOn
from services.cli.nation.results import Asked, Figures, Task
from services.cli.nation.stack import NotStarted, Services
from services.cli.nation.usage import MEGA, peak_megabytes, processor_seconds
from services.cli.system.demonstration import load
from shared.errors import InboroughError
from shared.ids import content_id

PLAN_SECONDS = 1800.0
OURS = "INBOROUGH_"
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an authority could not be done; nothing in it tells of a child."""

    reason: str


class Stopped(Exception):
    """The run is being stopped."""


@dataclass(frozen=True)
class Desk:
    """Where a worker does one authority after another.

    Parameters
    ----------
    services
        Imported and waiting.
    out
        The run's folder.
    go_on
        Raises Stopped once the run is being stopped.
    """

    services: Services
    out: Path
    go_on: Callable[[], None] = lambda: None

    def do(self, asked: Asked, task: Task) -> Figures | Failed:
        """Do one authority; what is expected to go wrong is told as Failed."""
        folder = council_folder(self.out, task.code)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return self._do(asked, task, folder)
        except (CannotGoOn, InboroughError) as error:
            return Failed(error.message)
        except (PublishedTablesMissingError, NoPostcodesError, NotStarted, ValueError) as error:
            return Failed(str(error))
        finally:
            clear(folder, asked.keep)

    def _do(self, asked: Asked, task: Task, folder: Path) -> Figures:
        files = folder / "files"
        invent_seconds, summary = _timed(
            lambda: write_demonstration(
                files,
                authority=task.code,
                seed=asked.seed,
                due=asked.due_of(task.plans),
                published=tables_of(self.out, task.code),
            )
        )
        self.go_on()
        began = time.perf_counter()
        with self.services.running(folder, task.ons_code, task.code) as stack, reaching(stack.environment):
            start_seconds = time.perf_counter() - began
            used = [processor_seconds(stack.pids)]
            import_seconds, _ = _timed(lambda: load(files))
            used.append(processor_seconds(stack.pids))
            self.go_on()
            plan_seconds, plan = _timed(_propose)
            used.append(processor_seconds(stack.pids))
            peak = peak_megabytes(stack.pids)
        return Figures(
            plans=summary.active_plans,
            decisions_due=plan.decisions_due,
            options_judged=plan.options_judged,
            options_open=plan.options_open,
            in_borough=plan.totals["placed"] - plan.totals["out_of_borough"],
            out_of_borough=plan.totals["out_of_borough"],
            unplaced=plan.totals["unplaced"],
            inmss=plan.totals["inmss"],
            practice_inmss=plan.practice_totals["inmss"],
            practice_unplaced=plan.practice_totals["unplaced"],
            annual_cost_pence=plan.totals["annual_budget_cost_pence"],
            practice_annual_cost_pence=plan.practice_totals["annual_budget_cost_pence"],
            invent_seconds=invent_seconds,
            start_seconds=start_seconds,
            import_seconds=import_seconds,
            plan_seconds=plan_seconds,
            solver_seconds=plan.solve_seconds,
            peak_megabytes=peak,
            import_processor_seconds=_between(*used[:2]),
            plan_processor_seconds=_between(*used[1:]),
            database_megabytes=sum(path.stat().st_size for end in ("", "-wal") for path in folder.glob(f"*.db{end}"))
            / MEGA,
            plan_id=content_of(plan),
        )


def content_of(plan: placement_pb2.PlacementPlan) -> str:
    """An id of what a plan says: who goes where, at what cost. The plan's own id is of its facts too, whose revisions
    differ from one database to another.
    """
    said = placement_pb2.PlacementPlan(
        first_day=plan.first_day, policy=plan.policy, rules_version=plan.rules_version, totals=plan.totals
    )
    said.assignment.update(plan.assignment)
    said.unplaced.extend(placement_pb2.UnplacedCase(case_id=case.case_id) for case in plan.unplaced)
    return content_id("plan", said.SerializeToString(deterministic=True))


def council_folder(out: Path, code: str) -> Path:
    """Where an authority's files, databases and logs are while it is in hand."""
    return out / "councils" / code


def tables_of(out: Path, code: str) -> Path:
    """Where an authority's own rows of the published tables are."""
    return out / "tables" / code


def clear(folder: Path, keep: str) -> None:
    """Remove what is not to be kept of an authority; see `Asked.keep`."""
    if keep == "all":
        return
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not (keep == "plans" and path.name.startswith("placement.db")):  # its write-ahead log is part of it
            path.unlink(missing_ok=True)
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def reaching(environment: Mapping[str, str]) -> Iterator[None]:
    """Calls made within reach the services that `environment` names, and no others."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _propose() -> placement_pb2.PlacementPlan:
    """A plan of the busiest first day: all its decisions due."""
    with calls.Services() as services:
        asked = placement_pb2.ProposePlanRequest()
        return calls.ask(services.placement.ProposePlan, asked, "Planning all decisions due", PLAN_SECONDS).plan


def _between(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _timed(work: Callable[[], AnswerT]) -> tuple[float, AnswerT]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer
