"""Starting the command so that it hears Ctrl-C, however the suite itself was started.

A shell starts what runs in the background with Ctrl-C ignored, and everything below inherits that.
"""

from __future__ import annotations

import sys

_HEAR = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"


def hearing_ctrl_c(*command: str) -> list[str]:
    """The command line that runs this one with Ctrl-C heard."""
    return [sys.executable, "-c", _HEAR, *command]
