"""What a page says when there is more."""

from __future__ import annotations

from collections.abc import Iterator


def more(next_page_token: str) -> Iterator[str]:
    """How to see the rest; nothing on the last page."""
    if next_page_token:
        yield "More: --page-size 500; --json gives the token of the next page."
