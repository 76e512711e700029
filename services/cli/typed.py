"""The command as the person typed it, so that what is printed can be copied and works."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

NAME = "inborough"


def typed(rest: str) -> str:
    """ "inborough cases --due", or ".venv/bin/inborough cases --due" when the command is not on the PATH."""
    return f"{_name(sys.argv[0])} {rest}"


def _name(started_as: str) -> str:
    found = shutil.which(NAME)
    if Path(started_as).name != NAME or (found and Path(found).resolve() == Path(started_as).resolve()):
        return NAME
    return started_as
