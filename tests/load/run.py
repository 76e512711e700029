"""One run: the profile brought up, the demonstration loaded, people let in, everything measured and checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.cli.calls import Services
from services.web.pages.table import PAGES
from tests.architecture.source import ROOT
from tests.builders.production import Running, production
from tests.faults.checks import Fault
from tests.faults.reader import Reader
from tests.load.people.outcomes import Played
from tests.load.people.seats import seats
from tests.load.plans import Plans
from tests.load.sampling import Machine, Meter, Usage
from tests.load.surroundings import versions
from tests.load.verdict import count_events, faults, wait_until_read

TODAY = "2024-02-01"
"""The demonstration's own day."""
OTHER_ROUTES = ("/sign-in", "/sign-in/council", "/sign-in/back", "/sign-out", "/static/{path:path}")
LOOK_EVERY_SECONDS, TELL_EVERY_SECONDS, STEP_SECONDS = 1.0, 10.0, 0.1
PEOPLE = "the people played"


class DidNotRun(Exception):
    """The run could not be made; the message says why and what to look at."""


@dataclass(frozen=True)
class Wanted:
    """Who comes and for how long. `thinks`: least and most seconds before a click, of panel users and of planners.

    `rest_seconds`: how long the system is measured before anybody comes, once it has been left alone for as long.
    `plans`: whether planners plan by the command.
    """

    panel_users: int = 50
    planners: int = 10
    minutes: float = 3.0
    thinks: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {"panel": (3.0, 10.0), "planner": (5.0, 20.0)}
    )
    arrive_seconds: float = 30.0
    rest_seconds: float = 30.0
    workers: int = 2
    seed: int = 1
    plans: bool = True


@dataclass(frozen=True)
class Measured:
    """Everything that a run found. `events`: what happened in placement meanwhile, by name."""

    ended_at: datetime
    versions: str
    played: Played
    at_rest: Mapping[str, Usage]
    under_load: Mapping[str, Usage]
    resting: Machine
    machine: Machine
    events: Counter[str]
    plan_seconds: list[float]
    plans_failed: int
    loaded_seconds: float
    read_after_seconds: float
    faults: list[Fault]
    restarts: list[str]


def run(wanted: Wanted, folder: Path, say: Callable[[str], None]) -> Measured:
    """Everything, with its files in `folder`. Raises DidNotRun, NoServer, CannotGoOn; cleans up whatever happens."""
    say("Bringing the production profile up, on databases and a virtual host of its own")
    values = {"INBOROUGH_TODAY": TODAY, "PLACEMENT_WORKERS": str(wanted.workers)}
    with production(folder, values) as system, reading(system) as reader:
        seconds = load_demonstration(system, say)
        wait_until_read(reader)
        ours = {name: system.processes.pid(name) for name, each in system.plan.items() if not each.once}
        meter, before = Meter(ours, system.name), count_events(reader)
        say(f"Leaving it alone for {wanted.rest_seconds:.0f} s, then measuring it at rest for as long")
        _look_for(wanted.rest_seconds, system, meter)
        _look_for(wanted.rest_seconds, system, meter)
        at_rest, resting = meter.usage(), meter.machine()
        plans = Plans(system.command.environment)
        played, under_load, machine = _let_in(wanted, system, meter, plans, say)
        say("Everybody has gone home. Checking that nothing was lost, oversold or left unread")
        read_after = wait_until_read(reader)
        found = faults(reader, played.deeds)
        return Measured(
            ended_at=datetime.now(UTC),
            versions=versions(),
            played=played,
            at_rest=at_rest,
            under_load=under_load,
            resting=resting,
            machine=machine,
            events=count_events(reader) - before,
            plan_seconds=plans.seconds,
            plans_failed=plans.failed,
            loaded_seconds=seconds,
            read_after_seconds=read_after,
            faults=found,
            restarts=list(system.said),
        )


