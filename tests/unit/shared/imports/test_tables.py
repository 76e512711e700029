"""Reading tables: what councils' spreadsheets really write is read; what is broken is refused, never guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.imports.report import RowProblem, SourceFile
from shared.imports.tables import Table, UnreadableFile, looks_like_formula, read_table

WANTED = ("urn", "places")


def csv_file(content: str | bytes) -> SourceFile:
    return SourceFile("pools.csv", content.encode() if isinstance(content, str) else content)


def read(content: str | bytes, required: Sequence[str] = WANTED, optional: Sequence[str] = ()) -> Table:
    return read_table(csv_file(content), required, optional)


def refusal(content: str | bytes) -> RowProblem:
    """Why the whole file was refused."""
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert refused.value.problem.row == 0
    assert refused.value.problem.file == "pools.csv"
    return refused.value.problem


def cells_of(table: Table) -> list[dict[str, str]]:
    return [row.cells for row in table.rows]


def test_columns_are_found_by_name_in_any_order_and_the_rest_ignored() -> None:
    table = read("places,colour,urn\n3,red,111447\n")
    assert cells_of(table) == [{"urn": "111447", "places": "3"}]


@pytest.mark.parametrize(
    "heading", ["URN,Places", " urn ,PLACES", "U_R_N,pla-ces", '"urn","places"', "\ufeffurn,places"]
)
def test_small_drift_of_a_heading_does_not_matter(heading: str) -> None:
    assert cells_of(read(f"{heading}\n111447,3\n")) == [{"urn": "111447", "places": "3"}]


def test_a_problem_can_name_the_column_as_the_file_does() -> None:
    assert read("U R N,Places\n").headings == {"urn": "U R N", "places": "Places"}


def test_an_optional_column_is_read_when_it_is_there() -> None:
    assert cells_of(read("urn,places,sex\n1,2,girls\n", optional=["sex"])) == [
        {"urn": "1", "places": "2", "sex": "girls"}
    ]
    assert cells_of(read("urn,places\n1,2\n", optional=["sex"])) == [{"urn": "1", "places": "2"}]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read('urn,places\n\n"1\n1",2\n , \n3,4\n')
    assert [row.number for row in table.rows] == [3, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_understood(end: str) -> None:
    assert len(read(end.join(["urn,places", "1,2", "3,4", ""])).rows) == 2


def test_windows_1252_is_read_where_utf_8_is_not() -> None:
    table = read("urn,places\nSt Zoë’s,3\n".encode("cp1252"))
    assert table.rows[0].cells["urn"] == "St Zoë’s"


@pytest.mark.parametrize(
    "content",
    [
        "urn,places\n1,2\n".encode("utf-16"),
        "urn,places\n1,2\n".encode("utf-16-le"),
        b"urn,places\n1\x00,2\n",
        b"urn,places\n\x81,2\n",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    ],
    ids=["utf-16", "utf-16 without a mark", "a NUL", "neither encoding", "an old .xls"],
)
def test_other_encodings_are_refused_saying_how_to_save(content: bytes) -> None:
    assert refusal(content).reason == "not text in UTF-8 or Windows-1252; save it as CSV UTF-8"


def test_an_empty_file_is_refused() -> None:
    assert "the file is empty" in refusal("").reason


@pytest.mark.parametrize("content", [b"\x8f\x12\x00rubbish", b"urn,places\n1,8\n"])
def test_a_file_named_as_a_workbook_must_be_one(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not an Excel workbook"):
        read_table(SourceFile("pools.xlsx", content), WANTED)


def test_a_missing_column_is_refused_naming_it() -> None:
    problem = refusal("urn,colour\n1,red\n")
    assert problem.column == "places"
    assert problem.reason == "the column is missing (needed: places)"


def test_semicolons_are_refused_saying_what_to_use() -> None:
    assert refusal("urn;places\n1;2\n").reason.endswith("separate columns with commas and save as CSV UTF-8")


def test_a_column_that_is_there_twice_is_refused_naming_it() -> None:
    problem = refusal("urn,places,Places\n1,2,3\n")
    assert problem.column == "Places"
    assert problem.reason == "the column is there twice; keep one of them"


def test_a_column_that_nobody_reads_may_be_there_twice() -> None:
    assert len(read("urn,places,note,note\n1,2,a,b\n").rows) == 1


@pytest.mark.parametrize(
    "content", ['urn,places\n1,2\n"3,4\n', 'urn,places\n1,2\n3,"4"x\n'], ids=["never closed", "text after the quote"]
)
def test_a_broken_quote_refuses_the_file_naming_the_row(content: str) -> None:
    assert "not a CSV file from row 3 on" in refusal(content).reason


def test_an_endless_cell_refuses_the_file() -> None:
    assert "field larger than field limit" in refusal("urn,places\n" + "x" * 200_000 + ",2\n").reason


def test_too_many_rows_are_refused_even_when_every_row_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_ROWS", "10")
    assert refusal("urn,places\n" + "bad\n" * 20).reason == "more than 10 rows; split the file"


def test_a_row_of_another_width_is_a_problem_of_that_row_alone() -> None:
    table = read("urn,places\n1,2\n3\n4,5,6\n7,8\n")
    assert [row.number for row in table.rows] == [2, 5]
    assert [(p.row, p.reason) for p in table.problems] == [
        (3, "the row has 1 cells and the heading 2; check commas and quotes"),
        (4, "the row has 3 cells and the heading 2; check commas and quotes"),
    ]


def test_a_formula_is_a_problem_naming_its_cell() -> None:
    table = read('urn,Places\n1,=1+1\n2,"=HYPERLINK(""http://x"")"\n')
    assert [(p.row, p.column, p.value) for p in table.problems] == [
        (2, "Places", "=1+1"),
        (3, "Places", '=HYPERLINK("http://x")'),
    ]
    assert table.problems[0].reason == "the cell holds a formula; paste its value instead"


def test_a_formula_in_a_column_that_nobody_reads_does_not_matter() -> None:
    table = read("urn,places,telephone\n1,2,+44 151 000 0000\n")
    assert (len(table.rows), table.problems) == (1, [])


@pytest.mark.parametrize("cell", ["=1", " =1", "@SUM(A1)", "+44 151", "-cmd|' /C calc'!A0", "-1+1", "\t=1", "+A1"])
def test_what_a_spreadsheet_would_compute_is_a_formula(cell: str) -> None:
    assert looks_like_formula(cell)


@pytest.mark.parametrize("cell", ["", "3", "-3", "+3", "-1,200.50", "-£12", "-", "a=b", "x@y", "St Ann's"])
def test_plain_text_and_numbers_are_no_formula(cell: str) -> None:
    assert not looks_like_formula(cell)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = read(content)
    except UnreadableFile:
        return
    assert set(table.headings) == set(WANTED)


@given(st.text(max_size=200))
def test_any_text_below_a_heading_gives_rows_or_problems(body: str) -> None:
    try:
        table = read("urn,places\n" + body)
    except UnreadableFile:
        return
    numbers = [row.number for row in table.rows]
    assert numbers == sorted(set(numbers) - {problem.row for problem in table.problems})


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).filter(
    lambda cell: not looks_like_formula(cell)
)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=10))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([WANTED, *rows])
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert cells_of(read(written.getvalue())) == [
        {"urn": urn.strip(), "places": places.strip()} for urn, places in kept
    ]
