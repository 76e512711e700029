"""What a plan saves against deciding case by case and against today's practice, comparing like with like.

Those two often leave more children without a place, and a child without a place costs nothing in a total. So INMSS
placements and children without a place are counted together, and money is compared with each such child at what an
INMSS place costs in this plan, said to be an estimate. What the policy puts before money is said before it: a plan may
cost more because it settles more children's suitability or gives more families what they asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inborough.placement.v1 import placement_pb2
from services import words
from shared.pence import pounds


def comparison_lines(given: placement_pb2.PlacementPlan) -> Iterator[str]:
    """INMSS first, then each other way of deciding, when the plan was compared with it."""
    yield f"{_in_inmss(given.totals)}; {words.counted(given.totals.get('unplaced', 0), *words.TERMS['unplaced'])}."
    for name, other in (("case by case", given.greedy_totals), ("today's practice", given.practice_totals)):
        if other:
            parts = [*_before_money(given.totals, other), _avoided(given.totals, other), _saved(given, other)]
            yield f"Against {name}: {'; '.join(parts)}."


def _before_money(ours: Mapping[str, int], theirs: Mapping[str, int]) -> Iterator[str]:
    """Suitability and requests, where the two differ."""
    settled = theirs.get("needs_judgement", 0) - ours.get("needs_judgement", 0)
    if settled:
        change = "fewer" if settled > 0 else "more"
        yield f"{abs(settled):,} {change} {words.TERMS['needs_judgement'][abs(settled) != 1]}"
    given = theirs.get("request_not_given", 0) - ours.get("request_not_given", 0)
    if given:
        change = "more" if given > 0 else "fewer"
        yield f"{abs(given):,} {change} {'family is' if abs(given) == 1 else 'families are'} given what they asked for"


def _in_inmss(totals: Mapping[str, int]) -> str:
    placements = words.counted(totals.get("inmss", 0), "placement")
    return f"{placements} in independent and non-maintained special schools (INMSS)"


def _avoided(ours: Mapping[str, int], theirs: Mapping[str, int]) -> str:
    """Children in INMSS or without a place, fewer or more."""
    fewer = _outside(theirs) - _outside(ours)
    if not fewer:
        return "as many children in INMSS or without a place"
    who = "child" if abs(fewer) == 1 else "children"
    return f"{abs(fewer):,} {'fewer' if fewer > 0 else 'more'} {who} in INMSS or without a place"


def _outside(totals: Mapping[str, int]) -> int:
    return totals.get("inmss", 0) + totals.get("unplaced", 0)


def _saved(given: placement_pb2.PlacementPlan, theirs: Mapping[str, int]) -> str:
    """Pounds a year with transport; an estimate where another number of children has no place."""
    saved = theirs.get("annual_budget_cost_pence", 0) - given.totals.get("annual_budget_cost_pence", 0)
    more_placed = theirs.get("unplaced", 0) - given.totals.get("unplaced", 0)
    each = _inmss_place_pence(given)
    if not more_placed or each is None:
        return f"{pounds(abs(saved))} a year {'saved' if saved >= 0 else 'more'}, with transport"
    estimate = saved + more_placed * each
    verdict = f"about {pounds(abs(estimate))} a year {'saved' if estimate >= 0 else 'more'}, with transport"
    return f"{verdict}, if a child without a place costs what an INMSS place costs here ({pounds(each)})"


def _inmss_place_pence(given: placement_pb2.PlacementPlan) -> int | None:
    """What an INMSS place costs a year on average in this plan, with transport; None when it has none."""
    kinds = [kind for kind in given.by_kind if kind.kind in words.INMSS_KINDS]
    placed = sum(kind.placed for kind in kinds)
    return sum(kind.annual_budget_cost_pence for kind in kinds) // placed if placed else None
