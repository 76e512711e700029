"""Signals that ask the command to end: taken like Ctrl-C, so that every process is stopped first."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def end_like_ctrl_c() -> None:
    """From here on SIGTERM raises KeyboardInterrupt, and so does SIGHUP unless nohup asks to be left running."""
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _end)


@contextmanager
def own_ctrl_c() -> Iterator[None]:
    """Under make, take Ctrl-C from the terminal for this process alone.

    A terminal interrupts make too, which then fails however well its command ended. Elsewhere this changes nothing.
    """
    if not _shares_terminal_with_make():
        yield
        return
    group = os.getpgrp()
    held = signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # make would wait for what nobody could wake again
    os.setpgid(0, 0)
    _give_terminal(os.getpgrp())
    try:
        yield
    finally:
        os.setpgid(0, group)
        _give_terminal(group)
        signal.signal(signal.SIGTSTP, held)


def _shares_terminal_with_make() -> bool:
    if "MAKELEVEL" not in os.environ or not sys.stdin.isatty():
        return False
    return os.getpid() != os.getpgrp() == os.tcgetpgrp(sys.stdin.fileno())


def _give_terminal(group: int) -> None:
    held = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # who is not in front is stopped for asking to be
    os.tcsetpgrp(sys.stdin.fileno(), group)
    signal.signal(signal.SIGTTOU, held)


def _end(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
