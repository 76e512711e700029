"""docs/privacy/data-flow.md below its head: `python -m tests.architecture.data_flow.document PATH`.

The head, what is kept and sent outside databases and calls, is written by hand and stays as it is.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from inborough.common.v1 import common_pb2
from shared.identity import ROLES
from shared.privacy import Holds, find_in_column
from tests.architecture.data_flow.columns import DATABASES, tables_of
from tests.architecture.data_flow.fields import Message, files, holds, is_leaf, messages, reached_from

MARK = "<!-- Below this line: written by `make data-flow`. -->\n"
GRAVEST_FIRST = sorted(set(Holds) - {Holds.NOTHING_PERSONAL}, reverse=True)
TOLD_APART = (Holds.FREE_TEXT, Holds.SPECIAL_CATEGORY)
"""What a row of an RPC names the messages of."""


def document(head: str) -> str:
    """The whole document under the head of the one that is there."""
    return "".join([head.partition(MARK)[0], MARK, "\n", *_tables(), *_calls(), *_messages()])


def in_words(what: Holds) -> str:
    """As the document writes it."""
    return what.name.lower().replace("_", " ")


def _by_kind(found: Iterable[tuple[Holds, str]]) -> str:
    names: dict[Holds, list[str]] = defaultdict(list)
    for what, name in found:
        names[what].append(f"`{name}`")
    return "; ".join(f"{in_words(what)}: {', '.join(names[what])}" for what in GRAVEST_FIRST if what in names)


def _tables() -> Iterator[str]:
    yield "## Tables\n\nColumns that are not named say nothing of anybody.\n"
    for service in DATABASES:
        yield f"\n### {service}\n\n| table | what it tells of people |\n|---|---|\n"
        plain = []
        for table in tables_of(service):
            told = _by_kind((_of_column(c), c.name) for c in table.columns)
            if told:
                yield f"| {table.name} | {told} |\n"
            else:
                plain.append(table.name)
        if plain:
            yield f"\nNothing of anybody: {', '.join(plain)}.\n"


def _of_column(column: Column[Any]) -> Holds:
    if (found := find_in_column(column)) is None:
        raise ValueError(f"{column} says nothing of what it holds; give it `info=` with a word of shared.privacy")
    return found


def _calls() -> Iterator[str]:
    yield (
        "\n## Calls\n\nWhat a call can carry at most. A planner gets pseudonyms of another kind in place of case ids,"
        " or none (`tests/service/privacy/test_flows.py` reads every answer). In brackets: messages, described below.\n"
    )
    for file in files():
        for service in file.services_by_name.values():
            yield f"\n### {service.full_name}\n\n| RPC | who may ask | goes in | comes out |\n|---|---|---|---|\n"
            for method in service.methods:
                roles = method.GetOptions().Extensions[common_pb2.allows].split()
                who = ", ".join(role.replace("_", " ") for role in ROLES if role in roles)
                yield f"| {method.name} | {who} | {_carried(method.input_type)} | {_carried(method.output_type)} |\n"


def _carried(message: Message) -> str:
    where: dict[Holds, set[str]] = defaultdict(set)
    for field in reached_from(message):
        where[holds(field)].add(field.containing_type.name)
    told = [what for what in GRAVEST_FIRST if what in where]
    names = {what: f" ({', '.join(sorted(where[what]))})" if what in TOLD_APART else "" for what in told}
    return ", ".join(in_words(what) + names[what] for what in told) or "nothing"


def _messages() -> Iterator[str]:
    yield "\n## Messages\n\nFields that are not named say nothing of anybody; nor do messages that are not.\n"
    for file in files():
        rows = [(message, _of_message(message)) for message in messages() if message.file.name == file.name]
        if any(told for _, told in rows):
            yield f"\n### {file.name.removeprefix('inborough/')}\n\n| message | what it tells of people |\n|---|---|\n"
            yield from (f"| {_short(message)} | {told} |\n" for message, told in rows if told)


def _of_message(message: Message) -> str:
    return _by_kind((holds(field), field.name) for field in message.fields if is_leaf(field))


def _short(message: Any) -> str:
    return str(message.full_name).removeprefix(message.file.package + ".")


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(document(path.read_text(encoding="utf-8")), encoding="utf-8")
