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

MOST_TOGETHER = 60
"""Options of one destination that are priced together: those that could save most."""


def near_each_other(easting: IntArray, northing: IntArray, known: IntArray, metres: int) -> tuple[frozenset[int], ...]:
    """For each home, the rows of the other homes within so many metres in a straight line; none where it is not known.

    int64[K] each; `known` is 1 where the home is known.
    """
    apart = (easting[:, None] - easting) ** 2 + (northing[:, None] - northing) ** 2
    near = (apart <= metres**2) & (known[:, None] * known > 0)
    np.fill_diagonal(near, val=False)
    return tuple(frozenset(np.flatnonzero(row).tolist()) for row in near)


def could_save(joint: JointProblem, chosen: IntArray, saved: IntArray) -> IntArray:
    """int64[A], what each option would save its case if its journey there cost as little as it ever can; 0 where none.

    `saved` as in RunPrices. 0 too where the option is worse before money, or leads where the case goes already.
    """
    problem = joint.without_transport
    money, now = problem.option_terms[joint.money], chosen[problem.option_case]
    elsewhere = (now != NOT_PLACED) & (joint.destination != joint.destination[now])
    most = money[now] + saved[problem.option_case] - money - joint.least
    return np.where(elsewhere & joint.as_good_before_money(chosen), np.maximum(most, 0), 0).astype(np.int64)


def sent_together(joint: JointProblem, most_saved: IntArray) -> list[IntArray]:
    """For each destination, options there of children who could save and have a neighbour who could; where any."""
    rows, found = np.flatnonzero(most_saved), []
    case_of = joint.without_transport.option_case
    for destination in np.unique(joint.destination[rows]).tolist():
        there = rows[joint.destination[rows] == destination]
        best = np.sort(there[np.argsort(-most_saved[there], kind="stable")[:MOST_TOGETHER]])
        cases = set(case_of[best].tolist())
        near = np.array([bool(joint.neighbours[case] & cases) for case in case_of[best].tolist()], np.bool_)
        if near.any():
            found.append(best[near])
    return found
