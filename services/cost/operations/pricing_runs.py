"""Price by runs who goes where in a trial. Nothing is kept, and what is remembered changes no answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import numpy as np

from inborough.cost.v1 import transport_pb2
from services.cost.carrying.groups import build_groups, describe
from services.cost.carrying.joining import legs_to_group, price_group
from services.cost.carrying.people import NOWHERE, BoolArray, Candidates, IntArray, People, find_least_metres
from services.cost.carrying.planned import GroupPlan
from services.cost.carrying.solver import Stopped
from services.cost.carrying.terms import Terms
from services.cost.operations.runs_office import RunsOffice
from services.cost.people_wire import candidates_from_wire, people_from_wire
from services.cost.storage.tables import travel_matrix_revisions
from services.cost.transport.runs.bound import least_pence_per_day
from services.cost.transport.runs.leaving import saved_pence_per_day
from shared.database import current_revision, reading
from shared.errors import WrongState
from shared.ids import content_id


def price_runs(
    office: RunsOffice, first_day: date, asked: transport_pb2.PriceRunsRequest, gone: threading.Event
) -> transport_pb2.PriceRunsResponse:
    """What all runs cost, what each child's leaving saves, what each candidate adds, and the least of each.

    Raises WrongState without a fleet or a rate card, InvalidInput and TooMuch as `people_from_wire`.
    """
    people, candidates = people_from_wire(asked.travellers, asked.destinations), candidates_from_wire(asked)
    with reading(office.engine) as connection:
        terms = office.get_terms(connection, first_day)
        matrix = current_revision(connection, travel_matrix_revisions)
    going = np.flatnonzero(people.destination != NOWHERE)
    travelling = office.judge(people, going, people.destination[going])
    asking = office.judge(people, candidates.child_at, candidates.setting_at)
    carried = going[travelling.carried]
    used = np.flatnonzero(people.settings.known)  # not only where somebody goes: groups are the same in every trial
    plans = _plan(office, terms, people, used, carried, gone)
    saved = np.zeros(len(people.ids), np.int64)
    for each in plans:
        saved[each.group.travellers] = saved_pence_per_day(each.group.problem, each.runs)
    least = np.zeros(len(people.ids), np.int64)
    least[going] = _least(terms, people, going, people.destination[going], travelling.carried)
    least_asking = _least(terms, people, candidates.child_at, candidates.setting_at, asking.carried)
    added = _added(terms, people, plans, candidates, asking.carried)
    in_order = candidates.order_of_children
    return transport_pb2.PriceRunsResponse(
        revision=_revision(terms, matrix),
        annual_pence=sum(each.runs.pence_per_day for each in plans) * terms.days,
        saved_annual_pence=_packed(saved[in_order], terms),
        added_annual_pence=_packed(added, terms),
        least_annual_pence=_packed(least_asking, terms),
        least_travelling_annual_pence=_packed(least[in_order], terms),
    )


def _plan(
    office: RunsOffice, terms: Terms, people: People, settings: IntArray, carried: IntArray, gone: threading.Event
) -> list[GroupPlan]:
    groups = build_groups(terms, people, settings, carried)
    try:
        planned = dict(office.solver.price([group.problem for group in groups], gone))
    except Stopped:
        raise WrongState("Whoever asked for these prices has gone.") from None
    return [GroupPlan(group, planned[at]) for at, group in enumerate(groups)]


def _added(
    terms: Terms, people: People, plans: Sequence[GroupPlan], candidates: Candidates, carried: BoolArray
) -> IntArray:
    """int64[C] a school day: what each candidate adds to the runs there are without it; 0 where it is not carried."""
    added = np.zeros(carried.size, np.int64)
    for each in plans:
        place = np.full(len(people.urns), NOWHERE, np.int64)
        place[each.group.settings] = np.arange(each.group.settings.size)
        mine = np.flatnonzero(carried & (place[candidates.setting_at] != NOWHERE))
        if mine.size:
            children, child_at = np.unique(candidates.child_at[mine], return_inverse=True)
            legs, settings = legs_to_group(terms, people, each.group, people, children), candidates.setting_at[mine]
            asking = describe(terms, people, children)
            found = price_group(each, asking, legs, child_at.astype(np.int64), place[settings])
            added[mine] = found.added_pence_per_day
    return added


def _least(terms: Terms, people: People, child_at: IntArray, setting_at: IntArray, carried: BoolArray) -> IntArray:
    """int64 a school day, one a pair: what no plan of runs can go below for it; 0 where it is not carried."""
    children = people.children
    needs = (children.wheelchair, children.assistant, children.solo)
    wheelchair, assistant, solo = (np.array(column, np.bool_)[child_at] for column in needs)
    metres = np.where(carried, find_least_metres(terms.legs, people, child_at, setting_at), 0)
    least = least_pence_per_day(terms.hired, wheelchair, assistant, solo, metres)
    return np.where(carried, np.maximum(least, 0), 0)


def _packed(pence_per_day: IntArray, terms: Terms) -> bytes:
    return (pence_per_day * terms.days).astype("<i8").tobytes()


def _revision(terms: Terms, matrix: str) -> str:
    """Changes whenever a price, a fleet, a bell or a distance does, and with nothing else."""
    bells = repr(sorted(terms.bell_minutes.items()))
    hashes = terms.card.heading.content_hash, terms.fleet.heading.content_hash
    return content_id("rev", *hashes, bells, repr(terms.habits), terms.legs.method, matrix)
