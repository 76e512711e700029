"""Read a file of distances. Postcodes and URNs become points; no postcode is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.cost.imports.travel_rows import TravelRow
from services.cost.transport.travel.matrix import MatrixPair, Point, Way
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import check_rows
from shared.imports.tables import Table, UnreadableFile, no_rows, read_table
from shared.postcodes import locate

LocateSettings = Callable[[Collection[int]], Mapping[int, Point]]
BOTH, NEITHER = "postcode and URN are both given; keep one", "the cell is empty; give a postcode or a URN"
NOWHERE = {
    "postcode": "not a postcode with a place; correct it, or give a setting's URN",
    "urn": "no setting with this URN has a place on file; import gias first, or give its postcode",
}


@dataclass(frozen=True)
class ReadMatrix:
    """A file's good pairs by their two places, and what is wrong with the others."""

    pairs: Mapping[Way, MatrixPair]
    rows_read: int
    problems: Sequence[RowProblem]


def read_matrix(file: SourceFile, locate_settings: LocateSettings) -> ReadMatrix:
    """Read and check a file. Raises NeighbourDown where the file names settings and provision does not answer."""
    try:
        table = read_table(file, TravelRow.required_columns(), TravelRow.optional_columns())
    except UnreadableFile as unreadable:
        return ReadMatrix({}, 0, [unreadable.problem])
    checked = check_rows(table, TravelRow)
    found = _Finder(table, checked.rows, locate_settings)
    problems = [*checked.problems, *no_rows(table), *found.problems, *found.duplicates()]
    rows_read = table.count_rows()
    refused = {problem.row for problem in problems}
    return ReadMatrix({p.way: p for number, p in found.pairs if number not in refused}, rows_read, problems)


class _Finder:
    """The pair of every row whose two places are found; the others are problems."""

    def __init__(self, table: Table, rows: Sequence[tuple[int, TravelRow]], locate_settings: LocateSettings) -> None:
        self._table = table
        self.problems: list[RowProblem] = []
        self.pairs: list[tuple[int, MatrixPair]] = []
        ends = [(row.from_postcode, row.from_urn) for _, row in rows] + [
            (row.to_postcode, row.to_urn) for _, row in rows
        ]
        points = locate({postcode for postcode, urn in ends if postcode and not urn})
        self._postcodes = {code: (point.easting, point.northing) for code, point in points.items()}
        urns = {urn for postcode, urn in ends if urn and not postcode}
        self._settings = locate_settings(urns) if urns else {}
        for number, row in rows:
            start, end = self._place(number, "from", row), self._place(number, "to", row)
            if start and end:
                says = row.walking_metres, row.driving_metres, row.driving_minutes, row.as_of
                self.pairs.append((number, MatrixPair(start, end, *says)))

    def _place(self, number: int, side: str, row: TravelRow) -> Point | None:
        """One end of a row; None with a problem, in which no postcode is repeated."""
        postcode, urn = getattr(row, f"{side}_postcode"), getattr(row, f"{side}_urn")
        found = self._postcodes.get(postcode) if postcode else self._settings.get(urn)
        if bool(postcode) == bool(urn):
            self._wrong(number, f"{side}_postcode", BOTH if postcode else NEITHER)
            return None
        if found is None:
            column = "postcode" if postcode else "urn"
            self._wrong(number, f"{side}_{column}", NOWHERE[column], str(urn or ""))
        return found

    def _wrong(self, number: int, column: str, why: str, value: str = "") -> None:
        self.problems.append(RowProblem(self._table.file, number, self._table.headings.get(column, column), value, why))

    def duplicates(self) -> Iterator[RowProblem]:
        """Rows of one way are both refused: only a person knows which is meant."""
        rows: dict[Way, list[int]] = {}
        for number, pair in self.pairs:
            rows.setdefault(pair.way, []).append(number)
        for numbers in rows.values():
            for number in numbers if len(numbers) > 1 else ():
                other = numbers[0] if number != numbers[0] else numbers[1]
                why = f"from and to are the same places as in row {other}; keep one of them"
                yield RowProblem(self._table.file, number, "", "", why)
