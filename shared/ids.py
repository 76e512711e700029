"""Opaque prefixed ids. None says anything of a child."""

from __future__ import annotations

import hashlib
import secrets


def new_id(prefix: str) -> str:
    """A random id such as "req_9f2c0a7be21d4433"."""
    return f"{prefix}_{secrets.token_hex(8)}"


def content_id(prefix: str, *parts: bytes | str) -> str:
    """An id made from content: the same parts in the same order give the same id on any machine."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "little") + raw)
    return f"{prefix}_{digest.hexdigest()[:16]}"
