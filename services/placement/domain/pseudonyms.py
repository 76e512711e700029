"""Pseudonyms that a planner sees in place of case ids: keyed hashes, so that nobody without the key links the two."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pseudonyms:
    """Turns case ids into pseudonyms under placement's secret key; nothing turns them back."""

    key: bytes = field(repr=False)

    def of(self, case_id: str) -> str:
        """ "child_" and 16 hexadecimal digits: always the same for a case under the same key."""
        return f"child_{hmac.new(self.key, case_id.encode(), hashlib.sha256).hexdigest()[:16]}"
