"""The embedded system's processes: started together, logged to files, and never outliving the command.

All of them are one process group, led by a small shell, the warden. It waits on a pipe that the command holds: when
the command ends in any way, even killed, the pipe closes and the warden ends the group. (honcho's own manager forks a
reader for each process, and leaves processes behind when it is killed.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from services.cli.system.procfile import ROOT

STOP_SECONDS = 8.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024
WARDEN = "trap '' TERM INT HUP; read -r _; kill -TERM 0; sleep 8; kill -KILL 0"


class Processes:
    """Started processes; leaving the `with` stops them all."""

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        environment: Mapping[str, str],
        logs: Path,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._commands, self._logs, self._stop_seconds = commands, logs, stop_seconds
        self._environment = dict(environment, PATH=_path_with_this_python(environment))
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._warden: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._warden = subprocess.Popen(["/bin/sh", "-c", WARDEN], stdin=subprocess.PIPE, process_group=0)
        try:
            for name, command in self._commands.items():
                self.start(name, command)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def group(self) -> int:
        """Process group of them all."""
        return self._warden.pid

    def log_file(self, name: str) -> Path:
        """Where a process's output goes."""
        return self._logs / f"{name}.log"

    def stopped(self) -> list[str]:
        """Names of the processes that have ended."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def status(self, name: str) -> int | None:
        """The exit status of a process that was started; None while it runs."""
        return self._running[name].poll()

    def pid(self, name: str) -> int:
        """The process id of one that was started."""
        return self._running[name].pid

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start one more, or one that has ended again, with an environment of its own when one is given."""
        told = self._environment if environment is None else environment
        path = self.log_file(name)
        if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=told,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=self.group,
            )

    def wait(self, name: str, seconds: float) -> int:
        """The exit status of a process once it has ended. Raises subprocess.TimeoutExpired."""
        return self._running[name].wait(seconds)

    def ask_to_end(self) -> None:
        """Ask every process to end."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask every process to end, wait, then end what is left of the group, the warden with it."""
        self.ask_to_end()
        deadline = time.monotonic() + self._stop_seconds
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        for process in (*self._running.values(), self._warden):
            process.wait()
        _close(self._warden.stdin)


def _path_with_this_python(environment: Mapping[str, str]) -> str:
    """So that the Procfile's `python` is the one that runs this command."""
    return os.pathsep.join((str(Path(sys.executable).parent), environment.get("PATH", os.defpath)))


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with suppress(OSError):
            stream.close()
