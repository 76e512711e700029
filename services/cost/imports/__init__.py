"""Readers of the files that councils send."""

from services.cost.imports.bell_times import ReadBellTimes, read_bell_times
from services.cost.imports.rate_rows import RateRow
from services.cost.imports.read_card import ReadCard, read_card
from services.cost.imports.read_fleet import ReadFleet, read_fleet

__all__ = ["RateRow", "ReadBellTimes", "ReadCard", "ReadFleet", "read_bell_times", "read_card", "read_fleet"]
