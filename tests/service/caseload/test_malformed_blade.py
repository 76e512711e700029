"""Every malformed Blade export is refused with file, row, column and reason, and nothing of it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from inborough.common.v1 import common_pb2
from tests.builders import caseload as build
from tests.builders.caseload import Child, Tables
from tests.service.caseload.conftest import Caseload

BLADE = "Blade-Export_01-02-2024_{}.csv"
Spoil = Callable[[Tables], None]


def cell(module: str, column: str, value: str, at: int = 0) -> Spoil:
    """Put a value into one cell."""

    def spoil(tables: Tables) -> None:
        tables[module][at][column] = value

    return spoil


def without(module: str, column: str) -> Spoil:
    """Take a column away."""

    def spoil(tables: Tables) -> None:
        for row in tables[module]:
            del row[column]

    return spoil


def copied(module: str, **changes: str) -> Spoil:
    """Add a copy of the first row with changes."""

    def spoil(tables: Tables) -> None:
        tables[module].append({**tables[module][0], **changes})

    return spoil


def moved(module: str, columns: Sequence[str], values: Sequence[str]) -> Spoil:
    """Put values into several cells of the first row."""

    def spoil(tables: Tables) -> None:
        tables[module][0].update(zip(columns, values, strict=True))

    return spoil


SPOILED = [
    (
        "a birth date that is none",
        cell("person", "personbirthdate", "soon"),
        "person",
        2,
        "personbirthdate",
        "not a date",
    ),
    ("no birth date", cell("person", "personbirthdate", ""), "person", 2, "personbirthdate", "empty"),
    ("30 February", cell("person", "personbirthdate", "30/02/2014"), "person", 2, "personbirthdate", "no such day"),
    (
        "born after the return",
        cell("person", "personbirthdate", "2024-03-01"),
        "person",
        2,
        "personbirthdate",
        "0 to 25",
    ),
    ("an adult of 60", cell("person", "personbirthdate", "1964-03-01"), "person", 2, "personbirthdate", "0 to 25"),
    (
        "a year in the future",
        cell("person", "personbirthdate", "2214-03-01"),
        "person",
        2,
        "personbirthdate",
        "between",
    ),
    (
        "an American date",
        cell("person", "personbirthdate", "03/17/2013"),
        "person",
        2,
        "personbirthdate",
        "no such day",
    ),
    ("a sex that SEN2 does not have", cell("person", "sex", "Q"), "person", 2, "sex", "M or F"),
    ("a short UPN", cell("person", "upn", "A123"), "person", 2, "upn", "not a UPN"),
    ("a UPN of other digits", cell("person", "upn", "A٣٧٦٩٥٠٠١٠٠٠١"), "person", 2, "upn", "not a UPN"),
    ("a short ULN", cell("person", "uniquelearnernumber", "12345"), "person", 2, "uniquelearnernumber", "not a ULN"),
    ("a formula", cell("person", "surname", '=HYPERLINK("http://x")'), "person", 2, "surname", "formula"),
    ("a formula behind an at sign", cell("person", "forename", "@SUM(1)"), "person", 2, "forename", "formula"),
    ("no birth date column", without("person", "personbirthdate"), "person", 0, "personbirthdate", "missing"),
    ("no table id column", without("person", "persontableid"), "person", 0, "persontableid", "missing"),
    ("no parent id column", without("senneed", "activeplanstableid"), "senneed", 0, "activeplanstableid", "missing"),
    ("a column twice", cell("person", "UPN", "A876950010009"), "person", 0, "UPN", "twice"),
    ("a person twice", copied("person", persontableid="2"), "person", 3, "upn", "twice, first in row 2"),
    ("a table id twice", copied("person", upn=build.upn(5)), "person", 3, "persontableid", "first in row 2"),
    ("a request of nobody", cell("requests", "persontableid", "99"), "requests", 2, "persontableid", "nobody"),
    ("a need of nobody", cell("senneed", "activeplanstableid", ""), "senneed", 2, "activeplanstableid", "nobody"),
    (
        "a day of request that is none",
        cell("requests", "receiveddate", "x"),
        "requests",
        2,
        "receiveddate",
        "not a date",
    ),
    ("a plan without a start", cell("namedplan", "startdate", ""), "namedplan", 2, "startdate", "empty"),
    (
        "ceased before begun",
        cell("namedplan", "ceasedate", "2020-01-01"),
        "namedplan",
        2,
        "ceasedate",
        "before it began",
    ),
    ("a reason without a day", cell("namedplan", "ceasereason", "1"), "namedplan", 2, "ceasedate", "no day"),
    ("a plan of nobody", cell("namedplan", "assessmenttableid", "7"), "namedplan", 2, "assessmenttableid", "nobody"),
    ("a URN of five digits", cell("plandetail", "urn", "12345"), "plandetail", 2, "urn", "six digits"),
    ("a URN of letters", cell("placementdetail", "urn", "ABCDEF"), "placementdetail", 2, "urn", "six digits"),
    ("a URN that begins with 0", cell("placementdetail", "urn", "012345"), "placementdetail", 2, "urn", "six digits"),
    ("an unknown sensetting", cell("placementdetail", "sensetting", "ZZZ"), "placementdetail", 2, "sensetting", "OLA"),
    ("no setting at all", cell("placementdetail", "urn", ""), "placementdetail", 2, "urn", "no setting"),
    ("a plan detail without one", cell("plandetail", "urn", ""), "plandetail", 2, "urn", "no setting"),
    ("rank 0", cell("placementdetail", "placementrank", "0"), "placementdetail", 2, "placementrank", "1 to 99"),
    (
        "an odd indicator",
        cell("plandetail", "senunitindicator", "maybe"),
        "plandetail",
        2,
        "senunitindicator",
        "true or",
    ),
    ("an odd entry", cell("placementdetail", "entrydate", "Sept"), "placementdetail", 2, "entrydate", "not a date"),
    (
        "left before entry",
        cell("placementdetail", "leavingdate", "2020-01-01"),
        "placementdetail",
        2,
        "leavingdate",
        "left",
    ),
    ("an unknown need", cell("senneed", "sentype", "ADHD"), "senneed", 2, "sentype", "SEMH"),
    ("no need", cell("senneed", "sentype", ""), "senneed", 2, "sentype", "empty"),
    ("a rank in words", cell("senneed", "sentyperank", "first"), "senneed", 2, "sentyperank", "whole number"),
    ("no rank", cell("senneed", "sentyperank", ""), "senneed", 2, "sentyperank", "empty"),
    ("no primary need", cell("senneed", "sentyperank", "2"), "senneed", 2, "sentyperank", "no primary need"),
    ("two needs of a rank", copied("senneed", sentype="ASD"), "senneed", 3, "sentyperank", "the other in row 2"),
    ("one need twice", copied("senneed", sentyperank="2"), "senneed", 3, "sentype", "first in row 2"),
    ("an odd review", cell("activeplans", "lastreview", "2023-13-01"), "activeplans", 2, "lastreview", "no such day"),
    (
        "nobody's active plan",
        cell("activeplans", "requeststableid", "4"),
        "activeplans",
        2,
        "requeststableid",
        "nobody",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "module", "row", "column", "reason"), [c[1:] for c in SPOILED], ids=[c[0] for c in SPOILED]
)
def test_a_spoiled_export_is_refused(
    shared_caseload: Caseload, spoil: Spoil, module: str, row: int, column: str, reason: str
) -> None:
    tables = build.blade_tables([Child()])
    spoil(tables)
    report = shared_caseload.import_sen2(build.blade_files(tables))
    _refused_at(shared_caseload, report, BLADE.format(module), row, column, reason)


def _refused_at(
    service: Caseload, report: common_pb2.ImportReport, file: str, row: int, column: str, reason: str
) -> None:
    assert not report.accepted
    assert (report.created, report.updated) == (0, 0)
    places = [(found.file, found.row, found.column) for found in report.problems]
    assert (file, row, column) in places, report.problems
    assert any(reason in found.reason for found in report.problems), report.problems
    assert (service.list().total, service.revision()) == (0, "")


def _file(name: str, content: bytes) -> common_pb2.ImportFile:
    return common_pb2.ImportFile(name=name, content=content)


def _person_module(content: bytes) -> list[common_pb2.ImportFile]:
    others = [file for file in build.blade(Child()) if "_person" not in file.name]
    return [_file(BLADE.format("person"), content), *others]


def _person_text() -> bytes:
    return next(file.content for file in build.blade(Child()) if "_person" in file.name)


UNREADABLE = [
    ("UTF-16", _person_text().decode().encode("utf-16"), "UTF-8"),
    ("a null byte", _person_text() + b"\x00", "UTF-8"),
    ("an open quote", _person_text() + b'"', "not a CSV file"),
    ("semicolons for commas", _person_text().replace(b",", b";"), "separate columns with commas"),
    ("a row too short", _person_text() + b"2,2,1\r\n", "cells"),
    ("only spaces", b" ", "missing"),
    ("a zip that is none", b"PK\x03\x04" + b"rubbish" * 9, "workbook"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 200)), ""),
]


@pytest.mark.parametrize(("content", "reason"), [c[1:] for c in UNREADABLE], ids=[c[0] for c in UNREADABLE])
def test_an_unreadable_module_is_refused(shared_caseload: Caseload, content: bytes, reason: str) -> None:
    report = shared_caseload.import_sen2(_person_module(content))
    assert not report.accepted
    assert any(found.file == BLADE.format("person") and reason in found.reason for found in report.problems)
    assert shared_caseload.list().total == 0


def test_a_windows_1252_export_is_read_and_only_its_bad_cell_refused(shared_caseload: Caseload) -> None:
    content = _person_text().replace(b"Inventedname", "Inventé".encode("cp1252")).replace(b",M,", b",Q,")
    report = shared_caseload.import_sen2(_person_module(content))
    assert [(found.row, found.column) for found in report.problems] == [(2, "sex")]


def test_a_return_without_its_persons_is_refused(shared_caseload: Caseload) -> None:
    files = [file for file in build.blade(Child()) if "_person" not in file.name]
    report = shared_caseload.import_sen2(files)
    assert not report.accepted
    assert any("_person.csv" in found.reason and found.row == 0 for found in report.problems)


def test_modules_of_two_exports_are_refused(shared_caseload: Caseload) -> None:
    files = [*build.blade(Child())[:4], *build.blade(Child(), exported="01-02-2023")[4:]]
    report = shared_caseload.import_sen2(files)
    assert any("different days" in found.reason for found in report.problems)


def test_a_module_sent_twice_is_refused(shared_caseload: Caseload) -> None:
    files = build.blade(Child())
    report = shared_caseload.import_sen2([*files, files[0]])
    assert any("sent twice" in found.reason for found in report.problems)
