"""Reads persons from checked rows: the rules that a whole person must keep, and what is then known of them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from services.caseload.domain.case import Need, PlacementPart, RequestStage
from services.caseload.domain.plans import ActivePlan, NamedPlan, Person, PlacedAt, Request
from services.caseload.domain.pseudonyms import Pseudonyms, References
from services.caseload.imports.sen2.rows import (
    ActivePlanRow,
    AssessmentRow,
    NamedPlanRow,
    PersonRow,
    PlacementDetailRow,
    PlanDetailRow,
    RequestRow,
    SenNeedRow,
    newest_review,
)
from services.caseload.imports.sen2.tree import HungRows, Node
from shared.imports.report import RowProblem

YES, NO = ("Y", "H"), ("N", "W")
"""SEN2 outcome codes: yes, or yes in an earlier year; no, or withdrawn. Any other: not decided yet."""
OLDEST_YEARS = 27
"""Plans end at 25; a return also has those that ended in the year before."""


@dataclass(frozen=True)
class PersonRead:
    """One sound person: where in the file, digests of their identifiers, postcode (not to be kept) and facts."""

    node: Node
    references: References
    postcode: str
    person: Person


@dataclass
class PeopleRead:
    """The sound persons of a return, and what is wrong with the others."""

    people: list[PersonRead] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


def read_people(
    hung: HungRows, return_day: date | None, pseudonyms: Pseudonyms, refused: Container[tuple[str, int]]
) -> PeopleRead:
    """Every person whose rows are all good and agree with one another. `refused`: file and number of rows refused."""
    read = PeopleRead()
    for node in hung.persons:
        problems_before = len(read.problems)
        row = node.record
        if not isinstance(row, PersonRow):
            continue
        person = _person(node, row, return_day, read)
        is_refused = (node.origin.file, node.number) in refused
        if (hung.are_sound or node.is_sound()) and not is_refused and len(read.problems) == problems_before:
            read.people.append(PersonRead(node, references_of(row, pseudonyms), row.postcode, person))
    return read


def references_of(row: PersonRow, pseudonyms: Pseudonyms) -> References:
    """Digests of what a person can be recognised by. Names and ids are hashed with the birth date, never kept."""
    born = row.personbirthdate
    name = " ".join(f"{row.forename} {row.surname}".casefold().split())
    known = {
        "upn": row.upn,
        "uln": row.uniquelearnernumber,
        "native": f"{row.nativeid} {born.isoformat()[:7]}" if row.nativeid else "",
        "person": f"{name} {born}" if name else "",
    }
    return {kind: pseudonyms.digest(kind, identifier) for kind, identifier in known.items() if identifier}


def _person(node: Node, row: PersonRow, return_day: date | None, read: PeopleRead) -> Person:
    born = row.personbirthdate
    if return_day and not (return_day.year - OLDEST_YEARS <= born.year and born <= return_day):
        why = f"not the birth date of a child or young person of 0 to 25 on the day of the return, {return_day}"
        read.problems.append(node.problem("personbirthdate", born, why))
    if not (row.upn or row.uniquelearnernumber or row.nativeid or row.surname or row.forename):
        why = "nothing to recognise the person by; give a UPN, a ULN, a native id or a name"
        read.problems.append(node.problem("upn", "", why))
    requests = tuple(_request(request, at, read) for at, request in node.records("requests", RequestRow))
    return Person(row.sex or row.gendercurrent, born, requests)


def _request(row: RequestRow, node: Node, read: PeopleRead) -> Request:
    assessments = node.below.get("assessment", ())
    plans = (found for assessment in assessments for found in assessment.records("namedplan", NamedPlanRow))
    return Request(
        row.receiveddate,
        tuple(_plan(plan, at, read) for at, plan in plans),
        tuple(_active_plan(active, at, read) for at, active in node.records("activeplans", ActivePlanRow)),
        _stage(row, [assessment for _, assessment in node.records("assessment", AssessmentRow)]),
    )


def _stage(row: RequestRow, assessments: list[AssessmentRow]) -> RequestStage:
    """How far the request has come, by the outcomes given; a blank one of an assessment leaves it going on."""
    outcomes = {assessment.assessmentoutcome.strip().upper() for assessment in assessments}
    asked = row.requestoutcome.strip().upper()
    if outcomes.intersection(YES):
        return RequestStage.PLAN_AGREED
    if asked in NO or (outcomes and outcomes.issubset(NO)):
        return RequestStage.ENDED
    return RequestStage.ASSESSING if asked in YES or assessments else RequestStage.ASKED


def _plan(row: NamedPlanRow, node: Node, read: PeopleRead) -> NamedPlan:
    if row.ceasedate and row.ceasedate < row.startdate:
        why = f"the plan ceased before it began, on {row.startdate}"
        read.problems.append(node.problem("ceasedate", row.ceasedate, why))
    if row.ceasereason and not row.ceasedate:
        why = "a reason for ceasing but no day; give the day, or clear the reason if the plan is open"
        read.problems.append(node.problem("ceasedate", "", why))
    details = (_placed(at, detail, read) for at, detail in node.records("plandetail", PlanDetailRow))
    return NamedPlan(row.startdate, row.ceasedate, tuple(details))


def _active_plan(row: ActivePlanRow, node: Node, read: PeopleRead) -> ActivePlan:
    attended = node.records("placementdetail", PlacementDetailRow)
    return ActivePlan(
        last_review=newest_review(row),
        phase_transfer_due=None if row.phasetransferfinaldate else row.phasetransferduedate,
        placements=tuple(_attended(at, placement, read) for at, placement in attended),
        needs=_needs(node.records("senneed", SenNeedRow), read),
    )


def _placed(
    node: Node, row: PlanDetailRow, read: PeopleRead, first_day: date | None = None, last_day: date | None = None
) -> PlacedAt:
    if not (row.urn or row.ukprn or row.sensetting):
        read.problems.append(node.problem("urn", "", "no setting; give a URN, a UKPRN or a sensetting code"))
    if row.senunitindicator and row.resourcedprovisionindicator:
        why = "placed in the SEN unit and in the resourced provision; read as the resourced provision"
        read.warnings.append(node.problem("senunitindicator", "true", why))
    return PlacedAt(row.urn, "" if row.urn else row.sensetting, _part(row), row.placementrank, first_day, last_day)


def _attended(node: Node, row: PlacementDetailRow, read: PeopleRead) -> PlacedAt:
    if row.entrydate and row.leavingdate and row.leavingdate < row.entrydate:
        why = f"the child left before entering, on {row.entrydate}"
        read.problems.append(node.problem("leavingdate", row.leavingdate, why))
    return _placed(node, row, read, row.entrydate, row.leavingdate)


def _part(row: PlanDetailRow) -> PlacementPart:
    if row.resourcedprovisionindicator:
        return PlacementPart.RESOURCE_BASE
    return PlacementPart.SEN_UNIT if row.senunitindicator else PlacementPart.WHOLE_SETTING


def _needs(ranked: list[tuple[Node, SenNeedRow]], read: PeopleRead) -> tuple[Need, ...]:
    """Needs in rank order. Two of one rank, one need twice, or no primary need are problems."""
    ranks: dict[int, Node] = {}
    codes: dict[str, Node] = {}
    for node, row in ranked:
        if ranks.setdefault(row.sentyperank, node) is not node:
            why = f"the child has two needs of this rank, the other in row {ranks[row.sentyperank].number}"
            read.problems.append(node.problem("sentyperank", row.sentyperank, why))
        if codes.setdefault(row.sentype, node) is not node:
            why = f"the child has this need twice, first in row {codes[row.sentype].number}"
            read.problems.append(node.problem("sentype", row.sentype, why))
    if ranked and 1 not in ranks:
        node, row = min(ranked, key=lambda one: one[1].sentyperank)
        read.problems.append(node.problem("sentyperank", row.sentyperank, "the child has no primary need, of rank 1"))
    return tuple(sorted((_need(row.sentyperank, row.sentype) for _, row in ranked), key=lambda need: need.rank))


@lru_cache(maxsize=1024)
def _need(rank: int, code: str) -> Need:
    """Remembered, for a large return has the same few over and over."""
    return Need(rank, code)
