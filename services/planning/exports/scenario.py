"""A scenario's result as sheets: every figure, or the Department's forms; small counts left out in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from inborough.placement.v1 import scenarios_pb2
from services.placement.model.suppression import SUPPRESSED
from services.planning.exports.cells import LAYERS, Cell, is_count
from services.planning.exports.forms import CATEGORIES, DSG, NOT_OF_A_CATEGORY, PROVISION, SCAP, SECTOR_YEARS, SECTORS
from services.planning.exports.protected import QUANTILES, ProtectedYear, protected_years
from services.planning.exports.sheets import Cell as SheetCell
from services.planning.exports.sheets import Sheet

FORMS = ("figures", SCAP, DSG)
WORDS = ("need", "phase", "area", "kind", "pool_id")
OF_POOL = ("pool_setting", "pool_kind")
"""What a pool is, beside its id: facts that are published, and of nobody."""
LEFT_OUT = '"c" stands for a count of 1 to 4 children, or for one that would give such a count away. Zeros are shown.'
ROUNDED = "Counts are means over the replicates, rounded to whole children; sums can differ by rounding."
TRANSPORT = (
    "Spend by category is without home-to-school transport, which the grant does not pay; spend and deficit have it."
)
TO_COMPARE = "The columns and categories are from memory in part and unverified: compare them with the year's template."
Result = scenarios_pb2.GetScenarioResultResponse


def sheets_of(
    result: Result, form: str, kind_of_pool: Mapping[str, str], setting_of_pool: Mapping[str, str] | None = None
) -> list[Sheet]:
    """The sheets of one of FORMS; the last says what they are of.

    `kind_of_pool` as `protected_years` has it; `setting_of_pool` names the setting of each pool that is at one.
    """
    years, first = protected_years(result.figures, kind_of_pool), result.scenario.first_year
    if form == "figures":
        made = [_figures(years, kind_of_pool, setting_of_pool or {})]
    else:
        made = {SCAP: _scap, DSG: _dsg}[form](years, first)
    return [*made, _about(result.scenario, form)]


def _figures(years: Mapping[int, ProtectedYear], kinds: Mapping[str, str], settings: Mapping[str, str]) -> Sheet:
    stats = ("mean", *QUANTILES)
    heads = [f"{layer}_{stat}" for layer in LAYERS for stat in stats]
    rows = [
        (
            *(cell.measure, year, _unit(shown, cell), *(getattr(cell, word) for word in WORDS)),
            *(settings.get(cell.pool_id, ""), kinds.get(cell.pool_id, ""), cell.line),
            *_bands(shown, cell),
        )
        for year, shown in years.items()
        for cell in sorted(shown.figures)
    ]
    return Sheet("figures", ("measure", "academic_year", "unit", *WORDS, *OF_POOL, "line", *heads), rows)


def _unit(shown: ProtectedYear, cell: Cell) -> str:
    unit = shown.figures[cell].unit
    return "pounds" if unit == "pence" else unit


def _bands(shown: ProtectedYear, cell: Cell) -> Iterator[SheetCell]:
    money = shown.figures[cell].unit == "pence"
    for layer in LAYERS:
        for number in shown.band(cell, layer):
            if isinstance(number, str | None) or is_count(cell):
                yield number
            else:
                yield round(number / 100, 2) if money else round(number, 3)


def _scap(years: Mapping[int, ProtectedYear], first: int) -> list[Sheet]:
    rows = [
        (year, sector, provision, shown.mean(cell), shown.mean(cell, "baseline"))
        for sector in SECTORS
        for year, shown in years.items()
        if year < first + SECTOR_YEARS[sector]
        for provision in PROVISION
        if shown.mean(cell := Cell("children", phase=sector, kind=provision, form=SCAP)) is not None
    ]
    columns = ("academic_year", "sector", "provision", "pupils_with_plan", "pupils_with_plan_baseline")
    return [Sheet("special provision", columns, rows)]


def _dsg(years: Mapping[int, ProtectedYear], _first: int) -> list[Sheet]:
    children = [
        (category, year, shown.mean(cell), shown.mean(cell, "baseline"))
        for category in CATEGORIES
        for year, shown in years.items()
        if shown.mean(cell := Cell("children", kind=category, form=DSG)) is not None
    ]
    spend = [
        (category, year, *(_spent(shown, kinds, layer) for layer in ("value", "baseline")))
        for category, kinds in {**CATEGORIES, NOT_OF_A_CATEGORY: ("other",)}.items()
        for year, shown in years.items()
    ]
    return [
        Sheet("children by category", ("category", "academic_year", "children", "children_baseline"), children),
        Sheet("spend by category", ("category", "academic_year", "pounds", "pounds_baseline"), spend),
        Sheet(
            "money", ("item", "year", "pounds", "pounds_baseline"), [row for y in years for row in _money(y, years[y])]
        ),
    ]


def _spent(shown: ProtectedYear, kinds: Sequence[str], layer: str) -> SheetCell:
    """Mean spend on a category without transport; "c" where that on one of its kinds is left out."""
    parts = [cell for kind in kinds if (cell := Cell("spend_by_kind", kind=kind)) in shown.figures]
    means = [shown.band(cell, layer)[0] for cell in parts]
    if SUPPRESSED in means:
        return SUPPRESSED
    amounts = [float(mean) for mean in means if mean is not None]
    return round(sum(amounts) / 100, 2) if amounts or not parts else None


def _money(year: int, shown: ProtectedYear) -> Iterator[tuple[SheetCell, ...]]:
    """Spend by line, then income and deficit."""
    for cell in sorted(shown.figures):
        if cell.measure in ("spend", "income", "deficit"):
            item = f"{cell.measure}: {cell.line}" if cell.line else cell.measure
            yield (item, year, *(_pounds(shown.band(cell, layer)[0]) for layer in ("value", "baseline")))


def _pounds(pence: int | float | str | None) -> SheetCell:
    return pence if isinstance(pence, str | None) else round(pence / 100, 2)


def _about(scenario: scenarios_pb2.Scenario, form: str) -> Sheet:
    facts: list[tuple[SheetCell, ...]] = [
        ("scenario_id", scenario.scenario_id),
        ("name", scenario.name),
        ("version", scenario.version),
        ("first_year", scenario.first_year),
        ("years", scenario.years),
        ("replicates", scenario.replicates),
        ("seed", scenario.seed),
        ("policy", scenario.policy),
        ("facts_hash", scenario.facts_hash),
        ("small counts", LEFT_OUT),
        ("rounding", ROUNDED),
    ]
    if form != "figures":
        facts.append(("form", TO_COMPARE))
    if form == DSG:
        facts.append(("transport", TRANSPORT))
    return Sheet("about", ("what", "value"), facts)
