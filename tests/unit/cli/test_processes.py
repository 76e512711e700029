"""Processes started together: logged, watched, stopped, and never left behind."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from services.cli.system.processes import Processes
from services.cli.system.procfile import ROOT
from tests.builders.ctrl_c import hearing_ctrl_c

SLEEPER = "import time; print('started', flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('started', flush=True); time.sleep(60)"
)
PARENT_OF_ONE = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); time.sleep(60)"


def python(code: str) -> list[str]:
    return ["python", "-c", code]


def wait_for(condition: object, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if callable(condition) and condition():
            return True
        time.sleep(0.05)
    return False


def alive_in_group(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


STAYING = """
from services.cli.system.signals import own_ctrl_c
with own_ctrl_c():
    try:
        print("up", flush=True)
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
print("own group:", os.getpgrp() == os.getpid(), flush=True)
"""


@pytest.mark.skipif(not all(map(shutil.which, ("make", "setsid"))), reason="make or setsid is not on this machine")
def test_under_make_ctrl_c_ends_the_command_and_not_make(tmp_path: Path) -> None:
    (tmp_path / "staying.py").write_text(f"import os, time\n{STAYING}")
    (tmp_path / "Makefile").write_text(f"run:\n\t@{sys.executable} {tmp_path / 'staying.py'}\n\t@echo next\n")
    make = hearing_ctrl_c("setsid", "--ctty", "make", "-C", str(tmp_path), "--no-print-directory", "run")
    terminal, theirs = pty.openpty()
    told = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(make, stdin=theirs, stdout=theirs, stderr=theirs, env=told) as child:
        os.close(theirs)
        said = b""
        while b"up" not in said:
            said += os.read(terminal, 1000)
        os.write(terminal, b"\x03")
        with suppress(OSError):  # the end of a terminal
            while more := os.read(terminal, 1000):
                said += more
    os.close(terminal)
    assert child.returncode == 0
    assert said.decode().split("^C")[1].split("\r\n")[:-1] == ["Stopped.", "own group: False", "next"]


def test_output_goes_to_a_log_file_of_each(tmp_path: Path) -> None:
    with Processes({"cost": python("print('hello')")}, os.environ, tmp_path) as processes:
        assert wait_for(lambda: processes.stopped() == ["cost"])
        assert processes.log_file("cost").read_text() == "hello\n"


def test_the_python_is_the_one_that_runs_the_command(tmp_path: Path) -> None:
    with Processes({"cost": python("import sys; print(sys.executable)")}, os.environ, tmp_path) as processes:
        assert wait_for(lambda: processes.stopped() == ["cost"])
        assert Path(processes.log_file("cost").read_text().strip()).parent == Path(sys.executable).parent


def test_leaving_stops_every_process_and_its_children(tmp_path: Path) -> None:
    commands = {"one": python(SLEEPER), "two": python(PARENT_OF_ONE)}
    with Processes(commands, os.environ, tmp_path) as processes:
        assert wait_for(lambda: "started" in processes.log_file("two").read_text())
        group = processes.group
    assert wait_for(lambda: not alive_in_group(group))


def test_a_process_that_does_not_end_when_asked_is_ended(tmp_path: Path) -> None:
    with Processes({"one": python(STUBBORN)}, os.environ, tmp_path, stop_seconds=0.2) as processes:
        assert wait_for(lambda: "started" in processes.log_file("one").read_text())
        group = processes.group
    assert wait_for(lambda: not alive_in_group(group))


def test_a_log_that_has_grown_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    with Processes({"one": python(SLEEPER)}, os.environ, tmp_path) as processes:
        assert wait_for(lambda: processes.log_file("one").read_text() == "started\n")
    assert (tmp_path / "one.log.1").exists()


def test_a_killed_command_leaves_no_process_behind(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from services.cli.system.processes import Processes\n"
        f"with Processes({{'one': ['python', '-c', {SLEEPER!r}]}}, os.environ, Path({str(tmp_path)!r})) as started:\n"
        "    print(started.group, flush=True); time.sleep(60)"
    )
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert command.stdout is not None
    group = int(command.stdout.readline())
    try:
        assert wait_for(lambda: "started" in (tmp_path / "one.log").read_text())
        command.kill()
        command.wait()
        assert wait_for(lambda: not sleepers(group))
    finally:
        command.stdout.close()
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def sleepers(group: int) -> list[str]:
    """Python processes of the group; its warden is a shell and lingers a few seconds to make sure."""
    found = subprocess.run(["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(maxsplit=1) for line in found.splitlines())
    return [args for pgid, args in rows if pgid == str(group) and "time.sleep" in args]
