"""What a child's travel to one setting would cost and why, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2, travel_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import facts_wire
from services.placement.gather import Gathered, column
from services.placement.model.facts import PoolFacts
from services.placement.model.judge import Judgement
from services.placement.operations.context import Context
from services.placement.operations.pair_flags import ASKED_FOR, OPEN, flags_of_case
from services.placement.operations.views import record_view
from shared import clock, days
from shared.errors import NotFound, WrongState

NOT_APPLICABLE = 255
OF_THE_PLACE = frozenset({"Place funding", "Top-up", "School fee", "High Needs unit, share of yearly cost"})
"""Lines that are not about travel."""
WITHOUT_A_POOL = "mainstream"
"""The kind that a setting without a pool is asked about as; travel costs the same to any kind."""


@dataclass(frozen=True)
class _Asked:
    """The setting asked about, and the pools priced with it: the first is there, the others are where else is open."""

    setting: provision_pb2.Setting
    pools: Sequence[cost_pb2.QuotePool]
    flags: Sequence[int]


def quote_transport(
    context: Context, case_id: str, urn: int, first_day: date | None
) -> travel_pb2.QuoteTransportResponse:
    """Price one child's travel to one setting, beside every other place that could be given.

    Where a nearer one would do, travel may fall to the family: the law asks for both. A person's view is recorded.
    Raises NotFound (case, setting), WrongState (no rate card, a plan that has ceased), NeighbourDown.
    """
    case, day = _case_on(context, case_id, first_day)
    asked = _asked(context, context.gather(day), case, urn)
    pairs = np.arange(len(asked.pools), dtype="<i4")
    quoted = context.neighbours.quote_lines(
        cost_pb2.QuoteOptionsRequest(
            first_day=days.to_wire(day),
            cases=[facts_wire.quote_case(case)],
            pools=asked.pools,
            case_index=np.zeros_like(pairs).tobytes(),
            pool_index=pairs.tobytes(),
            include_lines=True,
            pair_flags=bytes(asked.flags),
        )
    )
    answer = _answer(quoted)
    answer.first_day.CopyFrom(days.to_wire(day))
    answer.setting_name = asked.setting.name
    record_view(context, "transport_quoted", [case_id], urn=urn)
    return answer


def _case_on(context: Context, case_id: str, first_day: date | None) -> tuple[caseload_pb2.Case, date]:
    """The case with year group and age on the day, which is that of its decision due, else today, unless given."""
    case = context.neighbours.get_case(case_id, first_day)
    if case.stage == caseload_pb2.CASE_STAGE_CEASED:
        raise WrongState("This case's plan has ceased; there is no travel to price.")
    if first_day:
        return case, first_day
    if case.HasField("decision_due"):
        return case, days.from_wire(case.decision_due.first_day, "first_day")
    return context.neighbours.get_case(case_id, clock.today()), clock.today()


def _asked(context: Context, gathered: Gathered, case: caseload_pb2.Case, urn: int) -> _Asked:
    facts = facts_wire.case_facts(case, facts_wire.pools_at_urn(gathered.pools))
    judgement = Judgement(replace(gathered.facts, cases=(facts,), case_rows={}))
    flags = flags_of_case(judgement, 0)
    there = sorted(judgement.pools_at(urn), key=lambda row: (-int(flags[row]), row))
    others = [row for row in np.flatnonzero(flags & OPEN).tolist() if row not in there]
    if there:
        rows = [there[0], *others]
        pools = [facts_wire.quote_pool(gathered.pools[row], gathered.facts.pools[row]) for row in rows]
        return _Asked(gathered.pools[there[0]].setting, pools, flags[rows].tolist())
    setting = context.neighbours.find_setting(urn)
    if setting is None:
        raise NotFound("setting", urn, "Give the URN of a setting on file; `inborough pools` lists those with places.")
    pools = [facts_wire.quote_pool(gathered.pools[row], gathered.facts.pools[row]) for row in others]
    asked_for = ASKED_FOR if facts.request_for(urn) else 0
    return _Asked(setting, [_without_pool(setting), *pools], [asked_for, *flags[others].tolist()])


def _without_pool(setting: provision_pb2.Setting) -> cost_pb2.QuotePool:
    message = provision_pb2.PlacePool(pool_id=f"setting_{setting.urn}", kind=WITHOUT_A_POOL, setting=setting)
    return facts_wire.quote_pool(message, PoolFacts(message.pool_id, setting.urn, WITHOUT_A_POOL))


def _answer(quoted: cost_pb2.QuoteOptionsResponse) -> travel_pb2.QuoteTransportResponse:
    """The first pair of a quote."""
    source_at = quoted.travel_source_index[0] if quoted.travel_source_index else NOT_APPLICABLE
    has_source = source_at != NOT_APPLICABLE
    return travel_pb2.QuoteTransportResponse(
        distance_metres=_known(quoted.distance_metres),
        travel_minutes=_known(quoted.travel_minutes),
        walking_metres=_known(quoted.walking_metres),
        eligibility=quoted.eligibilities[quoted.eligibility_index[0]],
        lines=_lines(quoted, [line for line in quoted.lines if line.label not in OF_THE_PLACE]),
        alternatives=_lines(quoted, quoted.alternatives),
        travel_source=quoted.travel_sources[source_at] if has_source else None,
        run_plan_id=quoted.run_plan_id,
        rate_card_id=quoted.rate_card_id,
        ride_minutes=_known(quoted.ride_minutes),
    )


def _known(packed: bytes) -> int | None:
    """The first of a column of numbers, None where it is not known or not sent."""
    found = int(column(packed, "<i4")[0]) if packed else -1
    return found if found >= 0 else None


def _lines(
    quoted: cost_pb2.QuoteOptionsResponse, columns: Sequence[cost_pb2.CostColumn]
) -> Iterator[placement_pb2.CostLine]:
    """The lines that apply to the first pair."""
    for line in columns:
        if line.source_index[0] != NOT_APPLICABLE:
            source = quoted.sources[line.source_index[0]]
            yield placement_pb2.CostLine(
                label=line.label,
                ledger=line.ledger,
                annual_pence=int(column(line.annual_pence, "<i8")[0]),
                basis=source.basis,
                source=source.source,
            )
