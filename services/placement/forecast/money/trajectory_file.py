"""Published tables of spend and deficit from files: TOML, or CSV with one line for each row and year.

Amounts keep the decimals that print shows, so that the reader knows how far they are rounded. Reading is strict: what
is wrong is named by its place in the file and the rule.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from services.placement.forecast.money.trajectory import PublishedRow, PublishedTable

SEED = Path(__file__).parent / "tables" / "halton-2023.toml"
"""The table of the application that this project comes from, as it was printed."""
PENCE = {"GBP m": 10**8, "GBP k": 10**5, "GBP": 100}
DEFAULT_UNIT = "GBP m"
GROWTH_PERCENT = Decimal(3)
TOLERANCE = {"GBP m": Decimal("0.25"), "GBP k": Decimal(250), "GBP": Decimal(250_000)}
COLUMNS = ("row", "year", "spend", "deficit")
KEYS = ("title", "source", "unit", "years", "income", "income_growth_percent", "tolerance", "rows")


@dataclass(frozen=True)
class Stated:
    """What is said beside a file and goes before it; None leaves the file's own value, or the rule's default.

    `income` and `tolerance` are in the file's unit.
    """

    income: Decimal | None = None
    growth_percent: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str | None = None


def read_table(path: Path, stated: Stated | None = None) -> PublishedTable:
    """The table in a .toml or .csv file. Raises ValueError that names the place in the file and the rule."""
    return parse_table(path.name, path.read_bytes(), stated)


def parse_table(name: str, content: bytes, stated: Stated | None = None) -> PublishedTable:
    """The table that a file of this name holds. Raises ValueError as `read_table` does."""
    said = stated or Stated()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not text in UTF-8; save it so") from None
    if name.casefold().endswith(".toml"):
        return _from_toml(text, said)
    if name.casefold().endswith(".csv"):
        return _from_csv(text, said, name)
    raise ValueError("a table is read from a .toml or a .csv file; name one of them")


def _from_toml(text: str, said: Stated) -> PublishedTable:
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(str(error)) from None
    if unknown := sorted(set(content) - set(KEYS)):
        _refuse(unknown[0], f"is not known; the keys are {', '.join(KEYS)}")
    rows = content.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        _refuse("rows", "must be tables, each with name, spend and deficit")
    years = content.get("years")
    if not isinstance(years, list) or not all(type(year) is int for year in years):
        _refuse("years", "must be a list of whole years")
    amounts = [_row_amounts(row, at) for at, row in enumerate(rows)]
    return _table(years, amounts, content, said)


def _row_amounts(row: Mapping[str, Any], at: int) -> tuple[str, list[Decimal], list[Decimal]]:
    place = f"rows[{at}]"
    if set(row) != {"name", "spend", "deficit"}:
        _refuse(place, "needs name, spend and deficit, and nothing else")
    if not isinstance(row["name"], str) or not row["name"]:
        _refuse(f"{place}.name", "must be a text")
    spend, deficit = (_amounts(row[measure], f"{place}.{measure}") for measure in ("spend", "deficit"))
    return row["name"], spend, deficit


def _amounts(listed: Any, place: str) -> list[Decimal]:
    if not isinstance(listed, list):
        _refuse(place, "must be a list of amounts, one for each year")
    return [_amount(value, f"{place}[{at}]") for at, value in enumerate(listed)]


def _amount(value: Any, place: str) -> Decimal:
    """A finite number of at most 15 digits, exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        _refuse(place, f"{value!r} is not an amount")
    exact = Decimal(value)
    if not exact.is_finite() or abs(exact) >= 10**15:
        _refuse(place, f"{value} is not an amount below 10^15")
    return exact


def _from_csv(text: str, said: Stated, name: str) -> PublishedTable:
    reader = csv.DictReader(io.StringIO(text))
    headings = [heading.strip().casefold() for heading in reader.fieldnames or ()]
    if missing := [column for column in COLUMNS if column not in headings]:
        _refuse("row 1", f"has no column {', '.join(missing)}; the columns are {', '.join(COLUMNS)}")
    reader.fieldnames = headings
    found: dict[str, dict[int, tuple[Decimal, Decimal]]] = {}
    for number, line in enumerate(reader, start=2):
        row, year = (line["row"] or "").strip(), _year(line["year"], number)
        if not row:
            _refuse(f"row {number}, column row", "is empty; name the course of action")
        if year in found.setdefault(row, {}):
            _refuse(f"row {number}, column year", f"{year} is there already for {row!r}")
        spend, deficit = (_cell(line[column], number, column) for column in ("spend", "deficit"))
        found[row][year] = (spend, deficit)
    if not found:
        _refuse("row 2", "is missing: the file has a heading and no rows")
    years = sorted(next(iter(found.values())))
    for row, by_year in found.items():
        if sorted(by_year) != years:
            _refuse(f"row {row!r}", f"must have the same years as the first: {', '.join(map(str, years))}")
    amounts = [
        (row, [by_year[year][0] for year in years], [by_year[year][1] for year in years])
        for row, by_year in found.items()
    ]
    return _table(years, amounts, {"title": name, "source": name}, said)


def _year(cell: str | None, number: int) -> int:
    text = (cell or "").strip()
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        _refuse(f"row {number}, column year", f"{text!r} is not a year such as 2027")
    return int(text)


def _cell(cell: str | None, number: int, column: str) -> Decimal:
    text = (cell or "").strip()
    try:
        return _amount(Decimal(text), f"row {number}, column {column}")
    except InvalidOperation:
        _refuse(f"row {number}, column {column}", f"{text!r} is not an amount")


def _table(
    years: Sequence[int],
    amounts: Sequence[tuple[str, list[Decimal], list[Decimal]]],
    content: Mapping[str, Any],
    said: Stated,
) -> PublishedTable:
    unit = said.unit or content.get("unit", DEFAULT_UNIT)
    if unit not in PENCE:
        _refuse("unit", f"{unit!r} is not one of {', '.join(PENCE)}")
    growth = _said(said.growth_percent, content, "income_growth_percent", GROWTH_PERCENT)
    tolerance = _said(said.tolerance, content, "tolerance", TOLERANCE[unit])
    income = _said(said.income, content, "income", None)
    assert growth is not None
    assert tolerance is not None
    rows = tuple(PublishedRow(name, _pence(spend, unit), _pence(deficit, unit)) for name, spend, deficit in amounts)
    return PublishedTable(
        title=str(content.get("title", "")),
        source=str(content.get("source", "")),
        years=tuple(years),
        rows=rows,
        income_pence=None if income is None else round(income * PENCE[unit]),
        income_growth=Fraction(growth) / 100,
        tolerance_pence=round(tolerance * PENCE[unit]),
        rounding_pence=_rounding([amount for row in amounts for amount in (*row[1], *row[2])], unit),
    )


def _said(stated: Decimal | None, content: Mapping[str, Any], key: str, default: Decimal | None) -> Decimal | None:
    if stated is not None:
        return stated
    return _amount(content[key], key) if key in content else default


def _pence(amounts: Sequence[Decimal], unit: str) -> tuple[int, ...]:
    return tuple(round(amount * PENCE[unit]) for amount in amounts)


def _rounding(amounts: Sequence[Decimal], unit: str) -> int:
    """Half a unit of the last decimal that any amount shows, in pence."""
    decimals = max((-int(amount.as_tuple().exponent) for amount in amounts), default=0)
    parts: int = 2 * 10 ** max(decimals, 0)
    return PENCE[unit] // parts


def _refuse(place: str, rule: str) -> NoReturn:
    raise ValueError(f"{place}: {rule}.")
