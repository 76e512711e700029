"""Checks of what a request holds, the same in every servicer."""

from __future__ import annotations

import re

from shared.errors import InvalidInput


def check_id(given: str, field: str, prefix: str) -> str:
    """The id, when it has the shape of one. Raises InvalidInput naming `field`, without what was given."""
    if not re.fullmatch(rf"{prefix}_[0-9a-f]{{16}}", given):
        raise InvalidInput(field, f'must be "{prefix}_" and 16 hexadecimal digits')
    return given
