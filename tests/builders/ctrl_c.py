"""Starting the command so that it hears Ctrl-C, however the suite itself was started.

A shell starts what runs in the background with Ctrl-C ignored, and everything below inherits that.
"""

from __future__ import annotations

import sys

_HEAR = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def hearing_ctrl_c(*arguments: str) -> list[str]:
    """The command line that runs this Python with these arguments."""
    return [sys.executable, "-c", _HEAR, *arguments]
