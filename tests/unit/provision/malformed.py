"""Files that must be refused: what is wrong, the file, and the row, column and reason that the user is told."""

from __future__ import annotations

from dataclasses import dataclass

from shared.imports.report import SourceFile
from tests.builders.provision import (
    GIAS_COLUMNS,
    POOL_COLUMNS,
    gias_file,
    gias_row,
    pool_row,
    pools_file,
    xlsx_bytes,
)


@dataclass(frozen=True)
class Malformed:
    """One refused file; `reason` is a part of the reason given."""

    what: str
    file: SourceFile
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return self.what


def _gias(what: str, column: str, value: str, reason: str) -> Malformed:
    return Malformed(what, gias_file(gias_row(**{column: value})), 2, column, reason)


def _pool(what: str, column: str, value: str, reason: str) -> Malformed:
    return Malformed(what, pools_file(pool_row(**{column: value})), 2, column, reason)


def _pools(what: str, rows: list[dict[str, str]], row: int, column: str, reason: str) -> Malformed:
    return Malformed(what, pools_file(*rows), row, column, reason)


def _pools_bytes(what: str, content: bytes, column: str, reason: str, row: int = 0) -> Malformed:
    return Malformed(what, SourceFile("pools.csv", content), row, column, reason)


def _without(columns: list[str], name: str) -> list[str]:
    return [column for column in columns if column != name]


def _grouped(**cells: str) -> dict[str, str]:
    return pool_row(**{"group_ref": "G", "group_places": "20", **cells})


REQUIRED_GIAS = ["URN", "EstablishmentName", "TypeOfEstablishment (code)", "LA (code)"]
REQUIRED_POOLS = ["pool_ref", "urn", "kind", "needs", "year_group_low", "year_group_high", "first_day", "confirmed"]
GOOD_POOLS = pools_file().content

MALFORMED_GIAS = [
    *(
        Malformed(
            f"without the column {name}",
            gias_file({k: v for k, v in gias_row().items() if k != name}, columns=_without(GIAS_COLUMNS, name)),
            0,
            name,
            "the column is missing",
        )
        for name in REQUIRED_GIAS
    ),
    *(_gias(f"with an empty {name}", name, "", "the cell is empty; it is needed") for name in REQUIRED_GIAS),
    _gias("URN of five digits", "URN", "12345", "not from 100,000 to 999,999"),
    _gias("URN in words", "URN", "one", "not a whole number"),
    _gias("URN with a fraction", "URN", "100001.5", "not a whole number"),
    _gias("type code in words", "TypeOfEstablishment (code)", "Academy", "not a whole number"),
    _gias("authority code of four digits", "LA (code)", "8760", "not from 0 to 999"),
    _gias("age in words", "StatutoryLowAge", "eleven", "not a whole number"),
    _gias("age of 160", "StatutoryHighAge", "160", "not from 0 to 99"),
    _gias("negative roll", "NumberOfPupils", "-3", "not from 0 to"),
    _gias("grid reference off the grid", "Easting", "9999999", "not from 0 to 700,000"),
    _gias("grid reference in letters", "Northing", "SJ 512", "not a whole number"),
    _gias("formula in a name", "EstablishmentName", '=HYPERLINK("x")', "holds a formula"),
    _gias("command in a postcode", "Postcode", "@SUM(A1)", "holds a formula"),
    _gias("name of 300 letters", "EstablishmentName", "x" * 300, "more than 200 characters"),
    Malformed("one URN twice", gias_file(gias_row(), gias_row()), 3, "URN", "the same URN is in row 2"),
    Malformed("one URN three times", gias_file(*[gias_row()] * 3), 2, "URN", "in row 3 and 4"),
    Malformed(
        "a column twice", gias_file(columns=[*GIAS_COLUMNS, "Postcode"]), 0, "Postcode", "the column is there twice"
    ),
    Malformed("UTF-16", SourceFile("gias.csv", gias_file().content.decode().encode("utf-16")), 0, "", "UTF-8"),
    Malformed("neither UTF-8 nor Windows-1252", SourceFile("gias.csv", b"URN\n\x81\xff"), 0, "", "UTF-8"),
    Malformed("no heading", SourceFile("gias.csv", b"\n"), 0, "URN", "the column is missing"),
]

