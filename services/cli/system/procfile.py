"""`deploy/Procfile`, the one list of the embedded system's processes."""

from __future__ import annotations

import shlex
from pathlib import Path

from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parents[3]
PROCFILE = ROOT / "deploy" / "Procfile"


def listed_processes() -> dict[str, list[str]]:
    """Name to command line, in the file's order."""
    found = parse_procfile(PROCFILE.read_text(encoding="utf-8"))
    return {name: shlex.split(command) for name, command in found.processes.items()}
