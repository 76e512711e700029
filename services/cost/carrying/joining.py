"""What children would add to the runs of a group: the children who ask, with legs from and to their homes."""

from __future__ import annotations

import numpy as np

from services.cost.carrying.groups import Group, describe, find_legs
from services.cost.carrying.people import IntArray, People, at, joined
from services.cost.carrying.planned import GroupPlan
from services.cost.carrying.terms import Terms
from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.joining import Joined, price_joining
from services.cost.transport.travel import Points


def price_group(
    terms: Terms, within: People, each: GroupPlan, asking: People, child_at: IntArray, setting_at: IntArray
) -> Joined:
    """Child `child_at[i]` of those asking joins the runs to setting `setting_at[i]` of the group, counted within it.

    `within` are the people whose rows the group counts by; a child of theirs who asks is taken out of its run first.
    """
    children, traveller = np.unique(child_at, return_inverse=True)
    homes, points = at(asking.children.homes, children), points_of(within, each.group)
    candidates = Candidates(
        travellers=describe(terms, asking, children),
        to_points=find_legs(terms, homes, points),
        from_points=find_legs(terms, points, homes),
        traveller=traveller.astype(np.int64),
        destination=setting_at,
    )
    return price_joining(each.group.problem, each.runs, candidates)


def points_of(people: People, group: Group) -> Points:
    """The points of a group's problem: its settings, then its children's homes."""
    return joined(at(people.settings, group.settings), at(people.children.homes, group.travellers))
