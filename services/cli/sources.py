"""Files on the user's disk as their readers take them."""

from __future__ import annotations

from pathlib import Path

from services.planning.refused import Refused
from shared.imports.report import MAX_IMPORT_BYTES, SourceFile


def source_of(path: Path) -> SourceFile:
    """A file's name and bytes. Raises Refused, before it is read, when it is too large."""
    if path.stat().st_size > MAX_IMPORT_BYTES:
        raise Refused(f"{path} is larger than 128 MiB.", "Leave out paths or cells that are not needed.")
    return SourceFile(path.name, path.read_bytes())
