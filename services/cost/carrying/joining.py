"""What children would add to the runs of a group: the children who ask, with legs from and to their homes."""

from __future__ import annotations

from services.cost.carrying.groups import Group, describe, find_legs
from services.cost.carrying.people import IntArray, People, at, joined
from services.cost.carrying.planned import GroupPlan
from services.cost.carrying.terms import Terms
from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.joining import Joined, price_joining
from services.cost.transport.runs.problem import Legs
from services.cost.transport.travel import Points


def price_group(
    terms: Terms,
    each: GroupPlan,
    asking: People,
    children: IntArray,
    legs: tuple[Legs, Legs],
    child_at: IntArray,
    setting_at: IntArray,
) -> Joined:
    """What child `children[child_at[i]]` of those asking adds going to setting `setting_at[i]`, counted in the group.

    `legs` lead from these children to the group's points, and back. Who rides here already is taken out first.
    """
    travellers = describe(terms, asking, children)
    candidates = Candidates(travellers, *legs, traveller=child_at, destination=setting_at)
    return price_joining(each.group.problem, each.runs, candidates)


def legs_to_group(terms: Terms, people: People, group: Group, asking: People, children: IntArray) -> tuple[Legs, Legs]:
    """From these children's homes to the group's points, and back."""
    homes, points = at(asking.children.homes, children), points_of(people, group)
    return find_legs(terms, homes, points), find_legs(terms, points, homes)


def points_of(people: People, group: Group) -> Points:
    """The points of a group's problem: its settings, then its children's homes."""
    return joined(at(people.settings, group.settings), at(people.children.homes, group.travellers))
