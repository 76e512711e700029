"""Settings near each other and the children who travel to them, as problems that are planned one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.carrying.people import IntArray, People, at, joined
from services.cost.carrying.terms import Terms
from services.cost.domain.ride_limits import guide_minutes
from services.cost.transport.runs.grouping import group_settings
from services.cost.transport.runs.problem import Legs, RunsProblem, Travellers
from services.cost.transport.travel import Points


@dataclass(frozen=True, eq=False)
class Group:
    """Rows of settings and of children, and their problem, in which both stand in this order."""

    settings: IntArray
    travellers: IntArray
    problem: RunsProblem


def build_groups(terms: Terms, people: People, settings: IntArray, travellers: IntArray) -> list[Group]:
    """Groups of these settings with these children, each of whom goes to one of them; children may be few or none."""
    points = at(people.settings, settings)
    bells = bells_of(terms, people, settings)
    grouped = group_settings(find_legs(terms, points, points).metres, bells)
    goes_to = people.destination[travellers]
    rows = [settings[list(group)] for group in grouped]
    return [build_group(terms, people, group, travellers[np.isin(goes_to, group)]) for group in rows]


def build_group(terms: Terms, people: People, settings: IntArray, travellers: IntArray) -> Group:
    """One group, every child of which goes to one of its settings."""
    points = joined(at(people.settings, settings), at(people.children.homes, travellers))
    place = {row: at for at, row in enumerate(settings.tolist())}
    named = {people.ids[row] for row in travellers.tolist()}
    problem = RunsProblem(
        fleet=terms.hired,
        destination_ids=tuple(people.urns[row] for row in settings.tolist()),
        bell_minutes=bells_of(terms, people, settings),
        travellers=describe(terms, people, travellers),
        destination=np.array([place[row] for row in people.destination[travellers].tolist()], np.int64),
        legs=find_legs(terms, points, points),
        apart=frozenset(pair for pair in people.apart if not named.isdisjoint(pair)),
        set_down_early_minutes=terms.habits.set_down_early_minutes,
    )
    return Group(settings, travellers, problem)


def bells_of(terms: Terms, people: People, settings: IntArray) -> IntArray:
    """When the days of these settings begin, minutes after midnight."""
    return np.array([terms.bell_of(people.urns[row]) for row in settings.tolist()], np.int64)


def describe(terms: Terms, people: People, rows: IntArray) -> Travellers:
    """These children as the planner of runs knows them."""
    children, chosen = people.children, rows.tolist()

    def flags(column: Sequence[bool]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([column[row] for row in chosen], np.bool_)

    return Travellers(
        ids=tuple(people.ids[row] for row in chosen),
        wheelchair=flags(children.wheelchair),
        assistant=flags(children.assistant),
        solo=flags(children.solo),
        guide_minutes=np.array([guide_minutes(children.year_group[row]) for row in chosen], np.int64),
        boarding_minutes=np.full(len(chosen), terms.habits.boarding_minutes, np.int64),
    )


def find_legs(terms: Terms, sources: Points, targets: Points) -> Legs:
    """Metres and minutes from every point of one list to every point of another, in the morning's direction."""
    many, other = len(sources.known), len(targets.known)
    rows = np.repeat(np.arange(many, dtype=np.int32), other)
    columns = np.tile(np.arange(other, dtype=np.int32), many)
    found = terms.legs.find_journeys(sources, targets, rows, columns)
    shape = (many, other)
    return Legs(found.route_metres.astype(np.int64).reshape(shape), found.minutes.astype(np.int64).reshape(shape))
