"""Cells that more than one of this service's files has."""

from __future__ import annotations

import re

from shared.pence import parse_pounds

MOST_SOURCE = 200


def version_name(what: str, cell: object) -> str:
    """The authority's name for something kept version by version. Raises ValueError that states the rule."""
    name = str(cell).strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}", name):
        raise ValueError(f"not a {what} name; use up to 40 letters, digits, hyphens and full stops")
    return name


def price(cell: object) -> int:
    """Pence of an amount in pounds, 0 or more. Raises ValueError that states the rule."""
    pence = parse_pounds(str(cell))
    if pence < 0:
        raise ValueError("below 0; a rate is what is paid, 0 or more")
    return pence


def source_words(cell: object) -> str:
    """Where a figure comes from. Raises ValueError that states the rule."""
    words = str(cell).strip()
    if len(words) > MOST_SOURCE:
        raise ValueError(f"longer than {MOST_SOURCE} characters; shorten it")
    return words
