"""Which parts the benchmarks have."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.benchmarks.parts import ALL, ASKED_FOR, FULL_PARTS, QUICK_PARTS
from tests.benchmarks.runs import Part


def test_no_two_parts_have_a_name() -> None:
    assert len(ALL) == len(QUICK_PARTS) + len(FULL_PARTS) + len(ASKED_FOR)


@pytest.mark.parametrize("part", ALL.values(), ids=lambda part: part.name)
def test_each_part_is_a_module_with_such_a_function(part: Part) -> None:
    module, function = part.call.split(".")
    found = find_spec(f"tests.benchmarks.{module}")
    assert found is not None
    assert found.loader is not None
    source = found.loader.get_source(found.name)  # type: ignore[attr-defined]
    assert f"\ndef {function}(" in source
