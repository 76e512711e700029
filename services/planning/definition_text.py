"""A scenario's definition as TOML text: what the reader of definitions reads back to the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any


def definition_text(definition: Mapping[str, Any]) -> str:
    """TOML of texts, numbers, days, lists, tables and lists of tables."""
    return "\n".join(_lines(definition, "")) + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    inner = {name: value for name, value in table.items() if _is_table(value)}
    yield from (f"{name} = {_value(value)}" for name, value in table.items() if name not in inner)
    for name, value in inner.items():
        full = f"{path}.{name}" if path else name
        for each in value if isinstance(value, list) else [value]:
            plain = [key for key, one in each.items() if not _is_table(one)]
            if isinstance(value, list):
                yield from ("", f"[[{full}]]")
            elif plain:
                yield from ("", f"[{full}]")
            yield from _lines(each, full)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return repr(value)
