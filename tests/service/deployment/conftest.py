"""The production profile, run once for all tests here as `inborough up --compose` runs it, on the tests' servers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.cli.system.compose.machine import LocalProcess
from tests.builders.production import NoServer, Running, production
from tests.conftest import need_server

USER = "10001"
CONFINED = f"""mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec setpriv --reuid {USER} --regid {USER} \\
  --clear-groups --no-new-privs --bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search \\
  --ambient-caps=-all,+dac_read_search "$@" """
"""Runs a command as its container does: read-only but for one folder, as a user without rights. To read every file is
the one that is left, in place of the owners that files have in production."""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every container's command as a process of this machine, two scenario workers among them."""
    try:
        with production(tmp_path_factory.mktemp("compose"), {"PLACEMENT_WORKERS": "2"}, confined) as found:
            found.issuer.claims["roles"] = ["panel_chair"]
            yield found
    except NoServer as missing:
        need_server(missing.which, missing.variable)


def can_confine() -> bool:
    """Whether this machine lets the tests run processes as containers do: root, on Linux, with mounts of its own."""
    command = ["unshare", "-m", "--propagation", "private", "mount", "-o", "remount,bind,ro", "/"]
    programs = all(shutil.which(each) for each in ("unshare", "setpriv"))
    return programs and subprocess.run(command, capture_output=True, check=False).returncode == 0


def confined(process: LocalProcess) -> LocalProcess:
    """The same process with no more rights than its container has, where the machine allows that."""
    if not CAN_CONFINE:
        return process
    scratch = process.environment["TMPDIR"]
    os.chown(scratch, int(USER), int(USER))
    around = ("unshare", "-m", "--propagation", "private", "sh", "-c", CONFINED, scratch)
    return replace(process, command=(*around, *process.command))


CAN_CONFINE = can_confine()
