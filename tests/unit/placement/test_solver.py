"""The optimiser's process ends with the service that started it, even when that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

SECONDS = 60.0
START_AND_SAY = """
import time
from services.placement.solver import Solver
if __name__ == "__main__":
    solver = Solver()
    solver._worker.run(None)
    print(solver._worker._idle[0]._process.pid, flush=True)
    time.sleep(300)
"""


def runs(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_service_leaves_no_worker_behind(tmp_path: object) -> None:
    script = os.path.join(str(tmp_path), "start_and_say.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(START_AND_SAY)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as service:
        assert service.stdout is not None
        worker = int(service.stdout.readline())
        assert runs(worker)
        service.kill()
    deadline = time.monotonic() + SECONDS
    while runs(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs(worker)
