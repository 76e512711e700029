"""The id of a request, and the part of it that people quote.

Whoever begins a request (a page, a command) names it once. The name goes along with every call, so that it stands in
the log of every service that had a part in it; people see the last part, which finds the same lines.
"""

from __future__ import annotations

import secrets

from shared.logs import request_id

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing that is mistaken for something else when it is read out."""
BITS = 5
"""In each letter."""
LENGTH = 10


def new_request_id(began_by: str) -> str:
    """An id for a request that `began_by` began, such as "page_4h9x0c7mqt": two alike in a year's logs are unlikely."""
    number = secrets.randbits(BITS * LENGTH)
    return f"{began_by}_{''.join([LETTERS[number >> at & 31] for at in range(0, BITS * LENGTH, BITS)])}"


def reference() -> str:
    """What people quote of the request in hand, such as "4h9x0c7mqt"; "" outside of any."""
    named, _, rest = request_id.get().partition("_")
    return rest or named
