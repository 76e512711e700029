"""Sets of bids beside each other, in words."""

from __future__ import annotations

from collections.abc import Sequence


def difference(refs: Sequence[str], best: Sequence[str]) -> str:
    """What a set has more and fewer than the best: "with X, without Y"."""
    if not refs:
        return "no bid funded"
    more, fewer = ([r for r in a if r not in b] for a, b in ((refs, best), (best, refs)))
    parts = [f"with {', '.join(more)}" if more else "", f"without {', '.join(fewer)}" if fewer else ""]
    return ", ".join(part for part in parts if part) or "the same bids"
