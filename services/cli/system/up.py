"""`inborough up`: the embedded system from nothing to its first recommendations, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from enum import Enum, auto

from inborough.placement.v1 import placement_pb2
from services.cli import exits, terminal
from services.cli.calls import CommandSettings, Services, ask
from services.cli.failures import CannotGoOn
from services.cli.system.demonstration import expected_day, load_when_empty
from services.cli.system.first_look import show_first_look
from services.cli.system.health import SERVICES, check_services
from services.cli.system.ports import environment, logs_folder, need_free_ports
from services.cli.system.processes import Processes
from services.cli.system.procfile import listed_processes
from services.cli.system.signals import end_like_ctrl_c, own_ctrl_c
from services.cli.system.web import pages_are_served, pages_url
from services.cli.today import VARIABLE, kept_day, living_on
from services.cli.typed import typed
from shared.days import in_words
from shared.errors import NotSignedIn
from shared.identity.keys import make_keys

START_SECONDS = 180.0
LOOK_EVERY_SECONDS = 0.1

NEXT = {
    "cases --due": "the decisions that are due",
    "recommend CASE_ID": "ranked places for one child, and why",
    "plan": "all decisions due together",
    "routes": "the runs that carry children to school, shared",
    "pools": "places on the first day",
    "panel --help": "a panel's day, from its agenda to the signature",
    "--help": "everything else",
}


def bring_up(demo: bool, once: bool) -> int:
    """Start, load, show, and stay until Ctrl-C, or with `once` stop at once. Raises CannotGoOn."""
    settings = CommandSettings()
    was_started = settings.identity_folder.is_dir()
    if was_started and all(health.serving for health in check_services(seconds=0.5)):
        _need_ours(settings)
        terminal.show("Inborough is up already; nothing was started.", _next())
        return exits.OK
    _need_loopback(settings)
    told = environment(settings)
    need_free_ports(told)
    make_keys(settings.identity_folder)  # before any process or command here asks whether there are some
    end_like_ctrl_c()
    day = expected_day(settings, demo)
    with own_ctrl_c():
        while _run(settings, told, day, demo, once) is Ended.TO_START_ANEW:
            day = kept_day(settings.var)
    terminal.say(f"Stopped. What was loaded is kept in {settings.var}.")
    return exits.OK


class Ended(Enum):
    """Why the processes were stopped."""

    FOR_GOOD = auto()
    TO_START_ANEW = auto()


def _run(settings: CommandSettings, told: Mapping[str, str], day: str, demo: bool, once: bool) -> Ended:
    """Start, load, show and stay. What was loaded may live on another day than the processes were started on."""
    commands = listed_processes()
    with living_on(day), Processes(commands, {**told, VARIABLE: day}, logs_folder(settings)) as processes:
        terminal.say(f"Starting {', '.join(commands)}; logs in {logs_folder(settings)}")
        _wait_until_serving(processes, told)
        if demo and load_when_empty(settings) and kept_day(settings.var) != day and not told.get(VARIABLE):
            return Ended.TO_START_ANEW
        _say_which_day(settings, day)
        show_first_look()
        if not once:
            _stay(processes, told)
    return Ended.FOR_GOOD


def _need_ours(settings: CommandSettings) -> None:
    """Whoever answers on our ports is the Inborough of this var folder, and knows our keys."""
    try:
        with Services() as services:
            ask(services.placement.ListPolicies, placement_pb2.ListPoliciesRequest(), "Asking who answers")
    except (CannotGoOn, NotSignedIn):
        raise CannotGoOn(
            f"Another Inborough answers on these ports: not the one whose var folder is {settings.var.resolve()}.",
            "Use it with INBOROUGH_VAR set to its own var folder, or stop it, or give this one ports of its own: "
            "docs/operating.md lists them.",
            exits.SERVICE_DOWN,
        ) from None


def _need_loopback(settings: CommandSettings) -> None:
    if settings.tls:
        raise CannotGoOn(
            "INBOROUGH_TLS is set, and a system on one machine runs in the clear, on loopback.",
            "Unset it to start everything here. Under TLS each process is started by itself, with a certificate of its "
            "own: see docs/operating.md.",
        )


def _say_which_day(settings: CommandSettings, day: str) -> None:
    if day:
        whose = "the demonstration's own day" if day == kept_day(settings.var) else f"as {VARIABLE} says"
        terminal.say(f"Today is {in_words(date.fromisoformat(day))}, {whose}.")


def _wait_until_serving(processes: Processes, told: Mapping[str, str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        waiting = [health.service for health in check_services(seconds=0.5) if not health.serving]
        _need_running(processes)
        if not waiting and "web" in listed_processes() and not pages_are_served(told):
            waiting = ["web"]
        if not waiting:
            return
        if time.monotonic() > deadline:
            logs = ", ".join(str(processes.log_file(service)) for service in waiting)
            raise CannotGoOn(f"Not serving after {START_SECONDS:.0f} s: {logs}.", "", exits.SERVICE_DOWN)
        time.sleep(LOOK_EVERY_SECONDS)


def _stay(processes: Processes, told: Mapping[str, str]) -> None:
    terminal.show(
        _next(),
        f"\nThe pages: {pages_url(told)}",
        f"Inborough is up: {', '.join((*SERVICES, 'web'))}. Ctrl-C stops it.",
    )
    try:
        while True:
            _need_running(processes)
            time.sleep(LOOK_EVERY_SECONDS)
    except KeyboardInterrupt:
        terminal.say("Stopping.")


def _next() -> str:
    """Commands to copy, a line each, with what each shows."""
    commands = {typed(command): shows for command, shows in NEXT.items()}
    widest = max(map(len, commands))
    lines = (f"  {command:<{widest}}  {shows}" for command, shows in commands.items())
    return "\n".join(("\nTry next, in another terminal:", *lines))


def _need_running(processes: Processes) -> None:
    if stopped := processes.stopped():
        logs = ", ".join(str(processes.log_file(name)) for name in stopped)
        raise CannotGoOn(
            f"{', '.join(stopped)} stopped, so everything is stopped.", f"The reason is in {logs}", exits.SERVICE_DOWN
        )
