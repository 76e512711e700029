"""Files to keep."""

from __future__ import annotations

import re

from starlette.responses import Response

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "toml": "text/toml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_download(content: bytes, stem: str, suffix: str) -> Response:
    """A file to keep, under a name that every system takes. `suffix`: csv, pdf, toml or xlsx."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-").casefold() or "inborough"
    return Response(
        content,
        media_type=MEDIA[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}.{suffix}"'},
    )
