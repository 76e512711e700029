"""The product's own preferences file: settings that families and young people asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from services.caseload.domain.case import GROUNDS, LegalClass, Preference
from services.caseload.imports.own import ChildRow, ChildRows
from services.caseload.imports.sen2.rows import Urn
from shared.imports.report import RowProblem
from shared.imports.rows import Day, one_of, whole


class PreferenceRow(ChildRow):
    """A setting that one family or young person asked for. The rows of a child replace all that was on file."""

    urn: Urn = Field(description="URN of the setting asked for.")
    rank: Annotated[int, whole(1, 20)] = Field(
        description="1 is the first choice. A child without rows keeps the preferences on file."
    )
    legal_class: Annotated[str, one_of(*LegalClass)] = Field(
        description="s38_3: a request under section 38(3), Children and Families Act 2014. "
        "wholly_independent: section 9, Education Act 1996."
    )
    stated_by: Annotated[str, one_of("parent", "young_person")] = Field(description="parent or young_person.")
    stated_on: Day | None = Field(None, description="Day on which it was stated.")
    ground_recorded: Annotated[str, one_of(*GROUNDS)] = Field(
        "", description=f"Ground of section 39(4) that the panel recorded against it: {', '.join(GROUNDS)}, or empty."
    )


def read_preferences(read: ChildRows[PreferenceRow]) -> tuple[Mapping[str, Sequence[Preference]], list[RowProblem]]:
    """Preferences of each case in rank order, and problems.

    A child with a refused row is left out whole, since its other rows would replace what is on file for it.
    """
    problems, refused = _repeated(read)
    found: dict[str, dict[int, Preference]] = defaultdict(dict)
    for number, case_id, row in read.rows:
        if case_id not in refused:
            found[case_id][row.rank] = _preference(row)
        elif refused[case_id] != number:
            why = f"left out, because row {refused[case_id]} about the same child is refused"
            problems.append(read.problem(number, "", "", why))
    return {case_id: [ranked[rank] for rank in sorted(ranked)] for case_id, ranked in found.items()}, problems


def odd_stated_days(row: PreferenceRow, first_day: date | None, today: date) -> Iterator[tuple[str, date, str]]:
    """Column, day and reason of what somebody should look at. `first_day`: of the child's decision due, if any."""
    if row.stated_on and row.stated_on > today:
        yield "stated_on", row.stated_on, "the day is still to come; check it"
    elif row.stated_on and first_day and row.stated_on > first_day:
        yield "stated_on", row.stated_on, f"after {first_day}, the first day of the placement to be decided; check it"


def _repeated(read: ChildRows[PreferenceRow]) -> tuple[list[RowProblem], dict[str, int]]:
    """Ranks and settings that a child has twice; and a refused row of each case that has one."""
    seen: dict[tuple[str, str, int], int] = {}
    problems: list[RowProblem] = []
    refused = dict(read.spoiled)
    for number, case_id, row in read.rows:
        for column, value in (("rank", row.rank), ("urn", row.urn)):
            first = seen.setdefault((case_id, column, value), number)
            if first != number:
                why = f"the child has this {column} already in row {first}; keep one"
                problems.append(read.problem(number, column, value, why))
                refused[case_id] = number
    return problems, refused


def _preference(row: PreferenceRow) -> Preference:
    legal_class = LegalClass(row.legal_class)
    return Preference(row.rank, row.urn, legal_class, row.stated_by, row.stated_on, row.ground_recorded)
