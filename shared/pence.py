"""Money is whole pence everywhere; pounds appear only at the edge."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def parse_pounds(text: str) -> int:
    """Pence from "1,234.56", "£1,234.56" or "1234". Raises ValueError that states the rule."""
    cleaned = text.strip().removeprefix("£").replace(",", "")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError("not an amount in pounds; write 1234.56") from None
    pence = amount * 100
    if not amount.is_finite() or pence != pence.to_integral_value():
        raise ValueError("not a whole number of pence; write at most two decimals, such as 1234.56")
    if abs(pence) > 10**12:
        raise ValueError("more than 10,000,000,000 pounds; check the figure")
    return int(pence)


def pounds(pence: int) -> str:
    """Whole pounds for reading: 4820049 gives "£48,200". Halves round to the even pound; a minus sign leads."""
    whole = round(Decimal(pence) / 100)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"
