"""Whether a return would erase a kind of fact of every case, as one does that was exported without a module's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.caseload.domain.case import CaseFacts, CaseStage
from services.caseload.storage.rows import Cells, read_facts_row

KINDS: tuple[tuple[str, str, Callable[[CaseFacts], Any]], ...] = (
    ("need", "senneed", lambda facts: facts.needs),
    ("placement", "placementdetail and plandetail", lambda facts: facts.placement),
)
"""What a case may have, the modules that say it, and how to find it."""


def erased_kinds(found: Mapping[str, CaseFacts], stored: Mapping[str, Cells]) -> Iterator[str]:
    """A reason to refuse for each kind of fact that no open plan of the return has, though some have it on file.

    Both mappings are by case id.
    """
    open_plans = {case_id: facts for case_id, facts in found.items() if facts.stage is CaseStage.OPEN_PLAN}
    for what, modules, of in KINDS:
        if any(of(facts) for facts in open_plans.values()):
            continue
        if any(of(read_facts_row(stored[case_id])) for case_id in open_plans if case_id in stored):
            yield f"no open plan in the return has a {what}, though plans on file have; export the {modules} rows too"
