"""What a column of a table tells of people, in the words of the option `inborough.common.v1.holds` of the protos.

A table says it for each of its columns, a column for itself: `Column("case_id", …, info=PSEUDONYM)`. One that says
nothing fails a test; docs/privacy/data-flow.md is the table of all of them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

from sqlalchemy import Column


class Holds(IntEnum):
    """As `inborough.common.v1.Holds`, where each word is explained; the least first."""

    NOTHING_PERSONAL = 1
    COUNTS = 2
    STAFF = 3
    PSEUDONYM = 4
    PERSONAL = 5
    SPECIAL_CATEGORY = 6
    FREE_TEXT = 7


Info = dict[Any, Any]
KEY: Final = "holds"

NOTHING_PERSONAL: Final[Info] = {KEY: Holds.NOTHING_PERSONAL}
COUNTS: Final[Info] = {KEY: Holds.COUNTS}
STAFF: Final[Info] = {KEY: Holds.STAFF}
PSEUDONYM: Final[Info] = {KEY: Holds.PSEUDONYM}
PERSONAL: Final[Info] = {KEY: Holds.PERSONAL}
SPECIAL_CATEGORY: Final[Info] = {KEY: Holds.SPECIAL_CATEGORY}
FREE_TEXT: Final[Info] = {KEY: Holds.FREE_TEXT}


def find_in_column(column: Column[Any]) -> Holds | None:
    """What a column holds, or else what its table says of each; None when neither says anything."""
    found = column.info.get(KEY) or column.table.info.get(KEY)
    return None if found is None else Holds(found)
