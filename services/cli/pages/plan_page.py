"""A placement plan for a person: headline, comparison, kinds, who is not placed, where a place is worth most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table

from inborough.placement.v1 import placement_pb2
from services.cli import terminal, words
from services.cli.pages.plan_comparison import comparison_lines
from services.cli.typed import typed
from shared.pence import pounds

LISTED = 10
SAID_OTHERWISE = ("annual_cost_pence", "inmss_or_out_of_borough")  # the budget, and INMSS and out of borough apart
ADVICE = "Advice only: the panel decides each case."


def plan_page(given: placement_pb2.PlacementPlan, pool_names: Mapping[str, str]) -> Iterator[RenderableType]:
    """The page, part by part. `pool_names` says which setting and kind a pool id is."""
    if not given.decisions_due:
        yield f"No decisions are due for {words.day(given.first_day)}. See which are: {typed('cases --due')}"
        return
    yield from plan_headline(given)
    yield _comparison(given)
    yield terminal.heading("By kind of place")
    yield _by_kind(given)
    yield from _unplaced(given)
    yield from _requests_not_given(given)
    yield from _shadow_prices(given, pool_names)
    yield f"\n{ADVICE}"


def plan_headline(given: placement_pb2.PlacementPlan) -> Iterator[RenderableType]:
    """The plan in a few sentences."""
    placed, unplaced = len(given.assignment), len(given.unplaced)
    yield terminal.heading(f"Plan for {words.day(given.first_day)} ({given.plan_id})")
    yield (
        f"{words.counted(given.decisions_due, 'decision')} due: {placed:,} placed, {unplaced:,} not placed. "
        f"{given.status.capitalize()} under policy {given.policy}."
    )
    yield from comparison_lines(given)


def _comparison(given: placement_pb2.PlacementPlan) -> Table:
    rows = [
        (
            words.term(name),
            words.amount(name, number),
            _known(given.greedy_totals, name),
            _known(given.practice_totals, name),
        )
        for name, number in words.in_order(given.totals)
        if name not in SAID_OTHERWISE
    ]
    columns = ("\nTotals", "\nThis plan", "Case by\ncase", "Today's\npractice")
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


def _requests_not_given(given: placement_pb2.PlacementPlan) -> Iterator[RenderableType]:
    if not given.requests_not_given:
        return
    many = words.counted(len(given.requests_not_given), "request")
    yield terminal.heading(f"For the panel to decide: {many} that the plan does not give")
    reasons = Counter(refusal.why.replace("_", " ") for refusal in given.requests_not_given)
    yield "; ".join(f"{why}: {count}" for why, count in reasons.most_common())
    for refusal in given.requests_not_given[:LISTED]:
        yield f"- {refusal.case_id} asked for URN {refusal.urn}: {refusal.reason}"
    yield from _more(len(given.requests_not_given))


def _shadow_prices(given: placement_pb2.PlacementPlan, names: Mapping[str, str]) -> Iterator[RenderableType]:
    yield terminal.heading("Where one more place would be worth most")
    prices = {pool: dict(price.terms) for pool, price in given.shadow_prices.items()}
    for pool, price in words.most_first(prices)[:LISTED]:
        yield f"- {names.get(pool, pool)}: {words.saving(price)}"


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield f"  and {count - LISTED:,} more; --json lists all"
