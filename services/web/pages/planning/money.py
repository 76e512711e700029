"""The money tables: deficit trajectories, the business case of a High Needs unit, the six opportunities."""

from __future__ import annotations

import re
from decimal import Decimal

from starlette.responses import Response

from services.placement.forecast.money.hn_unit import DAYS_A_YEAR, PLACES, UnitCase, net_readings, occupancies
from services.placement.forecast.money.opportunities import SEED as OPPORTUNITIES
from services.placement.forecast.money.opportunities import OpportunityTable, parse_opportunities
from services.placement.forecast.money.trajectory import CheckedTable, check_table
from services.placement.forecast.money.trajectory_file import SEED as TRAJECTORY
from services.placement.forecast.money.trajectory_file import Stated, parse_table
from services.web.charts.bars import Bar, bar_chart
from services.web.charts.lines import Point, Series, line_chart
from services.web.forms import Answers
from services.web.pages.downloads import as_download
from services.web.visit import Visit
from shared.pence import parse_pounds, pounds

AMOUNTS = {
    "cost": ("120000", "Cost of the unit a year, pounds", "£120,000 to £160,000 in the application of December 2023"),
    "fee": ("63000", "INMSS fee avoided, pounds a child and year", "2023/24, parliamentary answers 50389 and 100030"),
    "transport": ("8116", "INMSS transport avoided, pounds a child and year", "2023/24, National Audit Office"),
    "remaining": ("0", "Transport that remains, pounds a child and year", ""),
    "claim": ("35000", "A saving for each child, to be read", "The application says approximately £35k per child"),
}
PLAIN = re.compile(r"-?\d{1,9}(\.\d{1,4})?", re.ASCII)


async def show(visit: Visit) -> Response:
    """What there is."""
    return await visit.show("planning/money.html")


async def show_unit(visit: Visit) -> Response:
    """The business case; the form is part of the address, so that it can be kept and sent on."""
    asked = {name: visit.request.query_params.getlist(name) for name in (*AMOUNTS, "places", "days")}
    usual = {**{name: [value] for name, (value, _, _) in AMOUNTS.items()}, "places": ["6"], "days": [str(DAYS_A_YEAR)]}
    form = Answers({**usual, **{name: given for name, given in asked.items() if given}})
    pence = {name: _pence(form, name) for name in AMOUNTS}
    places, days = form.number("places"), form.number("days")
    if not PLACES[0] <= places <= PLACES[1]:
        form.wrong("places", f"Choose {PLACES[0]} to {PLACES[1]} places: a unit is small")
    if not 1 <= days <= DAYS_A_YEAR:
        form.wrong("days", f"Enter 1 to {DAYS_A_YEAR} days")
    facts = {} if form.errors else _unit_facts(pence, places, days)
    status = 422 if form.errors else 200
    return await visit.show(
        "planning/hn_unit.html",
        status,
        form=form,
        amounts=AMOUNTS,
        places=range(PLACES[0], PLACES[1] + 1),
        back=visit.url("money"),
        back_text="Money",
        **facts,
    )


def _pence(form: Answers, name: str) -> int:
    try:
        found = parse_pounds(form.text(name))
    except ValueError:
        found = -1
    if found < 0:
        form.wrong(name, f"Enter pounds, 0 or more, not {form.text(name)[:40]!r}")
    return found


def _unit_facts(pence: dict[str, int], places: int, days: int) -> dict[str, object]:
    from services.planning.business import break_even_line

    case = UnitCase(pence["cost"], places, pence["fee"], pence["transport"], pence["remaining"], days)
    rows = occupancies(case)
    return {
        "case": case,
        "rows": [
            (
                str(row.children),
                pounds(row.gross_pence),
                pounds(row.unit_cost_pence),
                pounds(row.net_pence),
                "" if row.net_a_child_pence is None else pounds(row.net_a_child_pence),
            )
            for row in rows
        ],
        "chart": bar_chart(
            "Net saving by number of children",
            [Bar(f"{row.children} {'child' if row.children == 1 else 'children'}", row.net_pence) for row in rows],
            lambda value: pounds(round(value)),
        ),
        "break_even": break_even_line(case),
        "claimed": pence["claim"],
        "readings": net_readings(case, pence["claim"]),
        "part_year": case.days_open < DAYS_A_YEAR,
        "days_a_year": DAYS_A_YEAR,
    }


