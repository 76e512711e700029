"""The figures of a national run as they may be shown: by authority, by region and together, small counts left out.

All three are protected as one table, because they add up (decision 29): what is "c" in one cannot be worked out from
another. People are invented; it is done as for real ones. Money and options go with the count of the decisions that
they are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.cli.nation.results import Done, Figures
from services.placement.model.suppression import SUPPRESSED, Sum, suppress

EVERYWHERE = "All"
DUE, IN, OUT, UNPLACED = "decisions_due", "in_borough", "out_of_borough", "unplaced"
AWAY, PRACTICE_AWAY, FEWER_AWAY = "inmss_or_unplaced", "practice_inmss_or_unplaced", "fewer_inmss_or_unplaced"
COUNTS = (DUE, IN, OUT, UNPLACED, AWAY, PRACTICE_AWAY, FEWER_AWAY)
"""Children. The last is a difference: today's practice as modelled less the plan, so more is better."""
OF_THOSE_DUE = (
    "options_judged",
    "options_open",
    "annual_cost_pence",
    "practice_annual_cost_pence",
    "annual_saving_pence",
)
SECONDS = ("invent_seconds", "start_seconds", "import_seconds", "plan_seconds", "solver_seconds")
PROCESSOR = ("import_processor_seconds", "plan_processor_seconds")
MEMORY, DATABASES = "peak_megabytes", "database_megabytes"

Value = int | float | str | None
Key = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One line: an authority, a region or all of them. A value is "c" where it is left out, None where not known.

    `code` and `plan_id` are "" for a region and for all.
    """

    code: str
    name: str
    region: str
    plans: int
    values: Mapping[str, Value]
    plan_id: str = ""


@dataclass(frozen=True)
class NationTable:
    """Rows by authority in the run's order, by region in order of name, and their sum."""

    authorities: Sequence[Row]
    regions: Sequence[Row]
    everywhere: Row


def protect(done: Sequence[Done]) -> NationTable:
    """The table of what is done, with what may not be shown left out."""
    by_region: dict[str, list[Done]] = {}
    for each in sorted(done, key=lambda each: each.task.region):
        by_region.setdefault(each.task.region, []).append(each)
    left_out = _left_out(done, by_region)
    return NationTable(
        authorities=[
            _row(f"at {d.task.code}", [d], left_out, d.task.code, d.task.name, d.task.region, d.figures.plan_id)
            for d in done
        ],
        regions=[_row(f"in {name}", those, left_out, "", name, name) for name, those in by_region.items()],
        everywhere=_row(EVERYWHERE, done, left_out, "", EVERYWHERE, ""),
    )


def _left_out(done: Sequence[Done], by_region: Mapping[str, Sequence[Done]]) -> frozenset[Key]:
    lines = {f"at {each.task.code}": [each] for each in done}
    lines |= {f"in {name}": list(those) for name, those in by_region.items()}
    lines[EVERYWHERE] = list(done)
    counts = {(line, column): count for line, those in lines.items() for column, count in _counts(those).items()}
    signed = {key for key in counts if key[1] == FEWER_AWAY}
    return suppress(counts, _sums(lines, by_region), signed)


def _sums(lines: Iterable[str], by_region: Mapping[str, Sequence[Done]]) -> Iterator[Sum[Key]]:
    """All that adds up: within each line, over a region's authorities, and over regions."""
    for line in lines:
        yield Sum((line, DUE), ((line, IN), (line, OUT), (line, UNPLACED)))
        yield Sum((line, PRACTICE_AWAY), ((line, AWAY), (line, FEWER_AWAY)))
    for column in COUNTS:
        for name, those in by_region.items():
            yield Sum((f"in {name}", column), tuple((f"at {each.task.code}", column) for each in those))
        yield Sum((EVERYWHERE, column), tuple((f"in {name}", column) for name in by_region))


def _counts(those: Iterable[Done]) -> dict[str, int]:
    rows = [_counts_of(each.figures) for each in those]
    return {column: sum(row[column] for row in rows) for column in COUNTS}


def _counts_of(figures: Figures) -> dict[str, int]:
    away = figures.inmss + figures.unplaced
    practice = figures.practice_inmss + figures.practice_unplaced
    placed = {IN: figures.in_borough, OUT: figures.out_of_borough, UNPLACED: figures.unplaced}
    return {DUE: figures.decisions_due, **placed, AWAY: away, PRACTICE_AWAY: practice, FEWER_AWAY: practice - away}


def _row(
    line: str, those: Sequence[Done], left_out: frozenset[Key], code: str, name: str, region: str, plan_id: str = ""
) -> Row:
    figures = [each.figures for each in those]
    values: dict[str, Value] = {
        column: SUPPRESSED if (line, column) in left_out else count for column, count in _counts(those).items()
    }
    for column in OF_THOSE_DUE:
        values[column] = SUPPRESSED if (line, DUE) in left_out else sum(_of_those_due(each, column) for each in figures)
    values |= {column: sum(getattr(each, column) for each in figures) for column in SECONDS}
    for column in PROCESSOR:
        known = [value for each in figures if (value := getattr(each, column)) is not None]
        values[column] = sum(known) if known else None
    values[DATABASES] = sum(each.database_megabytes for each in figures)
    values[MEMORY] = max((each.peak_megabytes for each in figures if each.peak_megabytes is not None), default=None)
    return Row(code, name, region, sum(each.plans for each in figures), values, plan_id)


def _of_those_due(figures: Figures, column: str) -> int:
    if column == "annual_saving_pence":
        return figures.practice_annual_cost_pence - figures.annual_cost_pence
    return int(getattr(figures, column))
