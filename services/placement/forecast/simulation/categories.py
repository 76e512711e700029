"""The words by which children and places are counted in a simulation, and their numbers in every array."""

from __future__ import annotations

import numpy as np

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS
from services.placement.model.facts import INMSS_KINDS, KINDS_IN_WORDS

PLACE_KINDS = tuple(KINDS_IN_WORDS)
KINDS = (*PLACE_KINDS, "elsewhere", "unmet")
"""Kinds of placement in results; the last two are no place pool's: educated elsewhere, and without a place."""
ELSEWHERE, UNMET = len(PLACE_KINDS), len(PLACE_KINDS) + 1
INMSS = np.array([kind in INMSS_KINDS for kind in KINDS])
"""bool[K], by kind."""

FIRST_YEAR_GROUP = -4
"""The year group of age 0: index a of every array by age is year group a - 4."""
PHASES = ("early_years", "KS1", "KS2", "KS3", "KS4", "post_16")
_FIRST_AGE_OF_PHASE = (0, 4, 7, 11, 14, 16)
PHASE_OF_AGE = np.searchsorted(_FIRST_AGE_OF_PHASE, np.arange(AGE_COUNT), side="right") - 1
"""int[26], the phase of each age; Reception is counted with key stage 1."""
AGES_OF_PHASE = {
    phase: (first, last - 1)
    for phase, first, last in zip(PHASES, _FIRST_AGE_OF_PHASE, (*_FIRST_AGE_OF_PHASE[1:], AGE_COUNT), strict=True)
}

STAGES = ("under_8", "8_to_15", "16_and_over")
"""Ages between which the travel rules (Education Act 1996 Sch 35B), and so the prices, change."""
STAGE_OF_AGE = np.searchsorted((0, 8, 16), np.arange(AGE_COUNT), side="right") - 1
"""int[26], the stage of each age."""

REASONS = ("none", "new_plan", "phase_transfer", "breakdown", "review_change", "closure", "unmet")
"""Why a decision is due. "closure": the pool held has closed; "unmet": nothing was found last year."""
NOT_DUE, NEW_PLAN, PHASE_TRANSFER, BREAKDOWN, REVIEW_CHANGE, CLOSURE, STILL_UNMET = range(len(REASONS))
KEEPS_PLACE = np.array([reason in ("breakdown", "review_change") for reason in REASONS])
"""bool[7], by reason: the child holds the present place until it is moved (decision 4)."""


def need_bits(codes: tuple[str, ...]) -> int:
    """Needs as bits, the need of index i of NEEDS as bit i; codes that are none are left out."""
    return sum(1 << NEEDS.index(code) for code in dict.fromkeys(codes) if code and code in NEEDS)


def year_group(age: int) -> int:
    """The year group of an age in years on 31 August before the academic year."""
    return age + FIRST_YEAR_GROUP
