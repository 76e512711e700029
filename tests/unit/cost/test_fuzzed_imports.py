"""Whatever bytes come in, the importer answers with problems; it never raises nor passes a card that cannot price."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cost.domain.rates import build_card
from services.cost.imports import ReadCard, read_card
from services.cost.transport.fares import build_fares
from shared.imports.report import SourceFile
from tests.builders.cost import COLUMNS, card_rows, to_csv

GOOD = to_csv(card_rows())
thousands = settings(max_examples=1000, deadline=None)


def check(content: bytes) -> ReadCard:
    read = read_card(SourceFile("fuzzed.csv", content))
    assert all(problem.file == "fuzzed.csv" and problem.reason for problem in read.problems)
    if not read.problems:
        build_fares(build_card(read.name, 1, read.first_day, read.rates))
    return read


@thousands
@given(st.binary(min_size=1, max_size=400))
def test_arbitrary_bytes_are_refused(content: bytes) -> None:
    assert check(content).problems


@thousands
@given(st.binary(max_size=200))
def test_arbitrary_bytes_that_claim_to_be_a_workbook_are_refused(content: bytes) -> None:
    assert check(b"PK\x03\x04" + content).problems


@thousands
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), min_size=1, max_size=6))
def test_a_good_file_with_bytes_changed_is_read_or_refused_but_never_raises(changes: list[tuple[int, bytes]]) -> None:
    content = GOOD
    for at, put in changes:
        content = content[:at] + put + content[at + 1 :]
    check(content)


@thousands
@given(st.integers(0, 11), st.sampled_from(COLUMNS), st.text(max_size=30))
def test_a_good_file_with_one_cell_changed_is_read_or_refused_at_that_cell(row: int, column: str, cell: str) -> None:
    rows = [dict(cells) for cells in card_rows()]
    rows[row][column] = cell
    check(to_csv(rows))
