"""What a demonstration consists of, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemonstrationSummary:
    """What was written.

    `decisions_due` counts by reason. `settings_invented` is false only for the reference
    authority at its published size; `scaled` is true at any other size. `shape_from_england`
    says that the Department withheld the breakdown, so that only the total is the authority's.
    """

    folder: Path
    authority_name: str
    la_code: str
    seed: int
    active_plans: int
    closed_plans: int
    decisions_due: Mapping[str, int]
    preferences: int
    settings: int
    pools: int
    unknown_urn_children: int
    settings_invented: bool
    scaled: bool
    shape_from_england: bool

    @property
    def total_due(self) -> int:
        """Decisions due for every reason together."""
        return sum(self.decisions_due.values())
