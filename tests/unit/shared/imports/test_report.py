"""What an import found and did: when it may write, and how it travels."""

from __future__ import annotations

import pytest

from inborough.common.v1 import common_pb2
from shared.errors import InvalidInput, TooMuch
from shared.imports import report
from shared.imports.report import ImportOptions, ImportReport, RowProblem, SourceFile

BAD_ROW = RowProblem("due.csv", 3, "case_id", "case_9", "no such case")
BAD_FILE = RowProblem("due.csv", 0, "case_id", "", "the column is missing")
ALL_OR_NOTHING, GOOD_ROWS_ONLY = ImportOptions(), ImportOptions(good_rows_only=True)


@pytest.mark.parametrize(
    ("problems", "options", "allowed"),
    [
        ([], ALL_OR_NOTHING, True),
        ([BAD_ROW], ALL_OR_NOTHING, False),
        ([BAD_ROW], GOOD_ROWS_ONLY, True),
        ([BAD_FILE], GOOD_ROWS_ONLY, False),
    ],
)
def test_bad_rows_refuse_all_unless_good_rows_only_was_asked_for(
    problems: list[RowProblem], options: ImportOptions, allowed: bool
) -> None:
    assert report.may_write(problems, options) is allowed


def test_the_same_files_in_any_order_are_the_same_import() -> None:
    one, two = SourceFile("a.csv", b"1"), SourceFile("b.csv", b"2")
    assert report.import_id([one, two]) == report.import_id([two, one])
    assert report.import_id([one]) != report.import_id([SourceFile("a.csv", b"2")])


def test_problems_travel_ordered_by_file_row_and_column() -> None:
    sent = report.report_to_wire(ImportReport("imp_1", problems=[BAD_ROW, BAD_FILE]))
    assert [problem.row for problem in sent.problems] == [0, 3]


def test_at_most_a_thousand_problems_travel_and_how_many_there_are() -> None:
    many = [RowProblem("due.csv", row, "", "", "wrong") for row in range(1, 3001)]
    sent = report.report_to_wire(ImportReport("imp_1", problems=many, warnings=many[:1200]))
    assert (len(sent.problems), sent.problems_total) == (1000, 3000)
    assert (len(sent.warnings), sent.warnings_total) == (1000, 1200)


@pytest.mark.parametrize("name", ["due.csv", "folder/due.csv", "C:\\Users\\someone\\due.csv"])
def test_a_file_is_known_by_its_name_without_a_folder(name: str) -> None:
    (file,) = report.files_from_wire([common_pb2.ImportFile(name=name, content=b"x")])
    assert file.name == "due.csv"


def test_an_empty_file_is_left_to_its_reader_to_report() -> None:
    (file,) = report.files_from_wire([common_pb2.ImportFile(name="due.csv")])
    assert file == SourceFile("due.csv", b"")


@pytest.mark.parametrize("files", [[], [common_pb2.ImportFile(content=b"x")]])
def test_no_file_or_one_without_a_name_is_refused(files: list[common_pb2.ImportFile]) -> None:
    with pytest.raises(InvalidInput, match="no file was sent"):
        report.files_from_wire(files)


def test_more_than_an_import_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_MIB", "1")
    whole = common_pb2.ImportFile(name="due.csv", content=b"1" * 1024 * 1024)
    assert len(report.files_from_wire([whole])) == 1
    with pytest.raises(TooMuch, match=r"may hold 1 MiB together\. Split them"):
        report.files_from_wire([whole, common_pb2.ImportFile(name="more.csv", content=b"1")])


def test_how_to_import_must_be_said() -> None:
    with pytest.raises(InvalidInput, match="ALL_OR_NOTHING or GOOD_ROWS_ONLY"):
        report.options_from_wire(common_pb2.IMPORT_MODE_UNSPECIFIED, preview=True)
    assert report.options_from_wire(common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY, preview=True) == ImportOptions(True, True)
