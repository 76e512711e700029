"""ImportPreferences and ImportDecisionsDue: the product's own files.

What a decision settled stays settled: its ground stands whatever a later file says, and the same row of a file does not
bring back a decision due that was decided or withdrawn (docs/decisions/0015-named-placements.md).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Engine

from services.caseload.domain.case import LastChange, Preference, SettledBy
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.imports.due import DueRow, odd_decision_days, read_decisions
from services.caseload.imports.own import ChildRows, read_child_rows
from services.caseload.imports.preferences import PreferenceRow, odd_stated_days, read_preferences
from services.caseload.operations.transaction import import_transaction, record_changes
from services.caseload.storage import changes, repository
from services.caseload.storage.rows import Cells, decision_content, decision_row, read_facts_row
from services.caseload.storage.tables import revisions
from shared.clock import today
from shared.database import change_revision
from shared.imports.report import ImportOptions, ImportReport, RowProblem, SourceFile, import_id, may_write
from shared.imports.resting import no_collecting

Wanted = Mapping[str, Sequence[Preference]]
"""Preferences by case id, first choice first."""
DECIDED = "decided already, so it is not due again; change the row if another decision is due"
WITHDRAWN = "withdrawn already, so it is not due again; change the row if a decision is due after all"


@no_collecting()
def import_preferences(
    engine: Engine, pseudonyms: Pseudonyms, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Replace the preferences of every case in the file. Counts are preferences; one removed counts as updated."""
    with import_transaction(engine, options) as connection:
        known, case_ids = repository.list_references(connection, "upn"), repository.list_case_ids(connection)
        read = read_child_rows(file, PreferenceRow, pseudonyms, known, case_ids)
        stated, repeated = read_preferences(read)
        problems = [*read.problems, *repeated]
        accepted = may_write(problems, options)
        first_days = repository.list_first_days_by_case(connection)
        stored = repository.list_preferences(connection, stated) if accepted else {}
        wanted = _with_decided_grounds(stated, stored)
        warnings = [*_odd_preferences(read, stated, first_days), *_grounds_kept(read, stated, stored)]
        changed = {case_id: new for case_id, new in wanted.items() if list(stored.get(case_id, ())) != list(new)}
        counts = _count_preferences(wanted, stored) if accepted else (0, 0, 0)
        report = ImportReport(import_id([file]), options.preview, accepted, read.rows_read, *counts, problems, warnings)
        if not options.preview:
            if accepted and changed:
                etag = change_revision(connection, revisions)
                changes.replace_preferences(connection, changed)
                changes.give_etag(connection, changed, etag, LastChange.PREFERENCES)
            record_changes(connection, "preferences_imported", report, changed if accepted else ())
    return report


def _with_decided_grounds(stated: Wanted, stored: Wanted) -> Wanted:
    """Preferences as stated, each with the ground that a decision recorded against its setting."""
    decided = _decided_grounds(stored)

    def keep(case_id: str, one: Preference) -> Preference:
        old = decided.get((case_id, one.urn))
        grounds = (old.decided_ground, old.ground_decision_id) if old else ("", "")
        return replace(one, decided_ground=grounds[0], ground_decision_id=grounds[1])

    return {case_id: [keep(case_id, one) for one in ones] for case_id, ones in stated.items()}


def _decided_grounds(stored: Wanted) -> dict[tuple[str, int], Preference]:
    """Preferences that a decision recorded a ground against, by case id and URN."""
    return {(case_id, one.urn): one for case_id, ones in stored.items() for one in ones if one.decided_ground}


def _odd_preferences(
    read: ChildRows[PreferenceRow], stated: Wanted, first_days: Mapping[str, date]
) -> list[RowProblem]:
    return [
        read.problem(number, *odd)
        for number, case_id, row in read.rows
        if case_id in stated
        for odd in odd_stated_days(row, first_days.get(case_id), today())
    ]


