"""Page tokens: opaque, and refused unless this service made them for this list."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from shared.errors import InvalidInput

SEAL_BYTES = 12


@dataclass(frozen=True)
class PageTokens:
    """Makes and opens tokens with a secret key. `which` names the list and its filters."""

    key: bytes

    def make(self, which: str, position: Sequence[str]) -> str:
        """A token for what comes after `position`."""
        body = json.dumps([which, *position]).encode()
        return base64.urlsafe_b64encode(self._seal(body) + body).decode().rstrip("=")

    def open(self, which: str, token: str) -> list[str]:
        """The position that a token of this list was made for; empty for no token. Raises InvalidInput."""
        if not token:
            return []
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        seal, body = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise _not_ours()
        made_for, *position = json.loads(body)
        if made_for != which:
            raise _not_ours()
        return [str(part) for part in position]

    def _seal(self, body: bytes) -> bytes:
        return hmac.new(self.key, b"page:" + body, hashlib.sha256).digest()[:SEAL_BYTES]


def _not_ours() -> InvalidInput:
    return InvalidInput("page_token", "was not given by this call; start again without it")
