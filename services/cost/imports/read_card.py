"""Read a rate card file. What is wrong is a problem of its row; what the card as a whole lacks, of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.cost.domain.checks import card_doubts, card_faults, rate_faults
from services.cost.domain.rates import Rate
from services.cost.imports.rate_rows import RateRow
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import check_rows
from shared.imports.tables import Table, UnreadableFile, read_table


@dataclass(frozen=True)
class ReadCard:
    """A card file: its name ("" without a good row), first day and good rates, and what is wrong or doubtful."""

    name: str
    first_day: date
    rates: Sequence[Rate]
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem] = ()


@dataclass(frozen=True)
class _NumberedRate:
    row: int
    rate: Rate


def read_card(file: SourceFile) -> ReadCard:
    """Read and check a file of rates; a file that cannot be read at all gives one problem of row 0."""
    try:
        table = read_table(file, RateRow.required_columns(), RateRow.optional_columns())
    except UnreadableFile as unreadable:
        return ReadCard("", date.min, [], 0, [unreadable.problem])
    checked = check_rows(table, RateRow)
    if not checked.rows:
        return ReadCard("", date.min, [], table.count_rows(), [*checked.problems, *_nothing_good(table)])
    first = checked.rows[0]
    problems = [*checked.problems, *_other_cards(table, first, checked.rows[1:])]
    kept, faults = _rates(table, checked.rows)
    problems += [*faults, *_duplicates(table, kept)]
    refused = {problem.row for problem in problems}
    rates = [numbered.rate for numbered in kept if numbered.row not in refused]
    problems += [RowProblem(table.file, 0, "", "", reason) for reason in card_faults(rates)]
    warnings = [RowProblem(table.file, 0, "", "", reason) for reason in card_doubts(rates)]
    return ReadCard(first[1].card, first[1].first_day, rates, table.count_rows(), problems, warnings)


def _nothing_good(table: Table) -> Iterator[RowProblem]:
    if not table.problems and not table.numbers:
        yield RowProblem(table.file, 0, "", "", "the file has a heading but no rates; add a row for each rate")


def _other_cards(
    table: Table, first: tuple[int, RateRow], others: Iterable[tuple[int, RateRow]]
) -> Iterator[RowProblem]:
    """One file is one card: `card` and `first_day` are the same in every row."""
    for number, row in others:
        for column in ("card", "first_day"):
            value, expected = str(getattr(row, column)), str(getattr(first[1], column))
            if value != expected:
                reason = f"row {first[0]} says {expected}; one file holds one card with one first day"
                yield RowProblem(table.file, number, table.headings[column], value, reason)


def _rates(table: Table, rows: Iterable[tuple[int, RateRow]]) -> tuple[list[_NumberedRate], list[RowProblem]]:
    kept: list[_NumberedRate] = []
    problems: list[RowProblem] = []
    for number, row in rows:
        try:
            rate = row.to_rate()
        except ValueError as fault:
            problems.append(
                RowProblem(table.file, number, table.headings["amount"], f"{row.amount / 100:.2f}", str(fault))
            )
            continue
        kept.append(_NumberedRate(number, rate))
        problems += [
            RowProblem(table.file, number, table.headings.get(column, column), value, reason)
            for column, value, reason in rate_faults(rate)
        ]
    return kept, problems


def _duplicates(table: Table, kept: Iterable[_NumberedRate]) -> Iterator[RowProblem]:
    """Rates that say the same twice are both refused: only a person knows which is meant."""
    rows_by_key: dict[object, list[int]] = defaultdict(list)
    for numbered in kept:
        key = numbered.rate.key if numbered.rate.item != "transport_days" else "transport_days"
        rows_by_key[key].append(numbered.row)
    for rows in rows_by_key.values():
        for row in rows if len(rows) > 1 else ():
            other = rows[0] if row != rows[0] else rows[1]
            reason = f"the same item, kind, need, band, URN and minimum_metres as row {other}; keep one of them"
            yield RowProblem(table.file, row, "", "", reason)
