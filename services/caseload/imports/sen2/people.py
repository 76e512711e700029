"""Reads persons from the checked rows of a return: the rules that a whole person must keep, and what is known of them.

Module by module from the lowest up, so that what a row has below it is there when it is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from services.caseload.domain.case import Need, PlacementPart, RequestStage
from services.caseload.domain.plans import ActivePlan, NamedPlan, Person, PlacedAt, Request
from services.caseload.domain.pseudonyms import Pseudonyms, References
from services.caseload.imports.sen2.tree import NOBODY, HungRows, ModuleRows, spoiled_persons
from shared.imports.report import RowProblem

YES, NO = ("Y", "H"), ("N", "W")
"""SEN2 outcome codes: yes, or yes in an earlier year; no, or withdrawn. Any other: not decided yet."""
OLDEST_YEARS = 27
"""Plans end at 25; a return also has those that ended in the year before."""
SETTING = ("urn", "ukprn", "sensetting", "placementrank", "senunitindicator", "resourcedprovisionindicator")

FoundT = TypeVar("FoundT")
Below = Mapping[int, list[FoundT]]
"""What is read from rows, by the place of the row that they hang on."""


@dataclass(frozen=True, slots=True)
class PersonRead:
    """One sound person: where in the file, digests of their identifiers, postcode (not to be kept) and facts."""

    rows: ModuleRows
    at: int
    references: References
    postcode: str
    person: Person

    @property
    def number(self) -> int:
        """The row of the person."""
        return self.rows.numbers[self.at]

    def problem(self, column: str, value: object, reason: str) -> RowProblem:
        """Something to say of the person's row."""
        return self.rows.problem(self.at, column, value, reason)


@dataclass
class PeopleRead:
    """The sound persons of a return, and what is wrong with the others."""

    people: list[PersonRead] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    def refuse(self, rows: ModuleRows, at: int, column: str, value: object, reason: str) -> None:
        """A row that spoils its person."""
        self.problems.append(rows.problem(at, column, value, reason))
        rows.spoiled.add(at)


def read_people(
    hung: HungRows, return_day: date | None, pseudonyms: Pseudonyms, refused: Container[tuple[str, int]]
) -> PeopleRead:
    """Every person whose rows are all good and agree with one another. `refused`: file and number of rows refused."""
    read = PeopleRead()
    placements = _placed(hung["placementdetail"], read)
    active = _active_plans(hung["activeplans"], placements, _needs(hung["senneed"], read))
    plans = _named_plans(hung["namedplan"], _placed(hung["plandetail"], read), read)
    requests = _requests(hung["requests"], hung["assessment"], plans, active)
    persons = list(_persons(hung["person"], requests, return_day, pseudonyms, read))
    spoiled = spoiled_persons(hung)
    read.people += [
        person for person in persons if person.at not in spoiled and (person.rows.file, person.number) not in refused
    ]
    return read


def _persons(
    rows: ModuleRows, requests: Below[Request], return_day: date | None, pseudonyms: Pseudonyms, read: PeopleRead
) -> Iterable[PersonRead]:
    identity = ("nativeid", "surname", "forename", "personbirthdate", "upn", "uniquelearnernumber")
    for at, *known, sex, gender, postcode in rows.each(*identity, "sex", "gendercurrent", "postcode"):
        native, surname, forename, born, upn, uln = known
        if return_day and not (return_day.year - OLDEST_YEARS <= born.year and born <= return_day):
            why = f"not the birth date of a child or young person of 0 to 25 on the day of the return, {return_day}"
            read.refuse(rows, at, "personbirthdate", born, why)
        if not (upn or uln or native or surname or forename):
            why = "nothing to recognise the person by; give a UPN, a ULN, a native id or a name"
            read.refuse(rows, at, "upn", "", why)
        person = Person(sex or gender, born, tuple(requests.get(at, ())))
        references = references_of(pseudonyms, upn, uln, native, f"{forename} {surname}", born.isoformat())
        yield PersonRead(rows, at, references, postcode, person)


def references_of(pseudonyms: Pseudonyms, upn: str, uln: str, native: str, name: str, born: str) -> References:
    """Digests of what a person can be recognised by. Names and ids are hashed with the birth date, never kept."""
    name = " ".join(name.casefold().split())
    known = {
        "upn": upn,
        "uln": uln,
        "native": f"{native} {born[:7]}" if native else "",
        "person": f"{name} {born}" if name else "",
    }
    return {kind: pseudonyms.digest(kind, identifier) for kind, identifier in known.items() if identifier}


def _requests(
    rows: ModuleRows, assessments: ModuleRows, plans: Below[NamedPlan], active: Below[ActivePlan]
) -> Below[Request]:
    outcomes: dict[int, list[str]] = defaultdict(list)
    for at, outcome in assessments.each("assessmentoutcome"):
        outcomes[assessments.parents[at]].append(outcome.strip().upper())
    named: dict[int, list[NamedPlan]] = defaultdict(list)
    for at in sorted(plans):
        if assessments.parents[at] != NOBODY:
            named[assessments.parents[at]] += plans[at]
    found: dict[int, list[Request]] = defaultdict(list)
    for at, received, outcome in rows.each("receiveddate", "requestoutcome"):
        stage = _stage(outcome.strip().upper(), outcomes.get(at, ()))
        request = Request(received, tuple(named.get(at, ())), tuple(active.get(at, ())), stage)
        found[rows.parents[at]].append(request)
    return found


