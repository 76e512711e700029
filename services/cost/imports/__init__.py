"""Readers of the files that councils send."""

from services.cost.imports.rate_rows import RateRow
from services.cost.imports.read_card import ReadCard, read_card

__all__ = ["RateRow", "ReadCard", "read_card"]
