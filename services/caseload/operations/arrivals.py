"""What a return makes of placements that decisions named: see services/caseload/domain/naming.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.caseload.domain.case import CaseFacts, NamedPlacement
from services.caseload.domain.naming import ReturnRead, read_named
from services.caseload.storage.rows import Cells, facts_row, read_facts_row


@dataclass(frozen=True)
class NamedRead:
    """What a return makes of one case's named placements: the first days of those that it replaces, and a remark."""

    case_id: str
    replaced: Sequence[date]
    remark: str


def read_arrivals(
    found: Mapping[str, CaseFacts],
    stored: Mapping[str, Cells],
    named: Mapping[str, Sequence[NamedPlacement]],
    return_day: date | None,
    *,
    is_newer: bool,
) -> Iterator[NamedRead]:
    """Each case with named placements of which the return says anything. `found` and `stored` are facts by case id.

    The same return again says nothing new: of a case whose facts are as they were only a newer return counts.
    """
    for case_id in sorted(named.keys() & found.keys()):
        facts, before = found[case_id], stored.get(case_id)
        if not is_newer and before == facts_row(facts):
            continue
        was_at = read_facts_row(before).placement if before else None
        kept, remark = read_named(named[case_id], ReturnRead(facts, was_at, return_day))
        replaced = [one.first_day for one in named[case_id] if one not in kept]
        if replaced or remark:
            yield NamedRead(case_id, replaced, remark)
