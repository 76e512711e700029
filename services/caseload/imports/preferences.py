"""The product's own preferences file: settings that families and young people asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    rank: Annotated[int, whole(1, 20)] = Field(description="1 is the first choice.")
    legal_class: Annotated[str, one_of(*LegalClass)] = Field(
        description="s38_3: a request under section 38(3), Children and Families Act 2014. "
        "wholly_independent: section 9, Education Act 1996."
    )
    stated_by: Annotated[str, one_of("parent", "young_person")] = Field(description="parent or young_person.")
    stated_on: Day | None = Field(None, description="Day on which it was stated.")
    ground_recorded: Annotated[str, one_of(*GROUNDS)] = Field(
        "", description=f"Ground of section 39(4) that the panel recorded against it: {', '.join(GROUNDS)}, or empty."
    )


def read_preferences(
    read: ChildRows[PreferenceRow],
) -> tuple[Mapping[str, Sequence[Preference]], list[RowProblem]]:
    """Preferences of each case in rank order, and what its rows have twice."""
    found: dict[str, dict[int, Preference]] = defaultdict(dict)
    seen: dict[tuple[str, str, int], int] = {}
    problems = []
    for number, case_id, row in read.rows:
        twice = [
            read.problem(number, column, value, f"the child has this {column} already in row {seen[key]}; keep one")
            for column, value in (("rank", row.rank), ("urn", row.urn))
            if seen.setdefault(key := (case_id, column, value), number) != number
        ]
        problems += twice
        if not twice:
            found[case_id][row.rank] = _preference(row)
    return {case_id: [ranked[rank] for rank in sorted(ranked)] for case_id, ranked in found.items()}, problems


def _preference(row: PreferenceRow) -> Preference:
    legal_class = LegalClass(row.legal_class)
    return Preference(row.rank, row.urn, legal_class, row.stated_by, row.stated_on, row.ground_recorded)
