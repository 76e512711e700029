"""What a place costs every child of a survey: asked of the cost service once, and again only where something changed.

A price belongs to a child and a pool as they were asked about, and to the revision of prices that answered; under that
revision only children and pools that are new, or asked about in other words, are priced. Totals and transport come as
packed columns; what they consist of besides depends on the pool and on the child's need and band alone, and is asked
line by line once for each need and band. That the two agree is checked for every pair. Nothing is said of the pairs
(no flags), so none depends on which others are asked about with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import facts_wire
from services.placement.forecast.simulation.build_world import (
    LABELS,
    STAGE_AGES,
    STAGE_YEAR_GROUPS,
    QuotedPrices,
)
from services.placement.gather import ATTEMPTS, Neighbours, column
from shared import days
from shared.errors import ChangedMeanwhile

PAIRS_AT_ONCE = 250_000
"""Prices asked for in one call: some 9 MB, of which half are kept."""
TRANSPORT = "Transport"
STAGES = len(STAGE_AGES)
Pence = npt.NDArray[np.int32]
Ask = Callable[[Sequence[int], Sequence[int]], Pence]
"""Of rows and columns, what is to stand in each layer: int32[L, rows, columns]."""


@dataclass(frozen=True, eq=False)
class _Table:
    """Layers of numbers, int32[L, R, P], by what was asked about in each row and column."""

    layers: Pence
    row_of: Mapping[bytes, int] = field(default_factory=dict)
    column_of: Mapping[bytes, int] = field(default_factory=dict)

    @classmethod
    def empty(cls, layers: int) -> _Table:
        return cls(np.zeros((layers, 0, 0), np.int32))

    def of(self, rows: Sequence[bytes], columns: Sequence[bytes], ask: Ask) -> _Table:
        """The same for these rows and columns: what is known is kept, and only the rest is asked for."""
        if [*self.row_of] == [*rows] and [*self.column_of] == [*columns]:
            return self
        known_rows, new_rows = _apart(rows, self.row_of)
        known_columns, new_columns = _apart(columns, self.column_of)
        every = range(self.layers.shape[0])
        layers = np.zeros((len(every), len(rows), len(columns)), np.int32)
        before = [self.row_of[rows[at]] for at in known_rows], [self.column_of[columns[at]] for at in known_columns]
        layers[np.ix_(every, known_rows, known_columns)] = self.layers[np.ix_(every, *before)]
        for some_rows, some_columns in ((new_rows, [*range(len(columns))]), (known_rows, new_columns)):
            if some_rows and some_columns:
                layers[np.ix_(every, some_rows, some_columns)] = ask(some_rows, some_columns)
        return _Table(layers, _numbered(rows), _numbered(columns))


def _apart(keys: Sequence[bytes], known: Mapping[bytes, int]) -> tuple[list[int], list[int]]:
    """Positions of the keys that are known, and of those that are not."""
    here = [at for at, key in enumerate(keys) if key in known]
    return here, [at for at, key in enumerate(keys) if key not in known]


def _numbered(keys: Sequence[bytes]) -> dict[bytes, int]:
    return {key: at for at, key in enumerate(keys)}


@dataclass(frozen=True, eq=False)
class _Priced:
    """What is known for a first day under one revision of prices.

    `alike`: for each stage of age the lines of LABELS, by need and band; `journeys`: for each stage what transport
    costs, and last the minutes.
    """

    first_day: date
    revision: str
    alike: _Table = field(default_factory=lambda: _Table.empty(STAGES * len(LABELS)))
    journeys: _Table = field(default_factory=lambda: _Table.empty(STAGES + 1))


class _OtherPrices(Exception):
    """The cost service answered at another revision, which is the argument."""


class SurveyPrices:
    """Prices of the last survey, from which the next one's are worked out. For one thread at a time."""

    def __init__(self) -> None:
        self._last = _Priced(date.min, "")

    def price(
        self,
        first_day: date,
        revision: str,
        cases: Sequence[caseload_pb2.Case],
        pools: Sequence[provision_pb2.PlacePool],
        neighbours: Neighbours,
    ) -> QuotedPrices:
        """Every child in every pool at each stage of age, all at one revision of prices: the one given, or a newer one.

        Raises WrongState when no rate card is in force, NeighbourDown, ChangedMeanwhile when prices keep changing, and
        ValueError where lines and totals disagree.
        """
        children, places = [quote_case(case) for case in cases], [quote_pool(pool) for pool in pools]
        for _ in range(ATTEMPTS):
            known = self._last
            if (known.first_day, known.revision) != (first_day, revision):
                known = _Priced(first_day, revision)
            try:
                self._last = _Pricing(known, children, places, neighbours).priced()
            except _OtherPrices as other:
                revision = str(other)
                continue
            return _quoted(self._last, children)
        raise ChangedMeanwhile("Prices are being changed faster than they can be read. Try again when that is done.")


def quote_case(case: caseload_pb2.Case) -> cost_pb2.QuoteCase:
    """A child as pricing needs to know it, but for its age: that is each stage's."""
    asked = facts_wire.quote_case(case)
    asked.year_group = asked.age_years = 0
    return asked


def quote_pool(pool: provision_pb2.PlacePool) -> cost_pb2.QuotePool:
    """With no number of places, so that a High Needs unit's whole block is quoted."""
    location = pool.setting.location if pool.setting.HasField("location") else None
    return cost_pb2.QuotePool(pool_id=pool.pool_id, kind=pool.kind, urn=pool.setting.urn, location=location)


