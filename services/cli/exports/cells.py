"""A scenario's figures as cells that can be left out: what each is of, and which of them add up to which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.suppression import Sum

INMSS_KINDS = ("independent_special", "non_maintained_special")
COUNTED = ("children", "unmet", "inmss", "new_plans", "ceased", "decisions_due", "out_of_borough")
"""Measures that count children, broken down by need, phase, area and kind."""
POOLS = ("places_used", "hn_unit_occupancy")
"""Measures that count children by pool. Empty places are no children, but go where the children in the pool do."""
EMPTY = "places_empty"
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
    return len(cell.words) <= MOST_WORDS or cell.measure not in COUNTED


def is_count(cell: Cell) -> bool:
    """Whether it counts children; what a place would save, though in children, counts nobody."""
    return cell.measure in COUNTED or cell.measure in POOLS


def sums_of(cells: Sequence[Cell], kind_of_pool: Mapping[str, str]) -> Iterator[Sum[Cell]]:
    """All that adds up among these cells of one year, of any measure."""
    for measure in COUNTED:
        yield from _breakdowns([cell for cell in cells if cell.measure == measure and not cell.form])
    yield from _same_children(cells)
    yield from _pools(cells, kind_of_pool)


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
        if cell.measure == "places_used":
            of_kind.setdefault(kind_of_pool.get(cell.pool_id, ""), []).append(cell)
        elif cell.measure == "hn_unit_occupancy":
            yield Sum(cell, (Cell("places_used", pool_id=cell.pool_id),))
    for kind, pools in of_kind.items():
        if (total := Cell("children", kind=kind)) in there and kind:
            yield Sum(total, tuple(pools))
