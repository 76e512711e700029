"""The product's own file of what children need to travel, whether or not a decision is due for them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from services.caseload.domain.case import TravelNeeds
from services.caseload.domain.pseudonyms import CASE_ID_SHAPE, tidy_upn
from services.caseload.imports.own import ChildFinder, ChildRow, ChildRows
from shared.imports.report import RowProblem
from shared.imports.rows import YesNo, list_of


def _child(name: str) -> str:
    return name if CASE_ID_SHAPE.fullmatch(name) else tidy_upn(name)


class TravelNeedsRow(ChildRow):
    """What one child needs to travel. The row of a child replaces what its row said before."""

    wheelchair: YesNo = Field(False, description="yes: travels in a wheelchair.")
    passenger_assistant: YesNo = Field(False, description="yes: needs a passenger assistant.")
    solo: YesNo = Field(False, description="yes: cannot share a vehicle with any other child.")
    cannot_share_with: Annotated[tuple[str, ...], list_of(_child)] = Field(
        (),
        description="Case ids or UPNs, separated by semicolons, of children who cannot be in one vehicle with this "
        "one. It is enough that one of the two rows says so.",
    )


def read_travel_needs(
    read: ChildRows[TravelNeedsRow], finder: ChildFinder
) -> tuple[Mapping[str, TravelNeeds], list[RowProblem]]:
    """What each child's row says, and problems: a second row, and others who are nobody or the child itself."""
    found: dict[str, TravelNeeds] = {}
    rows: dict[str, int] = {}
    problems: list[RowProblem] = []
    for number, case_id, row in read.rows:
        first = rows.setdefault(case_id, number)
        others = {name: finder.find_named(name) for name in row.cannot_share_with}
        if first != number:
            why = f"the child's travel needs are already in row {first}; keep one"
            problems.append(read.problem(number, "case_id" if row.case_id else "upn", row.case_id or row.upn, why))
        elif wrong := [(name, why) for name, other in others.items() if (why := _refusal(other, case_id))]:
            problems.extend(read.problem(number, "cannot_share_with", *one) for one in wrong)
        else:
            apart_from = tuple(sorted(set(others.values())))
            found[case_id] = TravelNeeds(row.wheelchair, row.passenger_assistant, row.solo, apart_from)
    return found, problems


def odd_travel_needs(
    read: ChildRows[TravelNeedsRow], found: Mapping[str, TravelNeeds], ceased: Container[str]
) -> Iterator[RowProblem]:
    """What somebody should look at, of rows that are kept. `ceased` are cases whose plan has ceased."""
    for number, case_id, row in read.rows:
        if case_id in found and case_id in ceased:
            yield read.problem(number, "", "", "the child's plan has ceased; the row is kept and not used")
        elif case_id in found and row.solo and row.cannot_share_with:
            why = "the child travels alone anyway, so nobody needs to be named; check which is meant"
            yield read.problem(number, "cannot_share_with", "", why)


def _refusal(other: str, case_id: str) -> str:
    if not other:
        return "no case has this id or UPN; import the SEN2 return first, or correct it"
    return "a child cannot be kept apart from itself; name another child" if other == case_id else ""
