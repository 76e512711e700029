"""Answers as JSON under the names that the wire has, which only grow; docs/json.md says what each is.

Enums are their last words in lower case, days ISO; what is absent, and an enum that is not set, is null.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from inborough.common.v1 import common_pb2
from services.words import iso


def message_json(message: Message) -> dict[str, Any]:
    """Every field of a message, nested ones too."""
    return {field.name: _value(message, field) for field in message.DESCRIPTOR.fields}


def code(descriptor: EnumDescriptor, number: int) -> str | None:
    """ "offered" for OFFER_STATE_OFFERED: what all of the enum's names begin with is left out; None for 0."""
    if not number or number not in descriptor.values_by_number:
        return None
    common = descriptor.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return str(descriptor.values_by_number[number].name).removeprefix(common).casefold()


def _value(message: Message, field: FieldDescriptor) -> Any:
    found = getattr(message, field.name)
    if field.is_repeated:
        return dict(found) if _is_map(field) else [_one(each, field) for each in found]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _one(found, field)


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _one(found: Any, field: FieldDescriptor) -> Any:
    if isinstance(found, common_pb2.Date):
        return iso(found)
    if isinstance(found, Message):
        return message_json(found)
    return code(field.enum_type, found) if field.enum_type is not None else found