def _stage(asked: str, outcomes: Iterable[str]) -> RequestStage:
    """How far the request has come, by the outcomes given; a blank one of an assessment leaves it going on."""
    assessed = set(outcomes)
    if not assessed.isdisjoint(YES):
        return RequestStage.PLAN_AGREED
    if asked in NO or (assessed and assessed.issubset(NO)):
        return RequestStage.ENDED
    return RequestStage.ASSESSING if asked in YES or assessed else RequestStage.ASKED


def _named_plans(rows: ModuleRows, details: Below[PlacedAt], read: PeopleRead) -> Below[NamedPlan]:
    found: dict[int, list[NamedPlan]] = defaultdict(list)
    for at, started, ceased, reason in rows.each("startdate", "ceasedate", "ceasereason"):
        if ceased and ceased < started:
            read.refuse(rows, at, "ceasedate", ceased, f"the plan ceased before it began, on {started}")
        if reason and not ceased:
            why = "a reason for ceasing but no day; give the day, or clear the reason if the plan is open"
            read.refuse(rows, at, "ceasedate", "", why)
        found[rows.parents[at]].append(NamedPlan(started, ceased, tuple(details.get(at, ()))))
    return found


def _active_plans(
    rows: ModuleRows, placements: Below[PlacedAt], needs: Mapping[int, tuple[Need, ...]]
) -> Below[ActivePlan]:
    found: dict[int, list[ActivePlan]] = defaultdict(list)
    days = ("reviewmeeting", "lastreview", "phasetransferduedate", "phasetransferfinaldate")
    for at, met, decided, transfer_due, transfer_named in rows.each(*days):
        due = None if transfer_named else transfer_due
        plan = ActivePlan(decided or met, due, tuple(placements.get(at, ())), needs.get(at, ()))
        found[rows.parents[at]].append(plan)
    return found


def _placed(rows: ModuleRows, read: PeopleRead) -> Below[PlacedAt]:
    """Settings that plans name or, with days, that children attend."""
    found: dict[int, list[PlacedAt]] = defaultdict(list)
    is_attended = "entrydate" in rows.says
    for at, urn, ukprn, code, rank, is_unit, is_base, *days in rows.each(
        *SETTING, *(("entrydate", "leavingdate") if is_attended else ())
    ):
        if not (urn or ukprn or code):
            read.refuse(rows, at, "urn", "", "no setting; give a URN, a UKPRN or a sensetting code")
        if is_unit and is_base:
            why = "placed in the SEN unit and in the resourced provision; read as the resourced provision"
            read.warnings.append(rows.problem(at, "senunitindicator", "true", why))
        entered, left = days or (None, None)
        if entered and left and left < entered:
            read.refuse(rows, at, "leavingdate", left, f"the child left before entering, on {entered}")
        found[rows.parents[at]].append(
            _placed_at(urn, "" if urn else code, _part(is_unit, is_base), rank, entered, left)
        )
    return found


def _part(is_unit: bool, is_base: bool) -> PlacementPart:
    if is_base:
        return PlacementPart.RESOURCE_BASE
    return PlacementPart.SEN_UNIT if is_unit else PlacementPart.WHOLE_SETTING


_need = lru_cache(maxsize=1024)(Need)
_placed_at = lru_cache(maxsize=4096)(PlacedAt)
"""Remembered, for a large return says the same of many children."""


def _needs(rows: ModuleRows, read: PeopleRead) -> Mapping[int, tuple[Need, ...]]:
    """Needs in rank order. Two of one rank, one need twice, or no primary need are problems."""
    ranked: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for at, code, rank in rows.each("sentype", "sentyperank"):
        ranked[rows.parents[at]].append((rank, code, at))
    for needs in ranked.values():
        _check_needs(rows, needs, read)
    return {
        parent: tuple(_need(rank, code) for rank, code, _ in sorted(needs, key=lambda need: need[0]))
        for parent, needs in ranked.items()
    }


def _check_needs(rows: ModuleRows, needs: list[tuple[int, str, int]], read: PeopleRead) -> None:
    ranks: dict[int, int] = {}
    codes: dict[str, int] = {}
    for rank, code, at in needs:
        if (other := ranks.setdefault(rank, at)) != at:
            why = f"the child has two needs of this rank, the other in row {rows.numbers[other]}"
            read.refuse(rows, at, "sentyperank", rank, why)
        if (first := codes.setdefault(code, at)) != at:
            why = f"the child has this need twice, first in row {rows.numbers[first]}"
            read.refuse(rows, at, "sentype", code, why)
    if 1 not in ranks:
        rank, _, at = min(needs, key=lambda need: need[0])
        read.refuse(rows, at, "sentyperank", rank, "the child has no primary need, of rank 1")