async def show_trajectories(visit: Visit) -> Response:
    """The table of the application that this project comes from."""
    checked = check_table(parse_table(TRAJECTORY.name, TRAJECTORY.read_bytes()))
    return await _trajectories(visit, Answers(), checked)


async def act_trajectories(visit: Visit) -> Response:
    """The council's own table, checked; nothing of it is kept."""
    form = Answers(visit.sent)
    files = visit.files.get("table", [])
    if not files:
        form.wrong("table", "Choose the table")
    stated = Stated(_number(form, "income"), _number(form, "growth"), None, None)
    checked = None
    if not form.errors:
        try:
            checked = check_table(parse_table(files[0].name, files[0].content, stated))
        except ValueError as error:
            form.wrong("table", f"{files[0].name}: {error}")
    return await _trajectories(visit, form, checked)


def _number(form: Answers, name: str) -> Decimal | None:
    said = form.text(name)
    if not said:
        return None
    if not PLAIN.fullmatch(said):
        form.wrong(name, f"Enter a number, not {said[:40]!r}")
        return None
    return Decimal(said)


async def _trajectories(visit: Visit, form: Answers, checked: CheckedTable | None) -> Response:
    from services.planning import trajectory

    charts = [] if checked is None else [_chart(checked, at) for at in range(len(checked.rows))]
    return await visit.show(
        "planning/trajectories.html",
        422 if form.errors else 200,
        form=form,
        checked=checked,
        said=trajectory,
        charts=charts,
        back=visit.url("money"),
        back_text="Money",
    )


def _chart(checked: CheckedTable, at: int) -> object:
    row, years = checked.rows[at], checked.table.years
    printed, made = row.row.deficit_pence, row.deficit_pence
    return line_chart(
        f"Cumulative deficit: {row.row.name}",
        [
            Series("As printed", [Point(str(year), pence) for year, pence in zip(years, printed, strict=True)]),
            Series("By the rule", [Point(str(year), pence) for year, pence in zip(years, made, strict=True)]),
        ],
        lambda value: f"£{value / 10**8:,.0f}m",
    )


async def show_opportunities(visit: Visit) -> Response:
    """Published unit costs where there are any; the rest, and every share, illustrative."""
    if visit.asked("get") == "template":
        return as_download(OPPORTUNITIES.read_bytes(), "opportunities", "toml")
    return await _opportunities(visit, Answers(), parse_opportunities(OPPORTUNITIES.read_bytes()))


async def act_opportunities(visit: Visit) -> Response:
    """The council's own costs and shares; nothing of them is kept."""
    form, table = Answers(visit.sent), None
    files = visit.files.get("table", [])
    if not files:
        form.wrong("table", "Choose the table")
    else:
        try:
            table = parse_opportunities(files[0].content)
        except ValueError as error:
            form.wrong("table", f"{files[0].name}: {error}")
    return await _opportunities(visit, form, table)


async def _opportunities(visit: Visit, form: Answers, table: OpportunityTable | None) -> Response:
    from services.planning.business import ILLUSTRATIVE

    found = table.opportunities if table else ()
    costs = {cost.name: cost for one in found for cost in (one.before, one.after)}
    return await visit.show(
        "planning/opportunities.html",
        422 if form.errors else 200,
        form=form,
        table=table,
        rows=[
            (
                one.name,
                f"{float(one.children):,.1f}",
                f"{float(one.share * 100):g} %",
                pounds(one.before.pence),
                pounds(one.after.pence),
                pounds(one.saving_a_child_pence),
                pounds(one.saving_a_year_pence),
            )
            for one in found
        ],
        costs=[(cost.name, pounds(cost.pence), cost.basis, cost.source) for cost in costs.values()],
        chart=bar_chart(
            "What each opportunity would save a year",
            [Bar(one.name, one.saving_a_year_pence) for one in found],
            lambda value: pounds(round(value)),
        )
        if found
        else None,
        illustrative=ILLUSTRATIVE if any(cost.basis == "illustrative" for cost in costs.values()) else "",
        back=visit.url("money"),
        back_text="Money",
    )
