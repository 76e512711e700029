"""Find the options of one case: from the standing plan when it decides the case, else beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from services.placement import facts_wire
from services.placement.gather import Gathered
from services.placement.model.facts import PlacementFacts
from services.placement.model.judge import Judgement
from services.placement.model.objective import PricedOptions
from services.placement.model.ranking import CaseOptions
from services.placement.operations.context import Context, StandingPlan, quotes_of


def options_of_due_case(standing: StandingPlan, case_id: str) -> CaseOptions:
    """The options of a case that the standing plan decides."""
    row = standing.gathered.facts.case_rows[case_id]
    options = standing.priced.options
    part = slice(int(options.first[row]), int(options.first[row + 1]))
    effects = standing.solution.effect_on_others(row)
    planned = int(standing.solution.option_of_case[row])
    return CaseOptions(
        judgement=standing.judgement,
        case_row=row,
        pool=options.pool[part],
        terms=standing.priced.terms[:, part],
        on_others=effects.change,
        possible=effects.possible,
        over_threshold=standing.priced.over_threshold[part],
        distance_metres=standing.priced.quotes.distance_metres[part],
        planned=int(options.pool[planned]) if planned >= 0 else -1,
    )


def options_of_other_case(context: Context, standing: StandingPlan, message: caseload_pb2.Case) -> CaseOptions:
    """The options of a case that is not due for this first day: judged alone, beside the standing plan."""
    gathered = standing.gathered
    judgement = Judgement(_facts_of_one(gathered, message))
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
    case = facts_wire.case_facts(message, facts_wire.pools_at_urn(gathered.pools))
    return replace(gathered.facts, cases=(case,), case_rows={})
