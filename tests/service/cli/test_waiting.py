"""Work that takes over a second: it shows progress, and Ctrl-C cancels it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders.ctrl_c import hearing_ctrl_c
from tests.service.cli.conftest import StandIns


@pytest.fixture
def waiting_forever(services: StandIns) -> Iterator[StandIns]:
    """ListCases does not answer before the test is over."""
    over = threading.Event()

    def wait(_: Any) -> None:
        over.wait(30)

    services.answer("ListCases", wait)
    yield services
    over.set()


def test_slow_work_says_what_it_does_and_ctrl_c_cancels_it(waiting_forever: StandIns) -> None:
    command = subprocess.Popen(
        hearing_ctrl_c(sys.executable, "-m", "services.cli.main", "cases"),
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stderr is not None
    assert command.stderr.readline() == "Reading cases …\n"
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)
    assert (command.returncode, out, err) == (130, "", "Stopped. Nothing that was under way is half-done.\n")
