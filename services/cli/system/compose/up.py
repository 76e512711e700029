"""`inborough up --compose`: the production profile as processes of this machine, until Ctrl-C."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.cli import exits, terminal
from services.cli.calls import CommandSettings
from services.cli.failures import CannotGoOn
from services.cli.system.compose.file import read_compose
from services.cli.system.compose.machine import LOOPBACK, LocalProcess, Machine
from services.cli.system.compose.shells import write_for_shells
from services.cli.system.compose.supervisor import Supervisor
from services.cli.system.ports import logs_folder
from services.cli.system.processes import Processes
from services.cli.system.signals import end_like_ctrl_c
from services.cli.typed import typed
from shared.machine import is_this_machine

COMMAND = "cli"
START_SECONDS = 300.0
STOP_SECONDS = 15.0
ANSWER_SECONDS = 3.0
UNDER_TLS = {"postgres": "POSTGRESQL_TLS", "rabbitmq": "RABBITMQ_TLS"}
"""Container -> the variable of .env that says whether it is reached under TLS."""
RABBITMQ_IN_THE_CLEAR = {"rabbitmq": f"{LOOPBACK}:5672"}
IN_THE_CLEAR = (
    "Warning: {server} is reached in the clear, on this machine alone, since .env says {variable}=off. "
    "docs/operating.md says how to put it under TLS."
)


@dataclass(frozen=True)
class Asked:
    """What the person wants run, and where what it does not run is. Fields as the options of the command."""

    file: Path = Path("docker-compose.yml")
    env_file: Path = Path(".env")
    hosts: Mapping[str, str] = field(default_factory=dict)
    shift: int = 0
    once: bool = False


def compose_values(env_file: Path) -> dict[str, str]:
    """Values of the compose file's variables: the environment's before those of `env_file`, as `docker compose` has it.

    Raises CannotGoOn when the file is not there.
    """
    from dotenv import dotenv_values

    if not env_file.is_file():
        raise CannotGoOn(
            f"{env_file} is not there.", "Copy .env.example to .env and fill it in, or name it: --env-file."
        )
    found = {name: value for name, value in dotenv_values(env_file, interpolate=False).items() if value is not None}
    return {**found, **os.environ}


def bring_up_compose(asked: Asked) -> int:
    """Start everything in order and stay until Ctrl-C, or with `once` stop when all is healthy. Raises CannotGoOn."""
    settings = CommandSettings()
    values = compose_values(asked.env_file)
    hosts = {**(RABBITMQ_IN_THE_CLEAR if values.get("RABBITMQ_TLS") == "off" else {}), **asked.hosts}
    machine = Machine(read_compose(asked.file, values), settings.var / "compose", hosts, asked.shift)
    in_the_clear = reached_in_the_clear(values, machine.outside())
    _need_answers(machine.outside())
    plan = machine.processes()
    need_free_ports(plan)
    logs = logs_folder(settings)
    end_like_ctrl_c()
    with Processes({}, os.environ, logs, STOP_SECONDS) as processes:
        terminal.say(f"Starting {len(plan)} processes of {asked.file}; logs in {logs}")
        supervisor = Supervisor(plan, processes, terminal.say)
        try:
            supervisor.wait_until_up(START_SECONDS)
            secrets = asked.file.parent / (values.get("SECRETS_FOLDER") or "secrets")
            told = write_for_shells(plan, machine.process(COMMAND), secrets, settings.var / "compose")
            for server in in_the_clear:
                terminal.say(IN_THE_CLEAR.format(server=server, variable=UNDER_TLS[server]))
            _say_how(plan, asked, told)
            if not asked.once:
                supervisor.stay()
        except KeyboardInterrupt:
            terminal.say("Stopping.")
        finally:
            supervisor.close()
    return exits.OK


def _say_how(plan: Sequence[LocalProcess], asked: Asked, told: Path) -> None:
    running = ", ".join(each.name for each in plan if not each.once)
    ports = f", with every port {asked.shift:+d}" if asked.shift else ""
    terminal.show(
        f"Inborough is up{ports}: {running}. Ctrl-C stops it; one that ends is started again.",
        f"Ask it from another terminal: . {told} && {typed('health')}",
    )
    terminal.say("Memory and processes are not limited here, as they are in containers.")


def reached_in_the_clear(values: Mapping[str, str], outside: Mapping[str, str]) -> list[str]:
    """Servers that are to be reached so, at addresses of this machine. Raises CannotGoOn for one elsewhere."""
    found = [name for name, variable in UNDER_TLS.items() if name in outside and values.get(variable) == "off"]
    for name in found:
        if not is_this_machine(outside[name].rpartition(":")[0]):
            raise CannotGoOn(
                f"{UNDER_TLS[name]}=off is for a server on this machine, and {name} is at {outside[name]}.",
                f"The network could read what it is sent: have it speak TLS, and take {UNDER_TLS[name]} out of .env.",
            )
    return found


def _need_answers(outside: Mapping[str, str]) -> None:
    """Raises CannotGoOn when a server that is not started here does not answer."""
    for name, address in outside.items():
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), ANSWER_SECONDS).close()
        except OSError:
            raise CannotGoOn(
                f"{name} does not answer at {address}.",
                f"It is not started here: start it, or say where it is: --host {name}=HOST:PORT. What it must have is "
                f"made by `{typed('prepare')}`. One here that speaks no TLS: {UNDER_TLS.get(name, '')}=off in .env.",
                exits.SERVICE_DOWN,
            ) from None


def need_free_ports(plan: Sequence[LocalProcess]) -> None:
    """Raises CannotGoOn, naming the port, when one cannot be listened on."""
    for port in sorted({port for each in plan for port in each.ports}):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                raise CannotGoOn(
                    f"Port {port} of {LOOPBACK} cannot be listened on ({error.strerror}).",
                    "Stop the program that has it, or move all ports: --shift 1000.",
                    exits.SERVICE_DOWN,
                ) from None
