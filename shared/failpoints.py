"""Named places in the code at which a test kills the process, to prove that nothing is lost there.

They are written `if __debug__: failpoint("…")`, which Python leaves out of the compiled code under PYTHONOPTIMIZE=1: so
production settings have none. Elsewhere one does nothing until a test names a folder in INBOROUGH_FAILPOINTS and puts a
file there with the failpoint's name; the file goes first, so that each kills once. A number in the file is how often
the place is passed before it kills.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

FOLDER = os.environ.get("INBOROUGH_FAILPOINTS", "")


def failpoint(name: str) -> None:
    """Kill this process here, at once and without any clean-up, when a test has asked for it."""
    if not FOLDER:
        return
    armed = Path(FOLDER) / name
    try:
        left = int(armed.read_text() or 0)
    except (FileNotFoundError, ValueError):
        return
    if left > 0:
        armed.write_text(str(left - 1))
        return
    try:
        armed.unlink()
    except FileNotFoundError:  # another thread has it
        return
    os.kill(os.getpid(), signal.SIGKILL)
