"""Which bids to fund, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from services import words
from services.cli import terminal
from services.placement.model.siting_answer import FundedSet
from services.planning.siting.answer import Sited, gap_line, named_sets
from services.planning.siting.sets import difference
from shared.pence import pounds


def siting_page(sited: Sited) -> Iterator[RenderableType]:
    """The best set, what it saves and how sure that is; then the next best."""
    answer, problem = sited.answer, sited.problem
    best = answer.best
    capital = f"{pounds(best.capital_pence)} of {pounds(problem.budget_pence)}"
    yield f"Fund {', '.join(sited.refs(best)) or 'no bid'}: {capital}."
    yield (
        f"Expected cost from {sited.demand.years[0]} to {sited.demand.years[-1]} over "
        f"{words.counted(problem.path_count, 'path')}: {pounds(best.expected_pence)}; with no bid funded "
        f"{pounds(answer.nothing.expected_pence)}. It saves {pounds(answer.saving_pence)} net of capital, "
        f"discounted at {problem.discount_rate * 100:g} % a year. {gap_line(answer)}"
    )
    yield terminal.heading("Funded")
    yield terminal.table(
        ("Bid", "Setting", "Places", "Capital", *map(str, sited.demand.years)),
        [_bid_cells(sited, bid) for bid in best.bids],
        right=("Places", "Capital", *map(str, sited.demand.years)),
        whole=("Bid",),
    )
    yield "Under a year: children expected in the bid, on average over the paths."
    yield terminal.heading("Next best sets, and what each risks")
    columns = ("Set", "Capital", "Costs more", "Regret, mean", "Regret, worst")
    sets = [(name, one) for name, one in named_sets(answer) if one is not answer.nothing or one.bids != best.bids]
    yield terminal.table(columns, [_set_cells(sited, name, one) for name, one in sets], right=columns[1:], spaced=True)
    yield "Regret: how much dearer than the best set for the path that comes, had it been known."
    if invented := sorted({bid.basis for bid in sited.bids.values()} & {"invented", "estimate"}):
        yield f"\nSome amounts are {' and '.join(invented)}: see the basis of each bid."


def _bid_cells(sited: Sited, bid: int) -> tuple[str, ...]:
    row = sited.bids[sited.problem.bid_ids[bid]]
    inside = [f"{count:.0f}" for count in sited.answer.best.children[:, bid]]
    return (row.bid_ref, row.setting, str(row.places), pounds(row.capital), *inside)


def _set_cells(sited: Sited, name: str, one: FundedSet) -> tuple[str, ...]:
    best = sited.answer.best
    return (
        f"{name}: {difference(sited.refs(one), sited.refs(best)) if one is not best else 'as above'}",
        pounds(one.capital_pence),
        pounds(one.expected_pence - best.expected_pence),
        pounds(one.expected_regret_pence),
        pounds(one.worst_regret_pence),
    )
