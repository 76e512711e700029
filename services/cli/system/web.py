"""The pages of the embedded system: where they are, and whether they are served."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping

PORT = 8080
LOOPBACK = "127.0.0.1"


def pages_url(told: Mapping[str, str]) -> str:
    """Where browsers find the pages, by the variables that the process reads."""
    host, port = told.get("INBOROUGH_WEB_HOST") or LOOPBACK, told.get("INBOROUGH_WEB_PORT") or str(PORT)
    return told.get("INBOROUGH_WEB_PUBLIC_URL") or f"http://{host}:{port}"


def pages_are_served(told: Mapping[str, str], seconds: float = 1.0) -> bool:
    """Whether the pages answer."""
    host, port = told.get("INBOROUGH_WEB_HOST") or LOOPBACK, told.get("INBOROUGH_WEB_PORT") or str(PORT)
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/health", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
