"""A process that does nothing for longer than any test: `python -m tests.builders.sleeper`."""

from __future__ import annotations

import time

if __name__ == "__main__":
    time.sleep(600)
