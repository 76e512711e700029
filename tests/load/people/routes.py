"""Which page of ours an address is of, so that what was asked for is counted by page and never by anybody's id."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNKNOWN = "no page of ours"


class Routes:
    """Patterns such as /cases/{case_id}, the first that fits an address being its page."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._fitting = [(pattern, _expression(pattern)) for pattern in patterns]

    def name(self, path: str) -> str:
        """The pattern of an address; UNKNOWN when none fits."""
        alone = path.partition("?")[0].partition("#")[0]
        return next((pattern for pattern, fits in self._fitting if fits.fullmatch(alone)), UNKNOWN)


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+(?::path)?\})", pattern)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".+" if part.endswith(":path}") else "[^/]+"