@contextmanager
def reading(system: Running) -> Iterator[Reader]:
    """The services, read as the command reads them: with its certificate, as somebody of every role."""
    for name in [name for name in os.environ if name.startswith("INBOROUGH_")]:
        del os.environ[name]
    os.environ.update({name: v for name, v in system.command.environment.items() if name.startswith("INBOROUGH_")})
    with Services() as services:
        yield Reader(services.channel)


def load_demonstration(system: Running, say: Callable[[str], None]) -> float:
    """By the command under TLS, as an administrator would; the seconds it took. Raises DidNotRun."""
    began, out = time.monotonic(), system.folder / "demonstration"
    say("Loading the demonstration through the command, under TLS")
    command = [sys.executable, "-m", "services.cli.main", "demo", "--out", str(out), "--load"]
    done = subprocess.run(command, cwd=ROOT, env=system.command.environment, capture_output=True, text=True)
    if done.returncode:
        raise DidNotRun(f"The demonstration was not loaded: {done.stderr.strip()[-2000:]}")
    return time.monotonic() - began


def _look_for(seconds: float, system: Running, meter: Meter) -> None:
    meter.begin()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        system.supervisor.step()
        meter.look()
        time.sleep(LOOK_EVERY_SECONDS)


def _let_in(
    wanted: Wanted, system: Running, meter: Meter, plans: Plans, say: Callable[[str], None]
) -> tuple[Played, Mapping[str, Usage], Machine]:
    """The people come, work and go, in a process of their own."""
    everybody = seats(wanted.panel_users, wanted.planners)
    system.issuer.people.update({seat.who: seat.claims for seat in everybody})
    script, result = system.folder / "script.json", system.folder / "played.json"
    script.write_text(json.dumps(_script(wanted, system)), encoding="utf-8")
    say(f"{wanted.panel_users} panel users and {wanted.planners} planners come, for {wanted.minutes:g} min")
    with _playing(script, result, system.folder) as people:
        meter.add(PEOPLE, people.pid)
        meter.begin()
        looked = told = time.monotonic()
        while people.poll() is None:
            system.supervisor.step()
            if wanted.plans and wanted.planners:
                plans.step()
            if time.monotonic() - looked >= LOOK_EVERY_SECONDS:
                meter.look()
                looked = time.monotonic()
            if time.monotonic() - told >= TELL_EVERY_SECONDS:
                say(_how_far(system.folder / "people.out"))
                told = time.monotonic()
            time.sleep(STEP_SECONDS)
        plans.close()
    if people.returncode or not result.is_file():
        raise DidNotRun(f"The people did not come: {(system.folder / 'people.err').read_text()[-2000:]}")
    return Played.from_json(json.loads(result.read_text(encoding="utf-8"))), meter.usage(), meter.machine()


def _script(wanted: Wanted, system: Running) -> dict[str, Any]:
    return {
        "web": system.web,
        "seats": [{"who": seat.who, "role": seat.role} for seat in seats(wanted.panel_users, wanted.planners)],
        "seconds": wanted.minutes * 60,
        "arrive_seconds": min(wanted.arrive_seconds, wanted.minutes * 60 / 3),
        "thinks": dict(wanted.thinks),
        "seed": wanted.seed,
        "routes": [*OTHER_ROUTES, *(page.path for page in PAGES)],
    }


@contextmanager
def _playing(script: Path, result: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The people's process, which is ended whatever happens here."""
    command = [sys.executable, "-m", "tests.load.people.process", str(script), str(result)]
    with (folder / "people.out").open("wb") as out, (folder / "people.err").open("wb") as err:
        people = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=err, process_group=0)
        try:
            yield people
        finally:
            if people.poll() is None:
                people.kill()
            people.wait()


def _how_far(told: Path) -> str:
    lines = told.read_text(encoding="utf-8").splitlines()
    if not lines:
        return "  nobody is here yet"
    last = json.loads(lines[-1])
    return f"  {last['people']} people, {last['requests']} requests, {last['failed']} failed"
