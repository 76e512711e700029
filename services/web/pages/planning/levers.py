"""The scenario builder's fields. Percentages on the form are shares in the definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.web.forms import Answers

Reader = Callable[[Answers, str], Any]
MOST_ROWS = 20


def text(form: Answers, name: str) -> Any:
    """What was written."""
    return form.text(name)


def whole(form: Answers, name: str) -> Any:
    """A whole number; None, said on the form, when it is none."""
    said = form.text(name).replace(",", "")
    if re.fullmatch(r"-?[0-9]{1,12}", said, re.ASCII):
        return int(said)
    form.wrong(name, f"Enter a whole number, not {said[:40]!r}")
    return None


def number(form: Answers, name: str) -> Any:
    """A number; None, said on the form, when it is none."""
    said = form.text(name).removesuffix("%").strip()
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", said, re.ASCII):
        return float(said)
    form.wrong(name, f"Enter a number, not {said[:40]!r}")
    return None


def percent(form: Answers, name: str) -> Any:
    """A share, from a number of per cent."""
    found = number(form, name)
    return None if found is None else round(found / 100, 8)


def pounds(form: Answers, name: str) -> Any:
    """Pence, from pounds."""
    said = form.text(name).removeprefix("£").replace(",", "")
    if re.fullmatch(r"-?[0-9]{1,11}(\.[0-9]{1,2})?", said, re.ASCII):
        return round(float(said) * 100)
    form.wrong(name, f"Enter pounds, such as 2,900,000, not {said[:40]!r}")
    return None


@dataclass(frozen=True)
class Field:
    """One field: its name in the definition, its label, how it is read, and a hint. `choices`: what is offered."""

    key: str
    label: str
    read: Reader = text
    hint: str = ""
    choices: str = ""


@dataclass(frozen=True)
class Lever:
    """A sort of lever of which there may be several: its key under "levers", what one is called, and its fields.

    `needed` are the keys of which one is filled in where there is a lever at all.
    """

    key: str
    one: str
    fields: tuple[Field, ...]
    needed: tuple[str, ...]


PLACES = Field("places", "Places", whole)
WHY = Field("why", "Why, and who says so", hint="Shown with the definition; optional")
POOL = Field("pool", "Place pool", choices="pools")
OPEN = Lever(
    "open",
    "pool that opens",
    (
        Field("name", "Name", hint="For example, Runcorn SEMH"),
        Field("kind", "Kind of place", choices="kinds"),
        Field("needs", "Needs", hint="SEN2 codes with a space between them, such as SEMH ASD. Empty: any"),
        Field("years", "First and last year group", hint="For example, 7 to 11. Reception is 0"),
        PLACES,
        Field("opens", "Opens on"),
        Field("urn", "At which setting", whole, "It must have a place pool already", "settings"),
        Field("area", "Or in which area", hint="By the names of areas below, or a 5 km square such as 350,385"),
        Field("like", "Priced like", choices="pools_to_copy"),
        Field("chance", "Chance that it opens, per cent", percent, "Empty: 100"),
        WHY,
    ),
    ("name", "places", "urn", "area"),
)
EXTEND = Lever(
    "extend",
    "pool that grows",
    (
        POOL,
        PLACES,
        Field("opens", "From"),
        Field("chance", "Chance that it happens, per cent", percent, "Empty: 100"),
        WHY,
    ),
    ("pool", "places"),
)
DELAY = Lever(
    "delay",
    "pool that comes late",
    (
        Field("pool", "Place pool, on file or opening above", choices="pools_and_opening"),
        Field("months", "Months late", whole),
        WHY,
    ),
    ("pool", "months"),
)
CLOSE = Lever("close", "pool that closes", (POOL, Field("closes", "Closes on"), WHY), ("pool",))
DEMAND = Lever(
    "demand",
    "change of demand",
    (
        Field("need", "Need", choices="needs"),
        Field("phase", "Phase", choices="phases"),
        Field("factor", "New plans multiplied by", number, "For example, 1.2 for a fifth more"),
        Field("from_year", "From academic year", whole, "By its start, such as 2025 for 2025/26", "years"),
        WHY,
    ),
    ("factor",),
)
TRANSPORT_PRICES = Lever(
    "transport_prices",
    "change of what transport costs",
    (
        Field("from_year", "From academic year", whole, "By its start, such as 2025 for 2025/26", "years"),
        Field("fuel", "Rise of fuel a year, per cent", percent, "Empty: as transport rises otherwise"),
        Field(
            "contract",
            "Rise of contracts a year (driver, vehicle, assistant), per cent",
            percent,
            "Empty: as transport rises otherwise",
        ),
        Field("fuel_share", "Share of the price that is fuel, per cent", percent, "Empty: 15, which is illustrative"),
        WHY,
    ),
    ("fuel", "contract", "fuel_share"),
)
OF_PLACES_AND_DEMAND = (OPEN, EXTEND, DELAY, CLOSE, DEMAND)
LEVERS = (*OF_PLACES_AND_DEMAND, TRANSPORT_PRICES)
BASICS = (
    Field("name", "Name of the scenario", hint="For example, Astmoor opens late"),
    Field("years", "Academic years to simulate", whole, "1 to 15"),
    Field("replicates", "Runs", whole, "200 is usual; more of them, narrower bands"),
    Field("seed", "Seed", whole, "The same facts, definition and seed give the same result to the byte"),
)
INFLATION = (
    Field("inmss_fee", "INMSS fees", percent),
    Field("transport", "Transport", percent),
    Field("top_up", "Top-up", percent),
)
HN_UNITS = (
    Field("take_up", "Places of a High Needs unit that are taken, per cent", percent, "Empty: 100"),
    Field("first_year_share", "Part of the first year that a child is there, per cent", percent, "Empty: 100"),
)
OPPORTUNITIES = (
    Field("no_plan_needed", "No plan is needed", percent),
    Field("mainstream_rather_than_mss", "Mainstream rather than maintained special", percent),
    Field("base_rather_than_mss", "Resource base or unit rather than maintained special", percent),
    Field("mainstream_rather_than_inmss", "Mainstream rather than INMSS", percent),
    Field("base_rather_than_inmss", "Resource base or unit rather than INMSS", percent),
    Field("mss_rather_than_inmss", "Maintained special rather than INMSS", percent),
)
RISKS = (
    Field("late_chance", "A pool opens 6 or 12 months late", percent),
    Field("low_take_up_chance", "Only half of its places are offered", percent),
    Field("not_secured_chance", "It does not open, as its grant is not secured", percent),
)
MONEY = (
    Field("opening_deficit_pence", "Deficit at the start, pounds", pounds),
    Field("income_growth", "Growth of the grant a year, per cent", percent, "Empty: 3"),
)
GROUPS: Mapping[str, tuple[Field, ...]] = {
    "inflation": INFLATION,
    "hn_units": HN_UNITS,
    "opportunities": OPPORTUNITIES,
    "risks": RISKS,
}


def rows_of(form: Answers, lever: Lever) -> int:
    """How many rows of a lever the form has."""
    pattern = re.compile(rf"{lever.key}-(\d{{1,2}})-")
    found = [int(match[1]) for name in form.given if (match := pattern.match(name))]
    return min(MOST_ROWS, max(found, default=0) + 1)


def name_of(lever: Lever, row: int, key: str) -> str:
    """A field of a row, by name and id."""
    return f"{lever.key}-{row}-{key}"
