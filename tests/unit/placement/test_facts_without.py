"""A child that is erased leaves no column behind in the facts that stay for others."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from inborough.cost.v1 import cost_pb2
from services.placement.storage.facts_without import BYTES_A_LINE, BYTES_A_PAIR

QUOTES = cost_pb2.QuoteOptionsResponse.DESCRIPTOR


def columns(message: Descriptor) -> set[str]:
    return {field.name for field in message.fields if field.type == FieldDescriptor.TYPE_BYTES}


def test_every_column_of_quotes_is_thinned() -> None:
    assert columns(QUOTES) == set(BYTES_A_PAIR)


@pytest.mark.parametrize("name", ["lines", "alternatives"])
def test_every_column_of_a_line_is_thinned(name: str) -> None:
    assert columns(QUOTES.fields_by_name[name].message_type) == set(BYTES_A_LINE)
