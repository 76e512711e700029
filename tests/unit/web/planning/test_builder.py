"""The scenario builder's form says a definition, and a definition fills the form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.placement.forecast.simulation.levers import read_definition
from services.web.forms import Answers
from services.web.pages.planning.definition import build
from services.web.pages.planning.filling import fill

YEAR = 2024
OPENS = {
    "open-0-name": "Runcorn SEMH",
    "open-0-kind": "resource_base",
    "open-0-needs": "semh, asd",
    "open-0-years": "7 to 11",
    "open-0-places": "16",
    "open-0-opens-day": "1",
    "open-0-opens-month": "9",
    "open-0-opens-year": "2025",
    "open-0-area": "Runcorn",
    "open-0-chance": "80",
}


def form(**fields: str) -> Answers:
    """A form with a name, and these fields ("__" stands for "-")."""
    told = {name.replace("__", "-"): [value] for name, value in fields.items()}
    return Answers({"name": ["Bases"], **told})


def filled(fields: dict[str, str]) -> Answers:
    return Answers({"name": ["Bases"], **{name: [value] for name, value in fields.items()}})


def test_fields_say_levers_with_percentages_as_shares_and_pounds_as_pence() -> None:
    given = filled({**OPENS, "inflation-inmss_fee": "8", "growth": "-1.5", "money-opening_deficit_pence": "£2,900,000"})
    built = build(given, YEAR)
    assert given.errors == {}
    assert built.definition["levers"]["open"] == [
        {
            "name": "Runcorn SEMH",
            "kind": "resource_base",
            "needs": ["SEMH", "ASD"],
            "years": [7, 11],
            "places": 16,
            "opens": date(2025, 9, 1),
            "area": "Runcorn",
            "chance": 0.8,
        }
    ]
    assert built.definition["levers"]["inflation"] == {"inmss_fee": 0.08}
    assert built.definition["levers"]["growth"] == -0.015
    assert built.definition["money"] == {"opening_deficit_pence": 290_000_000}


def test_fuel_and_contracts_rise_from_a_year_in_per_cent() -> None:
    said = {
        "transport_prices-0-contract": "10",
        "transport_prices-1-from_year": "2026",
        "transport_prices-1-fuel": "-5",
        "transport_prices-1-fuel_share": "20 %",
    }
    definition = build(filled(said), YEAR).definition
    rows = [{"contract": 0.1}, {"from_year": 2026, "fuel": -0.05, "fuel_share": 0.2}]
    assert definition["levers"] == {"transport_prices": rows}
    again = fill(definition)
    assert again is not None
    assert build(Answers(again.given), YEAR).definition == definition


def test_a_share_of_fuel_alone_is_told_to_say_what_rises() -> None:
    built = build(filled({"transport_prices-0-fuel_share": "20"}), YEAR)
    with pytest.raises(ValueError, match=r"levers\.transport_prices\[0\]: say how much fuel or contract rises"):
        read_definition(built.definition)


def test_an_empty_row_is_no_lever_and_kinds_and_days_alone_do_not_fill_one() -> None:
    assert "levers" not in build(form(open__0__kind="resource_base", extend__0__pool=""), YEAR).definition


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("open-0-places", "many", "Enter a whole number"),
        ("open-0-years", "seven", "Enter a first and a last year group"),
        ("open-0-opens-month", "13", "Enter a real date"),
        ("growth", "x", "Enter a number"),
        ("areas", "Runcorn", "Write a name, an easting and a northing"),
    ],
)
def test_what_a_field_cannot_hold_is_said_beside_it(field: str, value: str, said: str) -> None:
    given = filled({**OPENS, field: value})
    build(given, YEAR)
    (name,) = given.errors
    assert name == field.removesuffix("-month")
    assert said in given.errors[name]


def test_a_broken_rule_leads_to_the_row_of_the_form_not_of_the_definition() -> None:
    given = filled({**{name.replace("-0-", "-2-"): value for name, value in OPENS.items()}, "open-2-places": "0"})
    built = build(given, YEAR)
    with pytest.raises(ValueError, match=r"levers\.open\[0\]\.places: 0 is not from 1 to 200") as error:
        read_definition(built.definition)
    assert built.field_of(str(error.value).partition(":")[0]) == "open-2-places"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("levers.open[0]", "open-0-name"),
        ("levers.open[0].opens", "open-0-opens-day"),
        ("levers.open[0].needs[1]", "open-0-needs"),
        ("levers.inflation.transport", "inflation-transport"),
        ("levers.transport_prices[0].contract", "transport_prices-0-contract"),
        ("levers.transport_prices[0]", "transport_prices-0-from_year"),
        ("levers.opportunities", "opportunities-no_plan_needed"),
        ("money.income_growth", "money-income_growth"),
        ("replicates", "replicates"),
        ("levers.breakdowns.factor", ""),
        ("probes[0].need", ""),
    ],
)
def test_each_place_in_a_definition_leads_to_its_field_where_there_is_one(path: str, field: str) -> None:
    assert build(filled(OPENS), YEAR).field_of(path) == field


def test_a_definition_fills_the_form_that_says_it_again() -> None:
    definition = build(
        filled(
            {**OPENS, "delay-0-pool": "lever:Runcorn SEMH", "delay-0-months": "12", "areas": "Runcorn 352000 382000"}
        ),
        YEAR,
    ).definition
    found = fill(definition)
    assert found is not None
    assert build(Answers(found.given), YEAR).definition == definition


@pytest.mark.parametrize(
    "more",
    [
        {"probes": [{"need": "SEMH", "phase": "KS3"}]},
        {"levers": {"breakdowns": {"factor": 2.0}}},
        {"levers": {"open": [{"name": "A", "suitable_share": 0.3}]}},
    ],
)
def test_a_definition_that_says_more_than_the_form_does_not_fill_it(more: dict[str, Any]) -> None:
    assert fill({"name": "Bases", "first_year": YEAR, **more}) is None
