"""Files as they go wrong in real life: each is refused naming file, row, column and reason, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from tests.builders.cost import COLUMNS, Cells, card_rows, rate, to_csv, travel_rows
from tests.service.cost.conftest import Cost

SOUND = card_rows()
DAYS_ROW = len(SOUND) + 1


def spoilt(row: int, **cells: str) -> bytes:
    """A sound card with some cells of one row (as a spreadsheet counts) written over."""
    rows = [dict(cells_of) for cells_of in SOUND]
    rows[row - 2].update(cells)
    return to_csv(rows)


def added(item: str, amount: object = 1, unit: str = "gbp_per_year", **cells: object) -> bytes:
    return to_csv(card_rows(rate(item, amount, unit, **cells)))


def without(*items: str) -> bytes:
    return to_csv(row for row in SOUND if row["item"] not in items)


def only(*rows: Cells) -> bytes:
    return to_csv([rate("inmss_fee", 1), *rows, *travel_rows()])


def less(*columns: str) -> bytes:
    return to_csv(SOUND, [column for column in COLUMNS if column not in columns])


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_of(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "nothing")
    return out.getvalue()


ADDED = DAYS_ROW + 1
MALFORMED = {
    "card name with a space": (spoilt(2, card="my card"), 2, "card", "not a card name"),
    "card name missing": (spoilt(3, card=""), 3, "card", "the cell is empty"),
    "card name too long": (spoilt(3, card="c" * 41), 3, "card", "not a card name"),
    "two cards in one file": (spoilt(5, card="other"), 5, "card", "row 2 says test"),
    "two first days in one file": (spoilt(6, first_day="2025-04-01"), 6, "first_day", "row 2 says 2024-04-01"),
    "an American date": (spoilt(2, first_day="04/31/2024"), 2, "first_day", "no such day"),
    "a date in words": (spoilt(2, first_day="next April"), 2, "first_day", "not a date"),
    "a date of another century": (spoilt(2, first_day="0024-04-01"), 2, "first_day", "between 1900 and 2100"),
    "no date": (spoilt(2, first_day=""), 2, "first_day", "the cell is empty"),
    "an unknown item": (spoilt(4, item="topup"), 4, "item", "not one of place_funding"),
    "no item": (spoilt(4, item=""), 4, "item", "the cell is empty"),
    "an unknown kind": (spoilt(2, kind="special"), 2, "kind", "not one of mainstream"),
    "an unknown need": (spoilt(4, need="SEHM"), 4, "need", "not one of SPLD"),
    "an unknown band": (spoilt(4, band="F"), 4, "band", "not one of A"),
    "a URN that is a name": (spoilt(2, urn="Brookfields"), 2, "urn", "not a whole number"),
    "a URN too short": (spoilt(2, urn="1234"), 2, "urn", "not from 100,000"),
    "a URN with decimals": (spoilt(2, urn="111111.5"), 2, "urn", "not a whole number"),
    "metres with a unit": (spoilt(8, minimum_metres="5 km"), 8, "minimum_metres", "not a whole number"),
    "metres below nothing": (spoilt(8, minimum_metres="-1"), 8, "minimum_metres", "not from 0"),
    "metres beyond the country": (spoilt(8, minimum_metres="9999999"), 8, "minimum_metres", "not from 0"),
    "an amount in words": (spoilt(4, amount="five thousand"), 4, "amount", "write 1234.56"),
    "no amount": (spoilt(4, amount=""), 4, "amount", "the cell is empty"),
    "an amount below nothing": (spoilt(4, amount="-5"), 4, "amount", "0 or more"),
    "a third of a penny": (spoilt(4, amount="1.333"), 4, "amount", "at most two decimals"),
    "an amount without end": (spoilt(4, amount="Infinity"), 4, "amount", "not an amount in pounds"),
    "no number at all": (spoilt(4, amount="NaN"), 4, "amount", "not an amount in pounds"),
    "an amount in e-notation beyond reason": (spoilt(4, amount="1e99"), 4, "amount", "not an amount in pounds"),
    "an unknown unit": (spoilt(4, unit="gbp"), 4, "unit", "not one of gbp_per_year"),
    "a unit of another item": (spoilt(4, unit="gbp_per_day"), 4, "unit", "top_up is priced in gbp_per_year"),
    "days priced in pounds": (spoilt(DAYS_ROW, unit="gbp_per_day"), DAYS_ROW, "unit", "priced in days"),
    "no days": (spoilt(DAYS_ROW, amount="0"), DAYS_ROW, "amount", "from 1 to 366"),
    "more days than a year has": (spoilt(DAYS_ROW, amount="367"), DAYS_ROW, "amount", "from 1 to 366"),
    "half days": (spoilt(DAYS_ROW, amount="190.5"), DAYS_ROW, "amount", "whole number of days"),
    "an unknown basis": (spoilt(4, basis="guess"), 4, "basis", "not one of rate_card"),
    "no basis": (spoilt(4, basis=""), 4, "basis", "the cell is empty"),
    "a source too long": (spoilt(4, source="s" * 201), 4, "source", "longer than 200"),
    "a formula for an amount": (spoilt(4, amount="=B2*2"), 4, "amount", "the cell holds a formula"),
    "a command in a source": (spoilt(4, source="@SUM(1)"), 4, "source", "the cell holds a formula"),
    "place funding by need": (added("place_funding", need="ASD"), ADDED, "need", "does not differ by need"),
    "transport by kind": (
        added("transport", 1, "gbp_per_day", kind="mainstream", minimum_metres=9),
        ADDED,
        "kind",
        "does not differ by kind",
    ),
    "a top-up by distance": (added("top_up", minimum_metres=100), ADDED, "minimum_metres", "does not differ"),
    "a block for a school": (added("hn_unit_block", kind="mainstream"), ADDED, "kind", "is for the kind hn_unit"),
    "the same rate twice": (added("top_up", 7), 4, "", f"as row {ADDED}; keep one"),
    "the same rate twice, the other row": (added("top_up", 7), ADDED, "", "as row 4; keep one"),
    "days twice": (added("transport_days", 195, "days"), ADDED, "", f"as row {DAYS_ROW}; keep one"),
    "no days row": (without("transport_days"), 0, "", "there is no transport_days"),
    "no shared transport": (without("transport"), 0, "", "there is no transport;"),
    "no transport alone": (without("transport_solo"), 0, "", "there is no transport_solo"),
    "no wheelchair supplement": (without("transport_wheelchair"), 0, "", "there is no transport_wheelchair"),
    "no assistant": (without("passenger_assistant"), 0, "", "there is no passenger_assistant"),
    "no default fee": (without("inmss_fee"), 0, "", "there is no inmss_fee for any school"),
    "bands that begin late": (spoilt(7, minimum_metres="1000"), 0, "", "begin at 1,000 metres; add one from 0"),
    "a banded top-up without default": (only(rate("top_up", 1, band="A")), 0, "", "no amount for any need and band"),
    "no amount column": (less("amount"), 0, "amount", "the column is missing"),
    "no card or unit column": (less("card", "unit"), 0, "card", "needed: card, unit"),
    "a column twice": (to_csv(SOUND, [*COLUMNS, "Amount"]), 0, "Amount", "the column is there twice"),
    "a heading alone": (to_csv([]), 0, "", "no rates"),
    "blank lines alone": (b"\n\n\n", 0, "card", "the column is missing"),
    "semicolons": (to_csv(SOUND).replace(b",", b";"), 0, "card", "separate columns with commas"),
    "UTF-16": (to_csv(SOUND).decode().encode("utf-16"), 0, "", "not text in UTF-8"),
    "bytes that are no text": (b"\x00\x01\x02\x03", 0, "", "not text in UTF-8"),
    "an unclosed quote": (to_csv(SOUND) + b'"test', 0, "", "not a CSV file from row"),
    "a row too long": (to_csv(SOUND) + b"a,b,c,d,e,f,g,h,i,j,k,l,m\r\n", ADDED, "", "the row has 13 cells"),
    "a row too short": (to_csv(SOUND) + b"test,2024-04-01\r\n", ADDED, "", "the row has 2 cells"),
    "a zip that is no workbook": (zip_of("rates.txt"), 0, "", "not a readable Excel workbook"),
    "half a workbook": (workbook([COLUMNS])[:500], 0, "", "not a readable Excel workbook"),
    "a formula in a workbook": (workbook([COLUMNS, ["test", *["=1+1"] * 11]]), 2, "amount", "holds a formula"),
    "a web page": (b"<html><body>Sign in</body></html>", 0, "card", "the column is missing"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_refused_where_it_is_wrong_and_nothing_is_written(shared_cost: Cost, case: str) -> None:
    content, row, column, reason = MALFORMED[case]
    imported = shared_cost.import_card(content, name="spoilt.csv")
    assert (imported.report.accepted, imported.rate_card_id, imported.report.created) == (False, "", 0)
    found = [(p.file, p.row, p.column) for p in imported.report.problems if reason in p.reason]
    assert ("spoilt.csv", row, column) in found, imported.report.problems
    assert shared_cost.list_ids() == ["card_test_1"]


def test_headings_may_drift_in_case_spacing_order_and_extra_columns(shared_cost: Cost) -> None:
    renamed = {column: f" {column.replace('_', ' ').title()}" for column in COLUMNS}
    rows = [{renamed[column]: value for column, value in row.items()} | {"Note": "x"} for row in SOUND]
    content = to_csv(rows, [*reversed(renamed.values()), "Note"])
    assert shared_cost.import_card(content).rate_card_id == "card_test_1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_files_as_excel_saves_them_are_read(shared_cost: Cost, encoding: str) -> None:
    rows = [{**row, "amount": f"£{int(row['amount']):,}"} for row in SOUND]
    assert shared_cost.import_card(to_csv(rows).decode().encode(encoding)).rate_card_id == "card_test_1"
