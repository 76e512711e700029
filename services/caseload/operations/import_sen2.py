"""ImportSen2: a full reading of the authority's return. Preferences and decisions due are not touched.

A placement that a decision named stands until a return has it as the current one (operations/arrivals.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from services.caseload.domain.case import CaseFacts, CaseStage, Home
from services.caseload.domain.identities import Known, recognise
from services.caseload.domain.plans import read_facts
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.imports.homes import find_homes
from services.caseload.imports.sen2.people import PersonRead
from services.caseload.imports.sen2.read import Sen2Return, read_return
from services.caseload.operations.arrivals import NamedRead, read_arrivals
from services.caseload.operations.erasing import erased_kinds
from services.caseload.operations.transaction import import_transaction, record_changes
from services.caseload.storage import bulk, changes, repository
from services.caseload.storage.rows import Cells, facts_row
from services.caseload.storage.tables import revisions
from shared.database import change_revision
from shared.imports.report import ImportOptions, ImportReport, RowProblem, SourceFile, import_id, may_write
from shared.imports.resting import no_collecting
from shared.postcodes import squeezed

COLUMN_OF_KIND = {"upn": "upn", "uln": "uniquelearnernumber", "native": "nativeid", "person": "surname"}


@dataclass(frozen=True)
class _Case:
    """A person of the return as the case that they are."""

    case_id: str
    person: PersonRead
    facts: CaseFacts


@dataclass(frozen=True)
class _Changes:
    """What a return changes: facts by case id, and references that are new or, as in `moved`, another case's now.

    `named` is what becomes of placements that decisions named; a case that loses one is among `updated`.
    """

    created: Mapping[str, Cells]
    updated: Mapping[str, Cells]
    unchanged: int
    references: Mapping[tuple[str, str], str]
    moved: Collection[tuple[str, str]]
    named: Sequence[NamedRead] = ()


@no_collecting()
def import_sen2(
    engine: Engine, pseudonyms: Pseudonyms, files: Sequence[SourceFile], options: ImportOptions
) -> ImportReport:
    """Read a return and keep its cases, in one transaction. Raises InvalidInput for files that are no return."""
    read = read_return(files, pseudonyms)
    homes = find_homes(person.postcode for person in read.people)
    with import_transaction(engine, options) as connection:
        known = repository.list_references(connection)
        cases, repeated = _cases(read.people, homes, known)
        stored = repository.list_facts(connection)
        is_whole = all(problem.row for problem in read.problems)  # else what its cases lack is no news
        problems = [*read.problems, *repeated, *(_erased(cases, stored, files) if is_whole else ())]
        accepted = may_write(problems, options)
        newest = repository.find_return_day(connection)
        is_newer = read.return_day is not None and (newest is None or read.return_day > newest)
        named = _read_named(connection, cases, stored, read.return_day, is_newer) if accepted else ()
        found = _compare(stored, cases, known, named) if accepted else _Changes({}, {}, 0, {}, ())
        if accepted and not options.preview:
            _write(connection, found, read.return_day if is_newer else None)
        warnings = [
            *read.warnings,
            *_older_return(newest, read, files),
            *(_remarks(cases, homes) if is_whole else ()),
            *_remarks_on_named(cases, named),
        ]
        report = ImportReport(
            import_id=import_id(files),
            preview=options.preview,
            accepted=accepted,
            rows_read=read.rows_read,
            created=len(found.created),
            updated=len(found.updated),
            unchanged=found.unchanged,
            problems=problems,
            warnings=warnings,
        )
        record_changes(connection, "sen2_imported", report, [*found.created, *found.updated])
    return report


def _cases(
    people: Sequence[PersonRead], homes: Mapping[str, Home], known: Known
) -> tuple[list[_Case], list[RowProblem]]:
    found = recognise([person.references for person in people], known)
    cases = [
        _Case(case_id, person, read_facts(person.person, homes.get(squeezed(person.postcode))))
        for at, person in enumerate(people)
        if (case_id := found.case_ids.get(at))
    ]
    return cases, [_repeated(people[at], people[first], kind) for at, (first, kind) in found.repeated.items()]


def _repeated(person: PersonRead, first: PersonRead, kind: str) -> RowProblem:
    if person is first:
        why = "the person cannot be told from another child on file; give a UPN or ULN"
    else:
        why = f"the person is in the return twice, first in row {first.number}; keep one"
    return person.problem(COLUMN_OF_KIND[kind], "", why)


def _erased(cases: Sequence[_Case], stored: Mapping[str, Cells], files: Sequence[SourceFile]) -> list[RowProblem]:
    """A problem of the whole return for each kind of fact that it would erase everywhere."""
    reasons = erased_kinds({case.case_id: case.facts for case in cases}, stored)
    return [RowProblem(files[0].name, 0, "", "", reason) for reason in reasons]


def _read_named(
    connection: Connection,
    cases: Sequence[_Case],
    stored: Mapping[str, Cells],
    return_day: date | None,
    is_newer: bool,
) -> Sequence[NamedRead]:
    named = bulk.list_named_placements(connection)
    facts = {case.case_id: case.facts for case in cases if case.case_id in named}
    return list(read_arrivals(facts, stored, named, return_day, is_newer=is_newer))


def _compare(stored: Mapping[str, Cells], cases: Sequence[_Case], known: Known, named: Sequence[NamedRead]) -> _Changes:
    replaced = {one.case_id for one in named if one.replaced}
    rows = {case.case_id: facts_row(case.facts) for case in cases}
    created = {case_id: row for case_id, row in rows.items() if case_id not in stored}
    updated = {
        case_id: row
        for case_id, row in rows.items()
        if case_id in stored and (stored[case_id] != row or case_id in replaced)
    }
    references = {
        (kind, digest): case.case_id
        for case in cases
        for kind, digest in case.person.references.items()
        if known.get((kind, digest)) != case.case_id
    }
    unchanged = len(rows) - len(created) - len(updated)
    return _Changes(created, updated, unchanged, references, references.keys() & known.keys(), named)


def _write(connection: Connection, found: _Changes, newer_day: date | None) -> None:
    """`newer_day` is the day of a return that is newer than any before; None for another."""
    if found.created or found.updated or newer_day:
        etag = change_revision(connection, revisions)
        changes.add_cases(connection, found.created, etag)
        changes.change_cases(connection, found.updated, etag)
    if newer_day:
        changes.set_return_day(connection, newer_day)
    changes.drop_named_placements(connection, [(one.case_id, day) for one in found.named for day in one.replaced])
    changes.forget_references(connection, found.moved)
    changes.add_references(connection, found.references)


def _older_return(newest: date | None, read: Sen2Return, files: Sequence[SourceFile]) -> list[RowProblem]:
    if not (newest and read.return_day and read.return_day < newest):
        return []
    why = f"a return of {newest} was read before; this one, of {read.return_day}, is older"
    return [RowProblem(files[0].name, 0, "", "", why)]


def _remarks(cases: Sequence[_Case], homes: Mapping[str, Home]) -> list[RowProblem]:
    """What somebody should look at, of cases that are kept."""
    remarks = []
    for case in cases:
        person, facts = case.person, case.facts
        if facts.home is None:
            why = "unknown postcode" if case.person.postcode else "no postcode"
            advice = f"{why}; the case is kept without a home, so distance is not known"
            remarks.append(person.problem("postcode", case.person.postcode, advice))
        if facts.stage is CaseStage.OPEN_PLAN and not facts.needs:
            remarks.append(person.problem("", "", "an open plan without any need; add its senneed rows"))
        if sum(plan.ceased is None for request in case.person.person.requests for plan in request.plans) > 1:
            remarks.append(person.problem("", "", "more than one open plan; the one that began last is read"))
    return remarks


def _remarks_on_named(cases: Sequence[_Case], named: Sequence[NamedRead]) -> list[RowProblem]:
    remarks = {one.case_id: one.remark for one in named if one.remark}
    return [case.person.problem("", "", remarks[case.case_id]) for case in cases if case.case_id in remarks]
