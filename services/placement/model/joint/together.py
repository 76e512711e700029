"""Who might go to one destination together: children due who live near each other and both may go there.

What a child adds to a run is dear while it would ride alone, and so neither of two children from one street is sent to
a school that would be best for both. Here both are sent there on paper, whatever places there are, and what each then
adds is what the optimiser is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.joint.problem import JointProblem
from services.placement.model.solution import NOT_PLACED


@dataclass(frozen=True, eq=False)
class Companions:
    """A trial in which children go to one destination together.

    Parameters
    ----------
    destination
        Where.
    chosen
        int64[K], the present plan with each of them there, in its best pool there.
    cases, rows
        int64[n], who is there or sent there beside a neighbour, and the option of each there. A case with several pools
        there has a row for each.
    """

    destination: int
    chosen: IntArray
    cases: IntArray
    rows: IntArray


def sent_together(joint: JointProblem, chosen: IntArray, destination: int) -> Companions | None:
    """Return the trial for a destination; None where no neighbours could be sent who are not there already."""
    case_of = joint.without_transport.option_case
    there = joint.best_first[joint.destination[joint.best_first] == destination]
    best: dict[int, int] = {}
    for row in there.tolist():
        best.setdefault(int(case_of[row]), row)
    near = {case: row for case, row in best.items() if joint.neighbours[case] & best.keys()}
    going = {case: row for case, row in near.items() if not _is_at(joint.destination, chosen[case], destination)}
    if not going:
        return None
    trial = chosen.copy()
    trial[list(going)] = list(going.values())
    rows = np.array([row for row in there.tolist() if int(case_of[row]) in near], dtype=np.int64)
    return Companions(destination, trial, case_of[rows].astype(np.int64), rows)


def _is_at(destinations: IndexArray, row: int, destination: int) -> bool:
    return row != NOT_PLACED and int(destinations[row]) == destination
