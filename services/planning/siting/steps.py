"""Where a search for bids is, in words."""

from __future__ import annotations

from services.placement.model.siting import SitingProgress
from shared.pence import pounds


def step_line(progress: SitingProgress) -> str:
    """ "Next best set 2 of 3: 14 s; saves £1,200,000, within 0.4 %"."""
    what = {"best": "Choosing bids", "runner-up": "Next best set", "hindsight": "Each path had it been known"}
    number = "" if progress.doing == "best" else f" {progress.number} of {progress.of}"
    saving = "" if progress.saving_pence is None else f"; saves {pounds(progress.saving_pence)}"
    gap = "" if progress.gap is None else f", within {progress.gap * 100:.1f} %"
    return f"{what[progress.doing]}{number}: {progress.seconds:.0f} s{saving}{gap}"
