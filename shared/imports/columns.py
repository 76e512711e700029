"""Check whole columns against a model of rows: each different cell once, by the model's own field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from shared.imports.tables import Table

ModelT = TypeVar("ModelT", bound=BaseModel)
REFUSED = object()
"""Stands for a cell that its column does not take."""


class ModelColumns(Generic[ModelT]):
    """The columns of a model whose fields are checked one by one, by the names that they have in files."""

    def __init__(self, model: type[ModelT]) -> None:
        self._model = model
        self._checks = {field.alias or name: (name, _check_of(field)) for name, field in model.model_fields.items()}
        self._defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in model.model_fields.items()
            if not field.is_required()
        }

    def values(self, table: Table) -> tuple[dict[str, Sequence[Any]], list[int]]:
        """What each field of the model says of each row, and the places of rows of which a column refuses a cell."""
        length = len(table.numbers)
        found: dict[str, Sequence[Any]] = {name: [default] * length for name, default in self._defaults.items()}
        refused: set[int] = set()
        for heading, (name, check) in self._checks.items():
            if heading in table.columns:
                found[name], wrong = _values(table.columns[heading], check, self._defaults.get(name, REFUSED))
                refused.update(wrong)
            elif name not in self._defaults:
                found[name] = [REFUSED] * length  # a needed column is missing, as the model then says of each row
                refused.update(range(length))
        return found, sorted(refused)

    def read(self, table: Table) -> tuple[list[ModelT | None], list[int]]:
        """A row for each of the table's, and the places of those that are None because a column refuses a cell."""
        found, refused = self.values(table)
        rows: list[ModelT | None] = list(self._build(found))
        for at in refused:
            rows[at] = None
        return rows, refused

    def _build(self, found: Mapping[str, Sequence[Any]]) -> Iterable[ModelT]:
        """Rows of checked values, as the model's own `model_construct` builds them, which takes a field at a time."""
        names = list(self._model.model_fields)
        new, put, fields_set = self._model.__new__, object.__setattr__, set(names)
        for values in zip(*(found[name] for name in names), strict=True):
            row = new(self._model)
            put(row, "__dict__", dict(zip(names, values, strict=True)))
            put(row, "__pydantic_fields_set__", fields_set)
            put(row, "__pydantic_extra__", None)
            put(row, "__pydantic_private__", None)
            yield row


@lru_cache(maxsize=64)
def columns_of(model: type[ModelT]) -> ModelColumns[ModelT] | None:
    """The columns of a model; None for one that has rules of whole rows, or of fields by a method."""
    rules = model.__pydantic_decorators__
    if rules.model_validators or rules.field_validators or rules.validators or rules.root_validators:
        return None
    return ModelColumns(model)


def _check_of(field: FieldInfo) -> Callable[[str], Any] | None:
    """What the field makes of a cell, raising ValidationError; None for text that is taken as it is."""
    if field.annotation is str and not field.metadata:
        return None
    whole: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return TypeAdapter(whole).validate_python


def _values(
    column: Sequence[str], check: Callable[[str], Any] | None, blank: Any
) -> tuple[Sequence[Any], Iterable[int]]:
    """What a column's cells say, and the places of those that are refused. `blank` is what a blank cell says."""
    if check is None and blank == "":
        return column, ()
    says: dict[str, Any] = {}
    for cell in set(column):
        says[cell] = blank if cell == "" else cell if check is None else _checked(cell, check)
    values = [says[cell] for cell in column]
    has_refused = any(value is REFUSED for value in says.values())
    return values, [at for at, value in enumerate(values) if value is REFUSED] if has_refused else ()


def _checked(cell: str, check: Callable[[str], Any]) -> Any:
    try:
        return check(cell)
    except ValidationError:
        return REFUSED
