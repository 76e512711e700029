"""A plan made together with its runs: what it saves, how far from the best it can be, and who goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from inborough.placement.v1 import travel_pb2
from services import words
from services.cli import terminal
from services.cli.pages.plan_page import LISTED, nothing_due, plan_headline, plan_sections
from services.words.pool_names import PlanNames
from shared.pence import pounds

SAME = "Suitability, requests and all else that the policy puts before money are as good as there."
TOTALS = "In the totals below a child's transport is what that child adds to its run."
NO_PLACE = "no place"


def joint_page(made: travel_pb2.JointPlan, names: PlanNames) -> Iterator[RenderableType]:
    """The page, part by part. `names` says which setting and kind a pool id is."""
    if not made.plan.decisions_due:
        yield nothing_due(made.plan)
        return
    yield from plan_headline(made.plan)
    yield terminal.facts(list(_money(made)))
    yield terminal.heading("Round by round")
    yield rounds_table(made.rounds)
    yield from _changes(made, names)
    yield f"\n{TOTALS}"
    yield from plan_sections(made.plan, names)


def _money(made: travel_pb2.JointPlan) -> Iterator[tuple[str, str]]:
    """Places and all runs together, also of the children who are placed already."""
    saved = made.separate_annual_pence - made.joint_annual_pence
    yield "Planned with average transport", f"{pounds(made.separate_annual_pence)} a year for places and all runs"
    yield "Planned together", f"{pounds(made.joint_annual_pence)} a year"
    yield "Saved by planning together", f"{pounds(saved)} a year" if saved else "nothing: no round found a cheaper plan"
    least = pounds(made.least_annual_pence)
    yield "The best there can be", f"at most {could_be_less(made)} less: no plan as good before money is below {least}"


def could_be_less(made: travel_pb2.JointPlan) -> str:
    """By how much of its cost a better plan could be cheaper at most, rounded up."""
    if not made.joint_annual_pence:
        return "0.0%"
    less = made.joint_annual_pence - made.least_annual_pence
    tenths = -(-less * 1000 // made.joint_annual_pence)
    return f"{tenths / 10:.1f}%"


def rounds_table(rounds: Sequence[travel_pb2.JointRound]) -> Table:
    """What each round tried and where it ended."""
    columns = ("Round", "Tried", "Placed\nelsewhere", "Places and\nruns a year", "Of it runs")
    rows = [
        (
            f"{each.number}",
            each.tried,
            f"{each.changed:,}" if each.number else "",
            pounds(each.annual_pence),
            pounds(each.runs_annual_pence),
        )
        for each in rounds
    ]
    return terminal.table(columns, rows, right=("Round", *columns[2:]))


def round_line(each: travel_pb2.JointRound) -> str:
    """How far the work has come."""
    moved = f", {words.counted(each.changed, 'child', 'children')} placed elsewhere" if each.number else ""
    return f"round {each.number}, {pounds(each.annual_pence)} a year{moved}"


def _changes(made: travel_pb2.JointPlan, names: PlanNames) -> Iterator[RenderableType]:
    if not made.changes:
        yield "\nEvery child has the place that it has in the plan with average transport."
        return
    many = words.counted(len(made.changes), "child", "children")
    yield terminal.heading(f"Placed elsewhere than with average transport: {many}")
    yield f"So that places and all runs together cost less. {SAME}"
    for change in made.changes[:LISTED]:
        separate, joint = (
            names.pool(pool) if pool else NO_PLACE for pool in (change.separate_pool_id, change.joint_pool_id)
        )
        yield f"- {change.case_id}: {joint}; with average transport {separate}"
    if len(made.changes) > LISTED:
        yield f"  and {len(made.changes) - LISTED:,} more; --json lists all"