MALFORMED_POOLS = [
    *(
        Malformed(
            f"without the column {name}",
            pools_file({k: v for k, v in pool_row().items() if k != name}, columns=_without(POOL_COLUMNS, name)),
            0,
            name,
            "the column is missing",
        )
        for name in REQUIRED_POOLS
    ),
    *(_pool(f"with an empty {name}", name, "", "the cell is empty; it is needed") for name in REQUIRED_POOLS),
    _pool("reference with a blank", "pool_ref", "ASHLEY KS3", "use letters, digits and hyphens"),
    _pool("reference of 41 letters", "pool_ref", "A" * 41, "at most 40"),
    _pool("unknown URN", "urn", "100009", "import the GIAS file that has it first"),
    _pool("URN in words", "urn", "Ashley", "not a whole number"),
    _pool("unknown kind", "kind", "special", "not one of mainstream"),
    _pool("unknown need", "needs", "SEMH;ADHD", "not a need"),
    _pool("ALL beside a need", "needs", "ALL;SEMH", "write ALL alone"),
    _pool("only separators for needs", "needs", ";;", "write ALL alone"),
    _pool("needs separated by commas", "needs", "SEMH,ASD", "separated by semicolons"),
    _pool("year group 21", "year_group_high", "21", "not from -1 to 20"),
    _pool("year group as a key stage", "year_group_low", "KS3", "not a whole number"),
    _pool("year groups the wrong way round", "year_group_low", "12", "above year_group_high, 11"),
    _pool("unknown sex", "sex", "female", "not one of mixed, girls, boys"),
    _pool("negative places", "places_commissioned", "-1", "not from 0 to 10,000"),
    _pool("half a place", "places_commissioned", "7.5", "not a whole number"),
    _pool("no number at a special school", "places_commissioned", "", "may have no fixed number"),
    _pool("day in words", "first_day", "next September", "not a date"),
    _pool("American day", "first_day", "09/30/2024", "no such day"),
    _pool("30 February", "first_day", "2024-02-30", "no such day"),
    _pool("year 20224", "first_day", "20224-09-01", "not a date"),
    _pool("perhaps confirmed", "confirmed", "perhaps", "not yes or no"),
    _pool("unknown wheelchair access", "wheelchair_accessible", "partly", "not yes or no"),
    _pool("unknown basis", "basis", "guess", "not one of published"),
    _pool("group with a blank", "group_ref", "A B", "use letters, digits and hyphens"),
    _pools("group places without a group", [pool_row(group_places="20")], 2, "group_ref", "name the group"),
    _pools("group without its places", [pool_row(group_ref="G")], 2, "group_places", "the whole group has together"),
    _pools(
        "group with two totals",
        [_grouped(pool_ref="A"), _grouped(pool_ref="B", group_places="21")],
        3,
        "group_places",
        "row 2 gives the same group 20 places",
    ),
    _pools("a pool twice from one day", [pool_row(), pool_row()], 3, "first_day", "row 2 and row 3 both give pool A"),
    _pools(
        "rows of a pool that differ in needs",
        [pool_row(), pool_row(first_day="2023-09-01", needs="ALL")],
        3,
        "needs",
        "not the same as in row 2",
    ),
    _pools(
        "rows of a pool that differ in setting",
        [pool_row(), pool_row(first_day="2023-09-01", urn="100002")],
        3,
        "urn",
        "not the same as in row 2",
    ),
    _pools(
        "a good row beside a refused one of the same pool",
        [pool_row(), pool_row(first_day="soon")],
        2,
        "pool_ref",
        "another row of this pool is refused",
    ),
    _pool("formula in a number", "places_commissioned", "=1+1", "holds a formula"),
    _pool("command in a reference", "pool_ref", "@import", "holds a formula"),
    _pools_bytes("row cut short", GOOD_POOLS + b"B,100001\r\n", "", "the row has 2 cells", row=3),
    _pools_bytes("row too long", GOOD_POOLS.replace(b"authority", b"authority,extra"), "", "has 15 cells", row=2),
    _pools_bytes("a quote never closed", GOOD_POOLS + b'"B,100001', "", "not a CSV file"),
    _pools_bytes("separated by semicolons", GOOD_POOLS.replace(b",", b";"), "pool_ref", "separate columns with commas"),
    _pools_bytes("UTF-16", GOOD_POOLS.decode().encode("utf-16"), "", "save it as CSV UTF-8"),
    _pools_bytes("an old Excel workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "", "save it as CSV UTF-8"),
    _pools_bytes("a broken workbook", b"PK\x03\x04" + bytes(64), "", "not a readable Excel workbook"),
    _pools_bytes(
        "a formula in a workbook",
        xlsx_bytes([{**pool_row(), "places_commissioned": "=4+4"}], POOL_COLUMNS),
        "places_commissioned",
        "holds a formula",
        row=2,
    ),
]
