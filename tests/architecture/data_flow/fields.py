"""Fields of the protos with what they hold, as the options beside them say."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import inborough
from inborough.common.v1 import common_pb2
from shared.privacy import Holds

AS_ITS_FIELD = common_pb2.HOLDS_AS_ITS_FIELD

Field = Any
"""A FieldDescriptor; protobuf's own stubs leave it untyped."""
Message = Any
"""A Descriptor of a message."""


def files() -> Iterator[Any]:
    """Descriptors of our proto files, ordered by name."""
    names = {found.name for found in pkgutil.walk_packages(inborough.__path__, "inborough.")}
    for name in sorted(name for name in names if name.endswith("_pb2")):
        yield importlib.import_module(name).DESCRIPTOR


def messages() -> Iterator[Message]:
    """Every message of our protos, those within messages after them; entries of maps are part of their field."""
    for file in files():
        for message in file.message_types_by_name.values():
            yield from _with_nested(message)


def _with_nested(message: Message) -> Iterator[Message]:
    if not message.GetOptions().map_entry:
        yield message
        for nested in message.nested_types:
            yield from _with_nested(nested)


def said_of(field: Field) -> int:
    """The option beside a field, else its message's for each field; 0 when neither says anything."""
    own: int = field.GetOptions().Extensions[common_pb2.holds]
    each: int = field.containing_type.GetOptions().Extensions[common_pb2.each_field_holds]
    return own or each


def is_leaf(field: Field) -> bool:
    """Whether the field's own word counts: a value, a map, or a message that says what its field says."""
    if field.message_type is None or field.message_type.GetOptions().map_entry:
        return not _as_its_field(field.containing_type)
    return _as_its_field(field.message_type)


def _as_its_field(message: Message) -> bool:
    return bool(message.GetOptions().Extensions[common_pb2.each_field_holds] == AS_ITS_FIELD)


def holds(field: Field) -> Holds:
    """What a leaf holds. Raises ValueError where nothing is said of it."""
    return Holds(said_of(field))


@cache
def reached_from(message: Message) -> frozenset[Field]:
    """Every leaf that a message can carry, through messages within it."""
    found: set[Field] = set()
    seen: set[str] = set()
    ahead = [message]
    while ahead:
        here = ahead.pop()
        if here.full_name in seen:
            continue
        seen.add(here.full_name)
        for field in here.fields:
            if is_leaf(field):
                found.add(field)
            ahead += [carried] if (carried := carried_by(field)) is not None else []
    return frozenset(found)


def carried_by(field: Field) -> Message | None:
    """The message that a field, or a map's value, is of; None for a value and for one that says what its field says."""
    message = field.message_type
    if message is not None and message.GetOptions().map_entry:
        message = message.fields_by_name["value"].message_type
    return None if message is None or _as_its_field(message) else message
