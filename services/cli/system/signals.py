"""Signals that ask the command to end: taken like Ctrl-C, so that every process is stopped first."""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn


def end_like_ctrl_c() -> None:
    """From here on SIGTERM raises KeyboardInterrupt, and so does SIGHUP unless nohup asks to be left running."""
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _end)


def _end(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
