"""Files that somebody sent and has yet to confirm: in memory for a while, never on disk, never in the database."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from shared.imports.bounds import Bounds
from shared.imports.report import SourceFile

MINUTES = 15
OF_THE_LARGEST = 2
"""Imports of the largest size that are held, of everybody together: the oldest go first."""


@dataclass(frozen=True)
class Held:
    """Files, what was said beside them, whose they are, and until when."""

    user_id: str
    files: Sequence[SourceFile]
    said: Mapping[str, str]
    until: float

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(len(file.content) for file in self.files)


class HeldFiles:
    """What is held, by an id that nobody can guess. For one event loop."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._most = OF_THE_LARGEST * Bounds().content

    def hold(self, user_id: str, files: Sequence[SourceFile], said: Mapping[str, str]) -> str:
        """Hold files for their user alone; their id."""
        key = f"held_{token_hex(16)}"
        self._held[key] = Held(user_id, list(files), dict(said), time.monotonic() + 60 * MINUTES)
        self._drop_old()
        return key

    def find(self, user_id: str, key: str) -> Held | None:
        """What this user's files under an id are; None when they are not held, or not theirs."""
        self._drop_old()
        found = self._held.get(key)
        return found if found is not None and found.user_id == user_id else None

    def drop(self, key: str) -> None:
        """Forget them."""
        self._held.pop(key, None)

    def _drop_old(self) -> None:
        now = time.monotonic()
        self._held = {key: held for key, held in self._held.items() if held.until > now}
        while len(self._held) > 1 and sum(held.size for held in self._held.values()) > self._most:
            del self._held[next(iter(self._held))]
