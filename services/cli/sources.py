"""Files on the user's disk as their readers take them."""

from __future__ import annotations

from pathlib import Path

from services.planning.refused import Refused
from shared.imports.bounds import Bounds
from shared.imports.report import SourceFile


def source_of(path: Path) -> SourceFile:
    """A file's name and bytes. Raises Refused, before it is read, when it is too large."""
    bounds = Bounds()
    if path.stat().st_size > bounds.content:
        raise Refused(f"{path} is larger than {bounds.mib} MiB.", "Leave out paths or cells that are not needed.")
    return SourceFile(path.name, path.read_bytes())
