"""Money is whole pence everywhere; pounds appear only at the edge."""

from __future__ import annotations

import re
from decimal import Decimal

_AMOUNT = re.compile(r"-?£?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,8})?", re.ASCII)


def parse_pounds(text: str) -> int:
    """Pence from "1,234.56", "£1,234.56" or "1234". Raises ValueError that states the rule.

    A comma only parts thousands: "12,34" is refused, not read as 1,234 pounds.
    """
    if not _AMOUNT.fullmatch(text.strip()):
        raise ValueError("not an amount in pounds; write 1234.56")
    pence = Decimal(text.strip().replace("£", "").replace(",", "")) * 100
    if pence != pence.to_integral_value():
        raise ValueError("not a whole number of pence; write at most two decimals, such as 1234.56")
    if abs(pence) > 10**12:
        raise ValueError("more than 10,000,000,000 pounds; check the figure")
    return int(pence)


def pounds(pence: int) -> str:
    """Whole pounds for reading: 4820049 gives "£48,200". Halves round to the even pound; a minus sign leads."""
    whole = round(Decimal(pence) / 100)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"
