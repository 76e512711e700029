"""Who might go to one destination together: children due who live near each other and could both gain by it.

What a child adds to a run is dear while it would ride alone, and so neither of two children from one street is sent to
a school that would be best for both. Here each is priced as if the other were on board too, whatever places there are,
and that is what the optimiser is told.
"""

from __future__ import annotations

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.joint.problem import JointProblem
from services.placement.model.solution import NOT_PLACED


def could_gain(joint: JointProblem, chosen: IntArray, saved: IntArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """bool[A], the options that would cost less than a case's own if its journey there cost as little as it ever can.

    `saved` as in RunPrices. False where the option is worse before money, or leads where the case goes already.
    """
    problem = joint.without_transport
    money, now = problem.option_terms[joint.money], chosen[problem.option_case]
    elsewhere = (now != NOT_PLACED) & (joint.destination != joint.destination[now])
    cheaper = money + joint.least < money[now] + saved[problem.option_case]
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = elsewhere & cheaper & joint.as_good_before_money(chosen)
    return found


def sent_together(joint: JointProblem, could: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[IntArray]:
    """For each destination, options there of children who could gain and have a neighbour who could; where any."""
    rows = np.flatnonzero(could)
    found = []
    for destination in np.unique(joint.destination[rows]).tolist():
        there = rows[joint.destination[rows] == destination]
        cases = joint.without_transport.option_case[there].tolist()
        near = {case for case in cases if joint.neighbours[case] & set(cases)}
        if near:
            found.append(there[[case in near for case in cases]])
    return found
