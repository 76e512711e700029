"""A scenario's figures as cells that can be left out: what each is of, and which of them add up to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.suppression import Sum

INMSS_KINDS = ("independent_special", "non_maintained_special")
MONEY = ("spend", "spend_marginal", "spend_by_kind", "income", "deficit")
PRICES = ("price_of_one_more_place", "value_of_places")
"""What a place would save, though in children, counts nobody."""
USED, EMPTY, OVER_HELD = "places_used", "places_empty", "places_over_held"
"""Empty places are no children, but go where the children in the pool do. Every other measure counts children."""
PART_OF = {
    "placed_unsettled": "decisions_due",
    "not_placed_by_reason": "decisions_due_by_reason",
    "requests_given": "requests_live",
    "opportunities_taken": "opportunities_open",
    "out_of_borough": "children",
}
"""Measures of some of the children whom another counts; the others of them can be had by subtraction."""
BY_REASON = {"decisions_due_by_reason": "decisions_due"}
REST = "the rest"
"""The `form` of those others: never shown."""
MOST_WORDS = 2
"""Children counted by more things at once than this are few in each cell, so such cells never leave the planners."""
LAYERS = ("value", "baseline", "difference")


@dataclass(frozen=True, order=True)
class Cell:
    """What a figure is of, within one academic year; "" for all. `form` is "" or the return that a sum is made for."""

    measure: str
    need: str = ""
    phase: str = ""
    area: str = ""
    kind: str = ""
    pool_id: str = ""
    line: str = ""
    form: str = ""

    @property
    def words(self) -> frozenset[str]:
        """By what it is broken down."""
        return frozenset(name for name in ("need", "phase", "area", "kind") if getattr(self, name))


@dataclass(frozen=True)
class Key:
    """A cell in one layer: the scenario's value, the baseline's, or the difference between them."""

    cell: Cell
    layer: str


def cell_of(figure: scenarios_pb2.ScenarioFigure) -> Cell:
    """What a figure is of."""
    return Cell(figure.measure, figure.need, figure.phase, figure.area, figure.kind, figure.pool_id, figure.line)


def leaves_planners(cell: Cell) -> bool:
    """Whether cells of this fineness are ever exported."""
    return len(cell.words) <= MOST_WORDS or not is_count(cell)


def is_count(cell: Cell) -> bool:
    """Whether it counts children: whatever is not known to be something else, so that a new measure is safe."""
    return cell.measure not in (*MONEY, *PRICES, EMPTY)


def sums_of(cells: Sequence[Cell], kind_of_pool: Mapping[str, str]) -> Iterator[Sum[Cell]]:
    """All that adds up among these cells of one year, of any measure."""
    by_measure: dict[str, list[Cell]] = {}
    for cell in cells:
        if not (cell.pool_id or cell.line or cell.form):
            by_measure.setdefault(cell.measure, []).append(cell)
    for found in by_measure.values():
        yield from _breakdowns(found)
    for by_reason, measure in BY_REASON.items():
        if parts := tuple(cell for cell in cells if cell.measure == by_reason):
            yield from (Sum(cell, parts) for cell in cells if cell == Cell(measure))
    yield from rests_of(cells)
    yield from _same_children(cells)
    yield from _pools(cells, kind_of_pool)


def rests_of(cells: Sequence[Cell]) -> Iterator[Sum[Cell]]:
    """For measures of some of the children whom another counts: those children are the some and the rest."""
    there = set(cells)
    for cell in cells:
        whole = replace(cell, measure=PART_OF.get(cell.measure, ""))
        if whole in there and not cell.form:
            yield Sum(whole, (cell, replace(cell, form=REST)))


def _breakdowns(cells: Sequence[Cell]) -> Iterator[Sum[Cell]]:
    """Each cell is the sum of the cells that say the same and more, by any finer breakdown."""
    by_words: dict[frozenset[str], list[Cell]] = {}
    for cell in cells:
        by_words.setdefault(cell.words, []).append(cell)
    for one, other in combinations(sorted(by_words, key=lambda words: (len(words), sorted(words))), 2):
        if one < other:
            parts: dict[Cell, list[Cell]] = {cell: [] for cell in by_words[one]}
            for cell in by_words[other]:
                whole = replace(cell, **dict.fromkeys(other - one, ""))
                if whole in parts:
                    parts[whole].append(cell)
            yield from (Sum(whole, tuple(found)) for whole, found in parts.items() if found)


def _same_children(cells: Sequence[Cell]) -> Iterator[Sum[Cell]]:
    """Children without a place and in INMSS are counted by kind too."""
    there = set(cells)
    for cell in cells:
        kinds = {"unmet": ("unmet",), "inmss": INMSS_KINDS}.get(cell.measure, ())
        parts = tuple(replace(cell, measure="children", kind=kind) for kind in kinds)
        if parts and there.issuperset(parts):
            yield Sum(cell, parts)


def _pools(cells: Sequence[Cell], kind_of_pool: Mapping[str, str]) -> Iterator[Sum[Cell]]:
    """Children in the pools of a kind are the children in that kind; a unit's occupancy is the places used in it."""
    there = set(cells)
    of_kind: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.measure == USED:
            of_kind.setdefault(kind_of_pool.get(cell.pool_id, ""), []).append(cell)
        elif cell.measure == "hn_unit_occupancy":
            yield Sum(cell, (Cell(USED, pool_id=cell.pool_id),))
    for kind, pools in of_kind.items():
        if (total := Cell("children", kind=kind)) in there and kind:
            yield Sum(total, tuple(pools))