def _grounds_kept(read: ChildRows[PreferenceRow], stated: Wanted, stored: Wanted) -> Iterator[RowProblem]:
    """Where the file says other than a decision recorded: of a ground, which stays, or by leaving the request out."""
    decided = _decided_grounds(stored)
    still_asked = {(case_id, one.urn) for case_id, ones in stated.items() for one in ones}
    first_rows: dict[str, int] = {}
    for number, case_id, row in read.rows:
        first_rows.setdefault(case_id, number)
        old = decided.get((case_id, row.urn)) if case_id in stated else None
        if old and row.ground_recorded != old.decided_ground:
            why = f"a decision recorded the ground {old.decided_ground}, which stays until the decision is withdrawn"
            yield read.problem(number, "ground_recorded", row.ground_recorded, why)
    for case_id, urn in decided.keys() - still_asked:
        why = "a decision refused the request for this setting; the child's rows leave it out, so both are gone"
        yield read.problem(first_rows[case_id], "urn", urn, why)


def _count_preferences(wanted: Wanted, stored: Wanted) -> tuple[int, int, int]:
    """Created, updated or removed, and unchanged."""
    new = {(case_id, one.rank): one for case_id, ones in wanted.items() for one in ones}
    old = {(case_id, one.rank): one for case_id, ones in stored.items() for one in ones}
    created = len(new.keys() - old.keys())
    unchanged = sum(old.get(key) == one for key, one in new.items())
    return created, len(new.keys() | old.keys()) - created - unchanged, unchanged


@no_collecting()
def import_decisions_due(
    engine: Engine, pseudonyms: Pseudonyms, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Replace the decision due of every case in the file; a blank deadline is worked out where the law has one."""
    with import_transaction(engine, options) as connection:
        known, case_ids = repository.list_references(connection, "upn"), repository.list_case_ids(connection)
        read = read_child_rows(file, DueRow, pseudonyms, known, case_ids)
        on_file = repository.list_facts(connection, (case_id for _, case_id, _ in read.rows))
        facts = {case_id: read_facts_row(row) for case_id, row in on_file.items()}
        due, refused = read_decisions(read, facts)
        problems = [*read.problems, *refused]
        accepted = may_write(problems, options)
        known_on = repository.find_return_day(connection) or today()
        stored, settled = repository.list_decisions(connection), repository.list_settled(connection)
        found = {case_id: decision_row(decision) for case_id, decision in due.items()} if accepted else {}
        again = {case_id: how for case_id, row in found.items() if (how := _settled_by(row, settled.get(case_id)))}
        rows = {case_id: row for case_id, row in found.items() if case_id not in again}
        created = {case_id: row for case_id, row in rows.items() if case_id not in stored}
        updated = {case_id: row for case_id, row in rows.items() if case_id in stored and stored[case_id] != row}
        counts = (len(created), len(updated), len(found) - len(created) - len(updated))
        warnings = [
            *_odd_days(read, due, known_on),
            *_not_due_again(read, again),
        ]
        report = ImportReport(import_id([file]), options.preview, accepted, read.rows_read, *counts, problems, warnings)
        if not options.preview:
            if created or updated:
                etag = change_revision(connection, revisions)
                changes.add_decisions(connection, created)
                changes.change_decisions(connection, updated)
                changes.give_etag(connection, [*created, *updated], etag, LastChange.DECISION_DUE)
            record_changes(connection, "decisions_due_imported", report, [*created, *updated])
    return report


def _odd_days(read: ChildRows[DueRow], due: Container[str], known_on: date) -> list[RowProblem]:
    return [
        read.problem(number, *odd)
        for number, case_id, row in read.rows
        if case_id in due
        for odd in odd_decision_days(row, known_on)
    ]


def _not_due_again(read: ChildRows[DueRow], again: Mapping[str, SettledBy]) -> list[RowProblem]:
    return [
        read.problem(number, "reason", row.reason, DECIDED if again[case_id] is SettledBy.NAMED else WITHDRAWN)
        for number, case_id, row in read.rows
        if case_id in again
    ]


def _settled_by(row: Cells, settled: Mapping[str, SettledBy] | None) -> SettledBy | None:
    """How the decision of a row was settled; None when it was not. Only a case with settled ones costs a hash."""
    return settled.get(decision_content(row)) if settled else None
