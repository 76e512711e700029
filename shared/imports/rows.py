"""Check rows against a pydantic model whose fields are the columns. Each wrong cell is one problem, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from shared.days import parse_day
from shared.imports.columns import columns_of
from shared.imports.report import RowProblem, SourceFile
from shared.imports.tables import Table, UnreadableFile, no_rows, read_table
from shared.pence import parse_pounds


class RowModel(BaseModel):
    """A row of one of our files. A required field is a required column; one with a default may be missing or blank."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def required_columns(cls) -> list[str]:
        """Columns that must be there, in the model's order."""
        return [name for name, field in cls.model_fields.items() if field.is_required()]

    @classmethod
    def optional_columns(cls) -> list[str]:
        """Columns that may be missing, in the model's order."""
        return [name for name, field in cls.model_fields.items() if not field.is_required()]

    @classmethod
    def from_cells(cls, cells: dict[str, str]) -> Self:
        """The row that the cells spell; blank cells take the field's default. Raises pydantic's ValidationError."""
        return cls.model_validate({name: cell for name, cell in cells.items() if cell != ""})


RowT = TypeVar("RowT", bound=RowModel)


@dataclass(frozen=True)
class Checked(Generic[RowT]):
    """The good rows of a file with their row numbers, and the problems of the others."""

    rows: Sequence[tuple[int, RowT]]
    problems: Sequence[RowProblem]


def read_rows(file: SourceFile, model: type[RowT]) -> Checked[RowT]:
    """Read and check a file. A file that cannot be read at all, or has no rows, gives one problem of row 0."""
    try:
        table = read_table(file, model.required_columns(), model.optional_columns())
    except UnreadableFile as unreadable:
        return Checked([], [unreadable.problem])
    checked = check_rows(table, model)
    return Checked(checked.rows, [*checked.problems, *no_rows(table)])


def check_rows(table: Table, model: type[RowT]) -> Checked[RowT]:
    """Check every row of a table against the model."""
    rows, problems = check_each(table, model)
    good = [(number, row) for number, row in zip(table.numbers, rows, strict=True) if row is not None]
    return Checked(good, [*table.problems, *problems])


def check_each(table: Table, model: type[RowT]) -> tuple[list[RowT | None], list[RowProblem]]:
    """The row of every one of the table's, None where a cell is wrong, and what is wrong.

    Columns are checked before rows, each different cell once. A row with a cell that its column refuses is then read by
    the model itself, whose words the problems are.
    """
    columns = columns_of(model)
    if columns is None:
        return _each_by_model(table, model, [None] * len(table.numbers), range(len(table.numbers)))
    return _each_by_model(table, model, *columns.read(table))


def check_columns(table: Table, model: type[RowModel]) -> tuple[dict[str, Sequence[Any]], list[int], list[RowProblem]]:
    """What the columns say by the model's fields, the places of bad rows, whose cells say nothing, and what is wrong.

    For a model without rules of whole rows; raises TypeError for another.
    """
    columns = columns_of(model)
    if columns is None:
        raise TypeError(f"{model.__name__} has rules of whole rows, so its columns cannot be checked alone")
    values, wrong = columns.values(table)
    nothing: list[RowModel | None] = [None] * len(table.numbers)
    _, problems = _each_by_model(table, model, nothing, wrong)
    return values, wrong, problems


def _each_by_model(
    table: Table, model: type[RowT], rows: list[RowT | None], doubtful: Iterable[int]
) -> tuple[list[RowT | None], list[RowProblem]]:
    """The same rows, and what the model says of those that are in doubt."""
    problems: list[RowProblem] = []
    for at in doubtful:
        cells = table.cells_at(at)
        try:
            rows[at] = model.from_cells(cells)
        except ValidationError as error:
            problems += _problems(table, table.numbers[at], cells, error)
    return rows, problems


def _problems(table: Table, number: int, cells: dict[str, str], error: ValidationError) -> list[RowProblem]:
    found = []
    for detail in error.errors(include_url=False, include_context=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        reason = (
            "the cell is empty; it is needed"
            if detail["type"] == "missing"
            else detail["msg"].removeprefix("Value error, ")
        )
        found.append(RowProblem(table.file, number, table.headings.get(name, name), cells.get(name, "")[:80], reason))
    return found


def one_of(*allowed: str) -> BeforeValidator:
    """A cell that holds one of these words, in any case; the row gets it as it is written here."""
    words = {word.casefold(): word for word in allowed}

    def check(cell: Any) -> str:
        word = words.get(str(cell).strip().casefold())
        if word is None:
            raise ValueError(f"not one of {', '.join(allowed)}")
        return word

    return BeforeValidator(check)


def list_of(check: Callable[[str], str], most: int = 20) -> BeforeValidator:
    """A cell that holds words separated by semicolons, each passed through `check`; a tuple without repeats."""

    def split(cell: Any) -> tuple[str, ...]:
        words = [word.strip() for word in str(cell).split(";") if word.strip()]
        if len(words) > most:
            raise ValueError(f"more than {most} entries; separate them with semicolons")
        return tuple(dict.fromkeys(check(word) for word in words))

    return BeforeValidator(split)


def whole(low: int, high: int) -> BeforeValidator:
    """A cell that holds a whole number from `low` to `high`."""

    def check(cell: Any) -> int:
        text = str(cell).strip()
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            raise ValueError(f"not a whole number from {low:,} to {high:,}")
        if not low <= int(text) <= high:
            raise ValueError(f"not from {low:,} to {high:,}")
        return int(text)

    return BeforeValidator(check)


def _yes_no(cell: Any) -> bool:
    word = str(cell).strip().casefold()
    if word not in ("yes", "no", "y", "n", "true", "false", "1", "0"):
        raise ValueError("not yes or no")
    return word in ("yes", "y", "true", "1")


def _day(cell: Any) -> date:
    text = str(cell).strip()
    if re.fullmatch(r"[1-9]\d{4}(\.\d+)?", text):
        raise ValueError("looks like an Excel serial number; format the cell as a date")
    return parse_day(text)


Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Pence = Annotated[int, BeforeValidator(lambda cell: parse_pounds(str(cell)))]