def _alike(child: cost_pb2.QuoteCase) -> cost_pb2.QuoteCase:
    """Nobody, with a child's need and band: at home nowhere, so that there is no journey."""
    return cost_pb2.QuoteCase(primary_need=child.primary_need, top_up_band=child.top_up_band)


def _keys(asked: Sequence[cost_pb2.QuoteCase | cost_pb2.QuotePool]) -> list[bytes]:
    return [one.SerializeToString(deterministic=True) for one in asked]


class _Pricing:
    """One pricing of all children in all pools, from what is known."""

    def __init__(
        self,
        known: _Priced,
        children: Sequence[cost_pb2.QuoteCase],
        pools: Sequence[cost_pb2.QuotePool],
        neighbours: Neighbours,
    ) -> None:
        self._known, self._children, self._pools, self._neighbours = known, children, pools, neighbours
        self._kinds = dict(zip(_keys(kinds := [*map(_alike, children)]), kinds, strict=True))

    def priced(self) -> _Priced:
        """What is known once all of it is. Raises _OtherPrices, and as `SurveyPrices.price`."""
        known, columns = self._known, _keys(self._pools)
        alike = known.alike.of([*self._kinds], columns, self._ask_lines)
        self._for_the_place = alike.layers.reshape(STAGES, len(LABELS), *alike.layers.shape[1:]).sum(axis=1)
        self._kind_of = [alike.row_of[key] for key in _keys([*map(_alike, self._children)])]
        journeys = known.journeys.of(_keys(self._children), columns, self._ask_columns)
        return _Priced(known.first_day, known.revision, alike, journeys)

    def _ask_lines(self, rows: Sequence[int], columns: Sequence[int]) -> Pence:
        kinds = [*self._kinds.values()]
        found = np.zeros((STAGES, len(LABELS), len(rows), len(columns)), np.int32)
        labels = {label: at for at, label in enumerate(LABELS)}
        for stage, some, answer in self._answers([kinds[row] for row in rows], columns, include_lines=True):
            for line in answer.lines:
                if line.ledger == cost_pb2.LEDGER_BUDGET and line.label in labels:
                    pence = column(line.annual_pence, "<i8").reshape(len(some), -1)
                    found[stage, labels[line.label], some.start : some.stop] = pence
        return found.reshape(-1, len(rows), len(columns))

    def _ask_columns(self, rows: Sequence[int], columns: Sequence[int]) -> Pence:
        children = [self._children[row] for row in rows]
        kind_of = [self._kind_of[row] for row in rows]
        found = np.zeros((STAGES + 1, len(rows), len(columns)), np.int32)
        for stage, some, answer in self._answers(children, columns, include_lines=False):
            here = slice(some.start, some.stop)
            budget, transport = (
                column(packed, "<i8").reshape(len(some), -1)
                for packed in (answer.annual_budget_cost_pence, answer.annual_transport_pence)
            )
            for_the_place = self._for_the_place[stage][np.ix_(kind_of[here], columns)]
            if not np.array_equal(budget - transport, for_the_place):
                raise ValueError("quoted: a child's total is not that of its need and band, and its transport.")
            found[stage, here] = transport
            found[STAGES, here] = column(answer.travel_minutes, "<i4").reshape(len(some), -1)
        return found

    def _answers(
        self, children: Sequence[cost_pb2.QuoteCase], columns: Sequence[int], *, include_lines: bool
    ) -> Iterator[tuple[int, range, cost_pb2.QuoteOptionsResponse]]:
        """What cost answers of children in pools at each stage of age, some rows at a time."""
        pools = [self._pools[at] for at in columns]
        for stage, (year_group, age) in enumerate(zip(STAGE_YEAR_GROUPS, STAGE_AGES, strict=True)):
            for some in _some_at_a_time(len(children), max(1, PAIRS_AT_ONCE // len(pools))):
                asked = [_aged(child, year_group, age) for child in children[some.start : some.stop]]
                answer = self._neighbours.quote_lines(_request(self._known.first_day, asked, pools, include_lines))
                if answer.revision != self._known.revision:
                    raise _OtherPrices(answer.revision)
                yield stage, some, answer


def _some_at_a_time(count: int, most: int) -> Iterator[range]:
    for start in range(0, count, most):
        yield range(start, min(start + most, count))


def _aged(child: cost_pb2.QuoteCase, year_group: int, age: int) -> cost_pb2.QuoteCase:
    asked = cost_pb2.QuoteCase()
    asked.CopyFrom(child)
    asked.year_group, asked.age_years = year_group, age
    return asked


def _request(
    first_day: date, cases: Sequence[cost_pb2.QuoteCase], pools: Sequence[cost_pb2.QuotePool], include_lines: bool
) -> cost_pb2.QuoteOptionsRequest:
    return cost_pb2.QuoteOptionsRequest(
        first_day=days.to_wire(first_day),
        cases=cases,
        pools=pools,
        case_index=np.repeat(np.arange(len(cases), dtype="<i4"), len(pools)).tobytes(),
        pool_index=np.tile(np.arange(len(pools), dtype="<i4"), len(cases)).tobytes(),
        include_lines=include_lines,
    )


def _quoted(known: _Priced, children: Sequence[cost_pb2.QuoteCase]) -> QuotedPrices:
    """By line, as a world is built from it."""
    kind_of = [known.alike.row_of[key] for key in _keys([*map(_alike, children)])]
    layers = known.alike.layers
    alike = layers[:, kind_of].reshape(STAGES, len(LABELS), len(children), layers.shape[2])
    lines = [
        {**dict(zip(LABELS, alike[stage], strict=True)), TRANSPORT: known.journeys.layers[stage]}
        for stage in range(STAGES)
    ]
    return QuotedPrices(lines, known.journeys.layers[STAGES])
