"""What children would add to the runs of a group: the children who ask, with legs from and to their homes."""

from __future__ import annotations

from services.cost.carrying.groups import Group, find_legs
from services.cost.carrying.people import IntArray, People, at, joined
from services.cost.carrying.planned import GroupPlan
from services.cost.carrying.terms import Terms
from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.joining import Joined
from services.cost.transport.runs.problem import Legs, Travellers
from services.cost.transport.travel import Points


def price_group(
    each: GroupPlan, asking: Travellers, legs: tuple[Legs, Legs], child_at: IntArray, setting_at: IntArray
) -> Joined:
    """What child `child_at[i]` of those asking adds going to setting `setting_at[i]`, counted in the group.

    `legs` lead from these children to the group's points, and back. Who rides here already is taken out first.
    """
    return each.to_join.join(Candidates(asking, *legs, traveller=child_at, destination=setting_at))


def legs_to_group(terms: Terms, people: People, group: Group, asking: People, children: IntArray) -> tuple[Legs, Legs]:
    """From these children's homes to the group's points, and back."""
    homes, points = at(asking.children.homes, children), points_of(people, group)
    return find_legs(terms, homes, points), find_legs(terms, points, homes)


def points_of(people: People, group: Group) -> Points:
    """The points of a group's problem: its settings, then its children's homes."""
    return joined(at(people.settings, group.settings), at(people.children.homes, group.travellers))
