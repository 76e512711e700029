"""Bring a standing plan up to date from what changed alone: judged, priced and planned again only where it did.

What comes out is what making it whole would give, byte for byte: `make_standing_plan` is the definition, this is quick.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import facts_pb2
from services.placement.gather import Gathered, Neighbours
from services.placement.model.judge import Judgement, OpenOptions
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_changes import ProblemChanges, changes_between
from services.placement.prices_again import PricedBefore, quote_again
from services.placement.solver import Solver, StandingSolution
from shared import days
from shared.ids import new_id

if TYPE_CHECKING:
    from services.placement.operations.context import StandingPlan


@dataclass(frozen=True, eq=False)
class JudgedAgain:
    """The rules over facts now, and the prices of what they leave open."""

    judgement: Judgement
    quoted: cost_pb2.QuoteOptionsResponse


def judge_again(
    neighbours: Neighbours, before: StandingPlan, gathered: Gathered, revision: Callable[[], str]
) -> JudgedAgain:
    """Judge and price what changed since a standing plan; `revision` is that of prices as they stand.

    Raises WrongState when no rate card is in force.
    """
    judgement, rows_before = before.judgement.again(gathered.facts)
    known = PricedBefore(before.gathered, before.quoted)
    quoted = quote_again(neighbours, gathered, judgement.open_options, known, rows_before, revision)
    return JudgedAgain(judgement, quoted)


def solve_again(solver: Solver, before: StandingPlan, problem: PlacementProblem) -> StandingSolution:
    """The best plan of a problem, from the plan that stood where it can follow."""
    changes, key = changes_between(before.problem, problem), new_id("sol")
    if changes is not None and _changes_nothing(changes, before.problem):
        return before.solution
    found = solver.follow(changes, problem, before.solution.key, key) if changes is not None else None
    return found or solver.solve(problem, key)


def _changes_nothing(changes: ProblemChanges, before: PlacementProblem) -> bool:
    return (
        not changes.changed.any()
        and np.array_equal(changes.case_before, np.arange(before.case_count))
        and np.array_equal(changes.pool_places, before.pool_places)
        and np.array_equal(changes.group_places, before.groups.places)
    )


class FactsContent:
    """The facts as they are kept and hashed: content alone, without revisions, the same bytes on any machine.

    The message GatheredFacts, put together from its parts in order of field number, so that the parts of cases and
    pools that did not change need not be written again.
    """

    def __init__(
        self,
        gathered: Gathered,
        quoted: cost_pb2.QuoteOptionsResponse,
        options: OpenOptions,
        later: facts_pb2.SampledArrivals | None,
        before: FactsContent | None = None,
    ) -> None:
        known: dict[int, tuple[Any, bytes]] = before._parts if before else {}
        cases = _parts(gathered.cases, known, lambda case: facts_pb2.GatheredFacts(cases=[case]))
        pools = _parts(gathered.pools, known, lambda pool: facts_pb2.GatheredFacts(pools=[pool]))
        rest = facts_pb2.GatheredFacts(
            groups=gathered.groups,
            case_index=options.case.astype("<i4").tobytes(),
            pool_index=options.pool.astype("<i4").tobytes(),
            quotes=quoted,
            later_arrivals=later,
        )
        rest.quotes.ClearField("revision")
        first = facts_pb2.GatheredFacts(first_day=days.to_wire(gathered.facts.first_day))
        short = b"".join((_written(first), *(part for _, part in cases), *(part for _, part in pools)))
        self._written = short, _written(rest)
        self._parts: dict[int, tuple[Any, bytes]] = {id(message): (message, part) for message, part in (*cases, *pools)}

    @property
    def content(self) -> bytes:
        """All of it."""
        return b"".join(self._written)

    def hash(self) -> str:
        """SHA-256 of the content, in hexadecimal digits."""
        digest = hashlib.sha256()
        for part in self._written:
            digest.update(part)
        return digest.hexdigest()


def _parts(
    messages: Sequence[Any], known: Mapping[int, tuple[Any, bytes]], wrapped: Callable[[Any], facts_pb2.GatheredFacts]
) -> list[tuple[Any, bytes]]:
    """Each message with the bytes of its field; those of a message that was written before are known."""
    return [known.get(id(message)) or (message, _written(wrapped(message))) for message in messages]


def _written(message: facts_pb2.GatheredFacts) -> bytes:
    return message.SerializeToString(deterministic=True)
