"""What fields of calls and columns of tables really held, against what is said beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import inspect

from shared.database import open_database, reading
from shared.privacy import Holds, find_in_column
from tests.architecture.data_flow.columns import DATABASES, tables_of
from tests.architecture.data_flow.fields import carried_by, holds, is_leaf
from tests.service.privacy.canaries import RARE_NEED, RECORD_ID, written
from tests.service.privacy.recording import Call

NEED = re.compile(rf"\b{RARE_NEED}\b")
MAY_HAVE_NEED = {Holds.COUNTS, Holds.SPECIAL_CATEGORY}
MAY_HAVE_HOME = {Holds.PERSONAL, Holds.SPECIAL_CATEGORY}
MAY_HAVE_ID = {Holds.PSEUDONYM, Holds.PERSONAL, Holds.SPECIAL_CATEGORY}


def leaves(message: Message, deep: bool = True) -> Iterator[tuple[str, Holds, str]]:
    """Every value that is set: the field's full name, what it is said to hold, and the value as text.

    Without `deep` only what there is one of: nothing within a repeated field or a map.
    """
    for field, value in message.ListFields():
        descriptor: Any = field
        if descriptor.is_repeated and not deep:
            continue
        if is_leaf(descriptor):
            yield descriptor.full_name, holds(descriptor), _text(value)
        if carried_by(descriptor) is not None:
            inner = value.values() if hasattr(value, "values") else value
            for each in inner if descriptor.is_repeated else [inner]:
                yield from leaves(each, deep)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, Message):
        return " ".join(str(each) for _, each in value.ListFields())
    if hasattr(value, "items"):
        return " ".join(f"{key} {each}" for key, each in value.items())
    if isinstance(value, str | int | float):
        return str(value)
    return "\n".join(map(_text, value))


@cache
def too_much(what: Holds, text: str) -> frozenset[str]:
    """Kinds of canaries in a value that is said to hold no such thing. Free text may hold anything."""
    if what is Holds.FREE_TEXT:
        return frozenset()
    found = {kind for kind, pattern in written().items() if pattern.search(text)}
    if what in MAY_HAVE_HOME:
        found -= {"homes"}
    if what not in MAY_HAVE_NEED and NEED.search(text):
        found.add("a child's need")
    if what not in MAY_HAVE_ID and RECORD_ID.search(text):
        found.add("ids of records")
    return frozenset(found)


def wrong_fields(calls: Iterable[Call]) -> dict[str, set[str]]:
    """Fields that held more than is said beside them, with what."""
    found: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        for message in (call.request, *call.answers):
            for name, what, text in leaves(message):
                found[name] |= too_much(what, text)
    return {name: kinds for name, kinds in found.items() if kinds}


def differing(calls: Iterable[Call]) -> set[str]:
    """Fields said to hold nothing personal that differ from child to child in answers about one; moments apart."""
    about: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for call in calls:
        child = getattr(call.request, "case_id", "")
        for answer in call.answers if child else ():
            for name, what, text in leaves(answer, deep=False):
                if what is Holds.NOTHING_PERSONAL and not name.endswith("_time"):
                    about[f"{call.rpc}: {name}"][child].add(text)
    return {name for name, by_child in about.items() if len(set().union(*by_child.values())) > 1}


def wrong_columns(folder: Path) -> dict[str, frozenset[str]]:
    """Columns of the databases in a folder that hold more than is said beside them, with what."""
    found: dict[str, frozenset[str]] = {}
    for service in DATABASES:
        engine = open_database(f"sqlite:///{folder / service}.db")
        with reading(engine) as connection:
            there = set(inspect(connection).get_table_names())
            for table in tables_of(service):
                assert table.name in there, f"{service} has no table {table.name}"
                rows = connection.execute(table.select()).all()
                for at, column in enumerate(table.columns):
                    what = find_in_column(column) or Holds.NOTHING_PERSONAL
                    text = "\n".join(_text(row[at]) for row in rows if isinstance(row[at], str | bytes))
                    if kinds := too_much(what, text):
                        found[f"{service}.{column}"] = kinds
        engine.dispose()
    return found
