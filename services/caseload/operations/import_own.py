"""ImportPreferences and ImportDecisionsDue: the product's own files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from services.caseload.domain.case import Preference
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.imports.due import DueRow, odd_decision_days, read_decisions
from services.caseload.imports.own import read_child_rows
from services.caseload.imports.preferences import PreferenceRow, odd_stated_days, read_preferences
from services.caseload.operations.transaction import import_transaction
from services.caseload.storage import changes, repository
from services.caseload.storage.rows import decision_row, read_facts_row
from services.caseload.storage.tables import revisions
from shared.database import change_revision
from shared.days import now_utc
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, may_write


def import_preferences(
    engine: Engine, pseudonyms: Pseudonyms, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Replace the preferences of every case in the file. Counts are preferences; one removed counts as updated."""
    with import_transaction(engine, options) as connection:
        known, case_ids = repository.list_references(connection), repository.list_case_ids(connection)
        read = read_child_rows(file, PreferenceRow, pseudonyms, known, case_ids)
        wanted, repeated = read_preferences(read)
        problems = [*read.problems, *repeated]
        accepted = may_write(problems, options)
        first_days = repository.list_first_days_by_case(connection)
        warnings = [
            read.problem(number, *odd)
            for number, case_id, row in read.rows
            if case_id in wanted
            for odd in odd_stated_days(row, first_days.get(case_id), now_utc().date())
        ]
        stored = repository.list_preferences(connection, wanted) if accepted else {}
        changed = {case_id: new for case_id, new in wanted.items() if list(stored.get(case_id, ())) != list(new)}
        if accepted and changed and not options.preview:
            etag = change_revision(connection, revisions)
            changes.replace_preferences(connection, changed)
            changes.give_etag(connection, changed, etag)
    created, updated, unchanged = _count_preferences(wanted, stored) if accepted else (0, 0, 0)
    counts = (created, updated, unchanged)
    return ImportReport(import_id([file]), options.preview, accepted, read.rows_read, *counts, problems, warnings)


def _count_preferences(
    wanted: Mapping[str, Sequence[Preference]], stored: Mapping[str, Sequence[Preference]]
) -> tuple[int, int, int]:
    """Created, updated or removed, and unchanged."""
    new = {(case_id, one.rank): one for case_id, ones in wanted.items() for one in ones}
    old = {(case_id, one.rank): one for case_id, ones in stored.items() for one in ones}
    created = len(new.keys() - old.keys())
    unchanged = sum(old.get(key) == one for key, one in new.items())
    return created, len(new.keys() | old.keys()) - created - unchanged, unchanged


def import_decisions_due(
    engine: Engine, pseudonyms: Pseudonyms, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Replace the decision due of every case in the file; a blank deadline is worked out where the law has one."""
    with import_transaction(engine, options) as connection:
        known = repository.list_references(connection)
        facts = {case_id: read_facts_row(row) for case_id, row in repository.list_facts(connection).items()}
        read = read_child_rows(file, DueRow, pseudonyms, known, facts)
        due, refused = read_decisions(read, facts)
        problems = [*read.problems, *refused]
        accepted = may_write(problems, options)
        known_on = repository.find_return_day(connection) or now_utc().date()
        warnings = [
            read.problem(number, *odd)
            for number, case_id, row in read.rows
            if case_id in due
            for odd in odd_decision_days(row, known_on)
        ]
        stored = repository.list_decisions(connection)
        rows = {case_id: decision_row(decision) for case_id, decision in due.items()} if accepted else {}
        created = {case_id: row for case_id, row in rows.items() if case_id not in stored}
        updated = {case_id: row for case_id, row in rows.items() if case_id in stored and stored[case_id] != row}
        if (created or updated) and not options.preview:
            etag = change_revision(connection, revisions)
            changes.add_decisions(connection, created)
            changes.change_decisions(connection, updated)
            changes.give_etag(connection, [*created, *updated], etag)
    counts = (len(created), len(updated), len(rows) - len(created) - len(updated))
    return ImportReport(import_id([file]), options.preview, accepted, read.rows_read, *counts, problems, warnings)
