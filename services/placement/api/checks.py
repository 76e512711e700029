"""Checks of what a request holds, the same in every servicer."""

from __future__ import annotations

import re

from google.protobuf.message import Message

from shared.errors import InvalidInput

LONGEST_TEXT = 20_000


def check_id(given: str, field: str, prefix: str) -> str:
    """The id, when it has the shape of one. Raises InvalidInput naming `field`, without what was given."""
    if not re.fullmatch(rf"{prefix}_[0-9a-f]{{16}}", given):
        raise InvalidInput(field, f'must be "{prefix}_" and 16 hexadecimal digits')
    return given


def check_texts(message: Message, *fields: str) -> None:
    """Free text is at most 20,000 characters and holds no NUL. Raises InvalidInput naming the field, not the text."""
    for field in fields:
        text: str = getattr(message, field)
        if len(text) > LONGEST_TEXT:
            raise InvalidInput(field, f"must be at most {LONGEST_TEXT:,} characters")
        if "\0" in text:
            raise InvalidInput(field, "holds a character that is no text (NUL); take it out")
