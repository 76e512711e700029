"""The six opportunities: children placed otherwise than today, the cost before and after, and what that saves."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

SEED = Path(__file__).parent / "tables" / "opportunities.toml"
"""Published unit costs where there are any; the rest, and every share, illustrative and labelled so."""
BASES = ("published", "authority", "estimate", "illustrative")
COST_KEYS = {"name", "place", "transport", "basis", "source"}
OPPORTUNITY_KEYS = {"name", "from", "to", "cohort", "children", "share_percent"}


@dataclass(frozen=True)
class UnitCost:
    """What a child placed so costs, place and transport, pence a year, and where that is from."""

    name: str
    place_pence: int
    transport_pence: int
    basis: str
    source: str

    @property
    def pence(self) -> int:
        """Place and transport."""
        return self.place_pence + self.transport_pence


@dataclass(frozen=True)
class Opportunity:
    """A substitution: `share` (0 to 1) of a cohort of `cohort_children` placed at `after` rather than `before`."""

    name: str
    before: UnitCost
    after: UnitCost
    cohort: str
    cohort_children: int
    share: Fraction

    @property
    def children(self) -> Fraction:
        """Expected; seldom a whole number."""
        return self.cohort_children * self.share

    @property
    def saving_a_child_pence(self) -> int:
        """A full year; below 0 the substitution costs more."""
        return self.before.pence - self.after.pence

    @property
    def saving_a_year_pence(self) -> int:
        """Of all its children, rounded to whole pence (halves to even)."""
        return round(self.children * self.saving_a_child_pence)


@dataclass(frozen=True)
class OpportunityTable:
    """The opportunities, in order, and what they save together.

    Children of one cohort are counted in one opportunity alone: the shares of a cohort sum to 1 at most.
    """

    title: str
    source: str
    opportunities: tuple[Opportunity, ...]

    def __post_init__(self) -> None:
        taken: dict[str, Fraction] = {}
        for one in self.opportunities:
            taken[one.cohort] = taken.get(one.cohort, Fraction(0)) + one.share
        if over := [cohort for cohort, share in taken.items() if share > 1]:
            raise ValueError(f"share_percent: the shares of {over[0]!r} sum to more than 100.")

    @property
    def saving_a_year_pence(self) -> int:
        """The sum of its lines."""
        return sum(one.saving_a_year_pence for one in self.opportunities)


def read_opportunities(path: Path = SEED) -> OpportunityTable:
    """The table in a TOML file. Raises ValueError that names the place in the file and the rule."""
    return parse_opportunities(path.read_bytes())


def parse_opportunities(text: bytes) -> OpportunityTable:
    """The table that the bytes of a TOML file hold. Raises ValueError as `read_opportunities` does."""
    try:
        content = tomllib.loads(text.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not TOML: {error}") from None
    if unknown := sorted(set(content) - {"title", "source", "unit_costs", "opportunities"}):
        _refuse(unknown[0], "is not known; the keys are title, source, unit_costs, opportunities")
    given, listed = content.get("unit_costs"), content.get("opportunities")
    if not isinstance(given, dict) or not given:
        _refuse("unit_costs", "must be tables, one for each kind of placement")
    if not isinstance(listed, list) or not listed:
        _refuse("opportunities", "must be tables, one for each substitution")
    costs = {code: _unit_cost(cost, f"unit_costs.{code}") for code, cost in given.items()}
    opportunities = tuple(_opportunity(one, f"opportunities[{at}]", costs) for at, one in enumerate(listed))
    return OpportunityTable(str(content.get("title", "")), str(content.get("source", "")), opportunities)


def _unit_cost(cost: Any, place: str) -> UnitCost:
    _check_keys(cost, place, COST_KEYS)
    if cost["basis"] not in BASES:
        _refuse(f"{place}.basis", f"{cost['basis']!r} is not one of {', '.join(BASES)}")
    pence = {key: round(_number(cost[key], f"{place}.{key}", 10**7) * 100) for key in ("place", "transport")}
    return UnitCost(str(cost["name"]), pence["place"], pence["transport"], cost["basis"], str(cost["source"]))


def _opportunity(one: Any, place: str, costs: Mapping[str, UnitCost]) -> Opportunity:
    _check_keys(one, place, OPPORTUNITY_KEYS)
    for key in ("from", "to"):
        if one[key] not in costs:
            _refuse(f"{place}.{key}", f"{one[key]!r} is not one of unit_costs: {', '.join(costs)}")
    children = one["children"]
    if type(children) is not int or not 0 <= children <= 10**6:
        _refuse(f"{place}.children", f"{children!r} is not a whole number from 0 to 1,000,000")
    share = Fraction(_number(one["share_percent"], f"{place}.share_percent", 100)) / 100
    return Opportunity(str(one["name"]), costs[one["from"]], costs[one["to"]], str(one["cohort"]), children, share)


def _number(value: Any, place: str, most: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= most:
        _refuse(place, f"{value!r} is not a number from 0 to {most:,}")
    return Decimal(value)


def _check_keys(table: Any, place: str, keys: set[str]) -> None:
    if not isinstance(table, dict) or set(table) != keys:
        _refuse(place, f"needs {', '.join(sorted(keys))}, and nothing else")


def _refuse(place: str, rule: str) -> NoReturn:
    raise ValueError(f"{place}: {rule}.")
