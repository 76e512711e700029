"""Which bids to fund: for a person, a machine, a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from services import words
from services.cli import terminal
from services.cli.exports.sheets import Sheet
from services.cli.siting.bids import BidRow
from services.cli.siting.demand import Demand
from services.placement.model.siting_answer import FundedSet, SitingAnswer
from services.placement.model.siting_problem import SitingProblem
from shared.pence import pounds

GAP_TO_THE_PENNY = 1e-6


@dataclass(frozen=True)
class Sited:
    """What was asked and what was found."""

    bids: dict[str, BidRow]
    demand: Demand
    problem: SitingProblem
    answer: SitingAnswer

    def refs(self, one: FundedSet) -> list[str]:
        """The references of a set's bids."""
        return [self.problem.bid_ids[bid] for bid in one.bids]


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
    sets = [(name, one) for name, one in _named(answer) if one is not answer.nothing or one.bids != best.bids]
    yield terminal.table(columns, [_set_cells(sited, name, one) for name, one in sets], right=columns[1:], spaced=True)
    yield "Regret: how much dearer than the best set for the path that comes, had it been known."
    if invented := sorted({bid.basis for bid in sited.bids.values()} & {"invented", "estimate"}):
        yield f"\nSome amounts are {' and '.join(invented)}: see the basis of each bid."


def gap_line(answer: SitingAnswer) -> str:
    """How far the best may be from the least cost."""
    if answer.gap <= GAP_TO_THE_PENNY:
        return "Proven: no set costs less."
    return f"Proven: no set saves {answer.gap * 100:.2f} % more."


def _bid_cells(sited: Sited, bid: int) -> tuple[str, ...]:
    row = sited.bids[sited.problem.bid_ids[bid]]
    inside = [f"{count:.0f}" for count in sited.answer.best.children[:, bid]]
    return (row.bid_ref, row.setting, str(row.places), pounds(row.capital), *inside)


def _named(answer: SitingAnswer) -> list[tuple[str, FundedSet]]:
    others = [(f"{at}", one) for at, one in enumerate(answer.runners_up, start=2)]
    return [("best", answer.best), *others, ("none", answer.nothing)]


def _set_cells(sited: Sited, name: str, one: FundedSet) -> tuple[str, ...]:
    best = sited.answer.best
    return (
        f"{name}: {difference(sited.refs(one), sited.refs(best)) if one is not best else 'as above'}",
        pounds(one.capital_pence),
        pounds(one.expected_pence - best.expected_pence),
        pounds(one.expected_regret_pence),
        pounds(one.worst_regret_pence),
    )


def difference(refs: Sequence[str], best: Sequence[str]) -> str:
    """What a set has more and fewer than the best: "with X, without Y"."""
    if not refs:
        return "no bid funded"
    more, fewer = ([r for r in a if r not in b] for a, b in ((refs, best), (best, refs)))
    parts = [f"with {', '.join(more)}" if more else "", f"without {', '.join(fewer)}" if fewer else ""]
    return ", ".join(part for part in parts if part) or "the same bids"


def siting_json(sited: Sited) -> dict[str, Any]:
    """The shape in docs/json.md."""
    answer, problem = sited.answer, sited.problem
    return {
        "budget_pence": problem.budget_pence,
        "discount_rate": problem.discount_rate,
        "years": list(sited.demand.years),
        "paths": problem.path_count,
        "saving_pence": answer.saving_pence,
        "bound_pence": answer.bound_pence,
        "gap": answer.gap,
        "expected_hindsight_pence": round(float(answer.hindsight_pence.mean())),
        "solve_seconds": round(answer.seconds, 3),
        "best": _set_json(sited, answer.best),
        "runners_up": [_set_json(sited, one) for one in answer.runners_up],
        "nothing": _set_json(sited, answer.nothing),
    }


def _set_json(sited: Sited, one: FundedSet) -> dict[str, Any]:
    ids = sited.problem.bid_ids
    return {
        "bids": sited.refs(one),
        "capital_pence": one.capital_pence,
        "expected_cost_pence": one.expected_pence,
        "expected_regret_pence": one.expected_regret_pence,
        "worst_regret_pence": one.worst_regret_pence,
        "worst_path": sited.demand.paths[one.worst_path],
        "children": {ids[bid]: [round(float(n), 2) for n in one.children[:, bid]] for bid in one.bids},
        "otherwise": [round(float(n), 2) for n in one.otherwise],
    }


def siting_sheets(sited: Sited) -> list[Sheet]:
    """The sets, in pounds, and the bids that the best one funds, with expected children by year."""
    rows = [
        (
            name,
            ", ".join(sited.refs(one)),
            one.capital_pence / 100,
            one.expected_pence / 100,
            one.expected_regret_pence / 100,
            one.worst_regret_pence / 100,
        )
        for name, one in _named(sited.answer)
    ]
    columns = ("set", "bids", "capital", "expected_cost", "expected_regret", "worst_regret")
    funded = [
        (
            bid.bid_ref,
            bid.setting,
            bid.kind,
            bid.places,
            bid.capital / 100,
            bid.basis,
            "yes" if at in sited.answer.best.bids else "no",
            *(round(float(n), 2) for n in sited.answer.best.children[:, at]),
        )
        for at, bid in enumerate(sited.bids[ref] for ref in sited.problem.bid_ids)
    ]
    heads = ("bid_ref", "setting", "kind", "places", "capital", "basis", "funded")
    years = tuple(f"children_{year}" for year in sited.demand.years)
    return [Sheet("sets", columns, rows), Sheet("bids", (*heads, *years), funded)]
