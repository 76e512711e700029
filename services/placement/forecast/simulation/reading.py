"""Read tables of plain values into dataclasses whose fields state their rules, naming whatever breaks one.

A field's `metadata["rule"]` is a function of a value that returns what the field holds or raises ValueError saying
which rule the value breaks; the path to it is put in front: "levers.open[2].places: 0 is not from 1 to 200."
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, field, fields
from datetime import date
from typing import Any, TypeVar

Rule = Callable[[Any], Any]
ReadT = TypeVar("ReadT")


class Misread(ValueError):
    """A value that breaks a rule, and the path to it."""

    def __init__(self, path: str, said: str) -> None:
        super().__init__(f"{path}: {said}" if path else said)
        self.path, self.said = path, said


def ruled(rule: Rule, default: Any = MISSING) -> Any:
    """A dataclass field that is read by a rule."""
    return field(metadata={"rule": rule}, **({} if default is MISSING else {"default": default}))


def read(kind: type[ReadT], table: object) -> ReadT:
    """Return the dataclass that a table says. Raises Misread."""
    if not isinstance(table, Mapping):
        raise Misread("", f"{_shown(table)} is not a table of {', '.join(f.name for f in fields(kind))}.")  # type: ignore[arg-type]
    known = {one.name: one for one in fields(kind) if "rule" in one.metadata}  # type: ignore[arg-type]
    for name in table:
        if name not in known:
            raise Misread(str(name), f"is not known here; known are {', '.join(known)}.")
    values = {name: _value(one, table) for name, one in known.items() if name in table or _is_needed(one)}
    try:
        return kind(**values)
    except Misread:
        raise
    except ValueError as error:
        raise Misread("", str(error)) from None


def table_of(kind: type[Any]) -> Rule:
    """A table that is read as another dataclass."""
    return lambda value: read(kind, value)


def list_of(rule: Rule, most: int) -> Rule:
    """A list of at most so many values of one rule."""

    def read_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise ValueError(f"{_shown(value)} is not a list.")
        if len(value) > most:
            raise ValueError(f"holds {len(value)} entries; {most} at most.")
        return tuple(_under(f"[{at}]", rule, one) for at, one in enumerate(value))

    return read_list


def whole(low: int, high: int) -> Rule:
    """A whole number."""

    def read_whole(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{_shown(value)} is not a whole number.")
        if not low <= value <= high:
            raise ValueError(f"{value} is not from {low} to {high}.")
        return value

    return read_whole


def number(low: float, high: float) -> Rule:
    """A number, whole or not."""

    def read_number(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{_shown(value)} is not a number.")
        if not low <= value <= high:
            raise ValueError(f"{value} is not from {low:g} to {high:g}.")
        return float(value)

    return read_number


SHARE = number(0, 1)
RATE = number(-0.5, 1.0)
"""A rise a year."""


def text(most: int = 200) -> Rule:
    """Words, not too many."""

    def read_text(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{_shown(value)} is not text.")
        if len(value) > most:
            raise ValueError(f"holds {len(value)} characters; {most} at most.")
        return value

    return read_text


def one_of(choices: Sequence[str]) -> Rule:
    """One of a few words."""

    def read_choice(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{_shown(value)} is not one of {', '.join(choice or 'empty' for choice in choices)}.")
        return str(value)

    return read_choice


def day(value: Any) -> date:
    """A day, as a TOML date or as text like 2027-09-01."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{_shown(value)} is not a day such as 2027-09-01.") from None


def _value(one: Field[Any], table: Mapping[str, Any]) -> Any:
    if one.name not in table:
        raise Misread(one.name, "is missing.")
    return _under(one.name, one.metadata["rule"], table[one.name])


def _under(step: str, rule: Rule, value: Any) -> Any:
    try:
        return rule(value)
    except Misread as error:
        between = "" if not error.path or error.path.startswith("[") else "."
        raise Misread(f"{step}{between}{error.path}", error.said) from None
    except ValueError as error:
        raise Misread(step, str(error)) from None


def _is_needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
