"""A placement plan for a person: headline, comparison, kinds, who is not placed, where a place is worth most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table

from inborough.placement.v1 import placement_pb2
from services import words
from services.cli import terminal
from services.cli.pages.plan_comparison import comparison_lines
from services.cli.typed import typed
from services.words.pool_names import PlanNames
from shared.pence import pounds

LISTED = 10
WHY_NOT = {
    "no_pool": "no place pool on file",
    "ground_recorded": "a ground against it is recorded",
    "refused_by_rule": "a rule fails",
    "over_threshold": "dearer than the policy allows",
    "full": "full",
    "given_to_others": "its free places are given to others",
}
LIVE = (
    "Given to others: in the best plan of all cases the places go to other children. A live request, as counted above, "
    "is one that no rule, recorded ground or cost threshold bars."
)
SAID_OTHERWISE = ("annual_cost_pence", "inmss_or_out_of_borough")  # the budget, and INMSS and out of borough apart
ADVICE = "Advice only: the panel decides each case."
MADE = {"optimal": "Optimal", "joint": "Made together with its runs"}


def plan_page(given: placement_pb2.PlacementPlan, names: PlanNames) -> Iterator[RenderableType]:
    """The page, part by part. `names` says which setting and kind a pool id is."""
    if not given.decisions_due:
        yield nothing_due(given)
        return
    yield from plan_headline(given)
    yield from plan_sections(given, names)


def plan_sections(given: placement_pb2.PlacementPlan, names: PlanNames) -> Iterator[RenderableType]:
    """What follows the headline."""
    yield from _offered(names)
    yield _comparison(given)
    yield terminal.heading("By kind of place")
    yield _by_kind(given)
    yield from _unplaced(given)
    yield from _requests_not_given(given, names)
    if given.status == "optimal":
        yield from _shadow_prices(given, names)
    yield f"\n{ADVICE}"


def nothing_due(given: placement_pb2.PlacementPlan) -> str:
    """What stands in the place of an empty plan."""
    return f"No decisions are due for {words.day(given.first_day)}. See which are: {typed('cases --due')}"


def plan_headline(given: placement_pb2.PlacementPlan) -> Iterator[RenderableType]:
    """The plan in a few sentences."""
    placed, unplaced = len(given.assignment), len(given.unplaced)
    yield terminal.heading(f"Plan for {words.day(given.first_day)} ({given.plan_id})")
    yield (
        f"{words.counted(given.decisions_due, 'decision')} due: {placed:,} placed, {unplaced:,} not placed. "
        f"{MADE.get(given.status, given.status.capitalize())} under policy {given.policy}."
    )
    yield from comparison_lines(given)


def _offered(names: PlanNames) -> Iterator[str]:
    if names.offered:
        held = words.counted(names.offered, "place is", "places are")
        yield f"{held} held by offers ({typed('offers')}), and not planned again."


def _comparison(given: placement_pb2.PlacementPlan) -> Table:
    others = {"Case by\ncase": given.greedy_totals, "Today's\npractice": given.practice_totals}
    known = {title: totals for title, totals in others.items() if totals}
    rows = [
        (words.term(name), words.amount(name, number), *(_known(totals, name) for totals in known.values()))
        for name, number in words.in_order(given.totals)
        if name not in SAID_OTHERWISE
    ]
    columns = ("\nTotals", "\nThis plan", *known)
    return terminal.table(columns, rows, right=columns[1:])


def _known(totals: Mapping[str, int], term: str) -> str:
    return words.amount(term, totals[term]) if term in totals else "-"


def _by_kind(given: placement_pb2.PlacementPlan) -> Table:
    rows = [
        (
            words.kind(kind.kind),
            f"{kind.placed:,}",
            pounds(kind.annual_budget_cost_pence),
            pounds(kind.annual_marginal_cost_pence),
        )
        for kind in given.by_kind
    ]
    columns = ("Kind", "Placed", "Budget a year", "Marginal a year")
    return terminal.table(columns, rows, right=columns[1:])


def _unplaced(given: placement_pb2.PlacementPlan) -> Iterator[RenderableType]:
    if not given.unplaced:
        return
    yield terminal.heading(f"Not placed: {words.counted(len(given.unplaced), 'child', 'children')}")
    for case in given.unplaced[:LISTED]:
        yield f"- {case.case_id}: {' '.join(case.reasons)}"
    yield from _more(len(given.unplaced))


def _requests_not_given(given: placement_pb2.PlacementPlan, names: PlanNames) -> Iterator[RenderableType]:
    if not given.requests_not_given:
        return
    many = words.counted(len(given.requests_not_given), "request")
    yield terminal.heading(f"For the panel to decide: {many} that the plan does not give")
    reasons = Counter(WHY_NOT.get(refusal.why, refusal.why) for refusal in given.requests_not_given)
    yield "; ".join(f"{why}: {count}" for why, count in reasons.most_common())
    yield LIVE
    for refusal in given.requests_not_given[:LISTED]:
        yield f"- {refusal.case_id} asked for {names.setting(refusal.urn)}: {refusal.reason}"
    yield from _more(len(given.requests_not_given))


def _shadow_prices(given: placement_pb2.PlacementPlan, names: PlanNames) -> Iterator[RenderableType]:
    """Pools where a place would save something, the most first."""
    yield terminal.heading("Where one more place would be worth most")
    prices = {pool: dict(price.terms) for pool, price in given.shadow_prices.items() if any(price.terms.values())}
    if not prices:
        yield "Nothing to gain anywhere: one more place in any pool would change nothing."
    for pool, price in words.most_first(prices)[:LISTED]:
        yield f"- {names.pool(pool)}: {words.saving(price)}"


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield f"  and {count - LISTED:,} more; --json lists all"
