"""From a document to its file, beside the pages: whoever asked waits, and no other page does."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

PROCESS = "services.web.papers.process"
MOST_AT_ONCE = 2
MOST_SECONDS = 60.0


class Typesetter:
    """Makes files of documents, a few at a time. For one event loop."""

    def __init__(self) -> None:
        self._few = asyncio.Semaphore(MOST_AT_ONCE)

    async def typeset(self, document: Mapping[str, Any]) -> bytes:
        """The file of a document of services/web/papers/document.py.

        Raises TimeoutError after a minute, and RuntimeError when it cannot be set, without its text, which is about
        children.
        """
        async with self._few:
            return await asyncio.wait_for(_run(json.dumps(document).encode()), MOST_SECONDS)


async def _run(document: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        PROCESS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        content, _ = await process.communicate(document)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        raise RuntimeError("the papers could not be set")
    return content
