"""Find the options of one case: from the standing plan when it decides the case, else beside it.

A what-if leaves settings out of this case's options alone: the plan of the others, and so the effect on them, stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from services.placement import facts_wire
from services.placement.gather import Gathered
from services.placement.model.facts import CaseFacts, PlacementFacts
from services.placement.model.judge import BoolArray, Judgement
from services.placement.model.objective import PricedOptions, Quotes
from services.placement.model.ranking import CaseOptions
from services.placement.operations.context import Context, StandingPlan, quotes_of


def options_of_due_case(standing: StandingPlan, case_id: str, left_out: Collection[int] = ()) -> CaseOptions:
    """The options of a case that the standing plan decides, without those at the URNs left out."""
    row = standing.gathered.facts.case_rows[case_id]
    of_all = standing.priced.options
    part = slice(int(of_all.first[row]), int(of_all.first[row + 1]))
    quotes = _those(standing.priced.quotes, part)
    effects = standing.solution.effect_on_others(row)
    planned = int(standing.solution.option_of_case[row])
    options = CaseOptions(
        judgement=standing.judgement,
        case_row=row,
        pool=of_all.pool[part],
        terms=standing.priced.terms[:, part],
        on_others=effects.change,
        possible=effects.possible,
        over_threshold=standing.priced.over_threshold[part],
        distance_metres=quotes.distance_metres,
        planned=int(of_all.pool[planned]) if planned >= 0 else -1,
    )
    return _left_out(standing, options, quotes, left_out) if left_out else options


def _left_out(standing: StandingPlan, options: CaseOptions, quotes: Quotes, urns: Collection[int]) -> CaseOptions:
    """The same case judged alone without some settings: what is weighed against its other options is weighed anew."""
    judgement = Judgement(_alone(standing.gathered.facts, options.case), urns)
    kept = np.isin(options.pool, judgement.open_options.pool)
    priced = PricedOptions(judgement, _those(quotes, kept), standing.priced.policy, standing.priced.later)
    return replace(
        options,
        judgement=judgement,
        case_row=0,
        pool=options.pool[kept],
        terms=priced.terms,
        on_others=options.on_others[:, kept],
        possible=options.possible[kept],
        over_threshold=priced.over_threshold,
        distance_metres=options.distance_metres[kept],
    )


def options_of_other_case(
    context: Context, standing: StandingPlan, message: caseload_pb2.Case, left_out: Collection[int] = ()
) -> CaseOptions:
    """The options of a case that is not due for this first day: judged alone, beside the standing plan."""
    gathered = standing.gathered
    judgement = Judgement(_facts_of_one(gathered, message), left_out)
    pool = judgement.open_options.pool
    everywhere = range(len(gathered.pools))
    quoted = context.neighbours.quote(gathered, [message], everywhere, np.zeros(pool.size, np.int32), pool)
    priced = PricedOptions(judgement, quotes_of(quoted), standing.priced.policy, standing.priced.later)
    effects = standing.solution.effect_of_one_more(pool)
    return CaseOptions(
        judgement=judgement,
        case_row=0,
        pool=pool,
        terms=priced.terms,
        on_others=effects.change,
        possible=effects.possible,
        over_threshold=priced.over_threshold,
        distance_metres=priced.quotes.distance_metres,
    )


def _facts_of_one(gathered: Gathered, message: caseload_pb2.Case) -> PlacementFacts:
    """The facts of the plan, with this case alone."""
    return _alone(gathered.facts, facts_wire.case_facts(message, facts_wire.pools_at_urn(gathered.pools)))


def _alone(facts: PlacementFacts, case: CaseFacts) -> PlacementFacts:
    return replace(facts, cases=(case,), case_rows={})


def _those(quotes: Quotes, which: slice | BoolArray) -> Quotes:
    """The prices of some of the options."""
    return Quotes(
        distance_metres=quotes.distance_metres[which],
        travel_minutes=quotes.travel_minutes[which],
        budget_pence=quotes.budget_pence[which],
        marginal_pence=quotes.marginal_pence[which],
    )
