"""What a quote is told of its pairs, so that it knows whether a nearer setting would do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.placement.model.judge import Judgement

OPEN, ASKED_FOR = 1, 2
"""Bits: no rule fails it, none leaves a doubt, and a place is free; the family asked for the setting."""


def flags_of_case(judgement: Judgement, case_row: int) -> npt.NDArray[np.uint8]:
    """uint8[P], the flags of one case with every pool.

    A setting of which a person must still judge whether it is suitable is no reason yet to leave travel to a family.
    """
    facts, options = judgement.facts, judgement.open_options
    mine = slice(int(options.first[case_row]), int(options.first[case_row + 1]))
    flags = np.zeros(len(facts.pools), np.uint8)
    flags[options.pool[mine][~options.needs_judgement[mine]]] = OPEN
    flags[[pool.places_free == 0 for pool in facts.pools]] = 0
    for request in facts.cases[case_row].requests:
        flags[judgement.pools_at(request.urn)] |= ASKED_FOR
    return flags
