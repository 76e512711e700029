"""JSON read strictly: what a file says, or a refusal that names the place in it and the rule."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class RepeatedKey(dict[str, Any]):
    """An object in which a key appears twice, kept until its place in the file is known."""

    key = ""


def refuse(place: str, rule: str) -> NoReturn:
    """Raise ValueError naming the place and stating the rule."""
    raise ValueError(f"{place}: {rule}.")


def parse(text: str | bytes) -> Any:
    """Return the text's value. Raises ValueError naming the line and column where it is not JSON."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}.") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start}: not text in UTF-8: {error.reason}.") from None
    except ValueError:
        raise ValueError("the file: a number has thousands of digits, more than any here may have.") from None
    except RecursionError:
        raise ValueError("the file: nested too deeply to be a placement problem.") from None


def check_keys(record: Any, place: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Refuse anything but an object with these keys, each once, and no others."""
    if not isinstance(record, dict):
        refuse(place, "must be an object")
    if isinstance(record, RepeatedKey):
        refuse(place, f"key {record.key!r} appears twice")
    for key in record:
        if key not in keys:
            refuse(place, f"unknown key {key!r}; the keys are {', '.join(keys)}")
    for key in keys:
        if key not in record and key not in optional:
            refuse(place, f"key {key!r} is missing")


def as_list(value: Any, place: str) -> list[Any]:
    """Return the value, which must be a list."""
    if not isinstance(value, list):
        refuse(place, "must be a list")
    return value


def as_records(value: Any, place: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the value, which must be a list of objects with exactly these keys."""
    records, wanted = as_list(value, place), set(keys)
    for at, record in enumerate(records):
        if type(record) is not dict or record.keys() != wanted:
            check_keys(record, f"{place}[{at}]", keys)
    return records


def check_id(value: Any, place: str) -> None:
    """Refuse anything but text of at least one character that can be written in UTF-8."""
    if not isinstance(value, str) or not value:
        refuse(place, f"must be text of at least one character, not {value!r}")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        refuse(place, f"{value!r} holds half a character")


def check_whole(value: Any, place: str, least: int, most: int) -> None:
    """Refuse anything but a whole number from least to most; true and false are not numbers."""
    if type(value) is not int:
        refuse(place, f"must be a whole number, not {value!r}")
    if not least <= value <= most:
        refuse(place, f"{value} must be from {least} to {most}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    keys = [key for key, _ in pairs]
    repeated = RepeatedKey(record)
    repeated.key = next(key for key in keys if keys.count(key) > 1)
    return repeated
