"""Which bids to fund: what was asked, what was found, and the same for a machine and a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.placement.model.siting_answer import FundedSet, SitingAnswer
from services.placement.model.siting_problem import SitingProblem
from services.planning.exports.sheets import Sheet
from services.planning.siting.bids import BidRow
from services.planning.siting.demand import Demand

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


def gap_line(answer: SitingAnswer) -> str:
    """How far the best may be from the least cost."""
    if answer.gap <= GAP_TO_THE_PENNY:
        return "Proven: no set costs less."
    return f"Proven: no set saves {answer.gap * 100:.2f} % more."


def named_sets(answer: SitingAnswer) -> list[tuple[str, FundedSet]]:
    """The best set, the next best by their rank, and none, by name."""
    others = [(f"{at}", one) for at, one in enumerate(answer.runners_up, start=2)]
    return [("best", answer.best), *others, ("none", answer.nothing)]


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
        for name, one in named_sets(sited.answer)
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
