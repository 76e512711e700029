"""A scenario as data: its horizon, levers, money and probes, read from a table such as a TOML file's.

`read_definition` says which field breaks which rule. What only the facts can tell (whether a pool exists, where a new
one would stand) is checked against a world by `prepare.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import PHASES, PLACE_KINDS
from services.placement.forecast.simulation.opening import ClosePool, DelayPool, ExtendPool, OpenPool, Risks
from services.placement.forecast.simulation.reading import (
    RATE,
    SHARE,
    list_of,
    number,
    one_of,
    read,
    ruled,
    table_of,
    text,
    whole,
)
from services.placement.forecast.simulation.transport_prices import TransportPrices
from services.placement.model.policy import find_policy, list_policies

MOST = 100
"""Levers of one sort in a definition."""
PENCE = whole(-(10**13), 10**13)
FACTOR = number(0, 10)


def policy_name(value: object) -> str:
    """The name of a shipped policy; "" is the default one."""
    found = find_policy(text(100)(value))
    if found is None:
        names = ", ".join(policy.name for policy in list_policies())
        raise ValueError(f"{value!r} is no policy; there are {names}.")
    return found.label


@dataclass(frozen=True)
class DemandChange:
    """New plans of a need and phase ("" for any) multiplied by a factor from a year on."""

    factor: float = ruled(FACTOR)
    need: str = ruled(one_of(("", *NEEDS)), "")
    phase: str = ruled(one_of(("", *PHASES)), "")
    from_year: int = ruled(whole(2000, 2100), 2000)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class CeaseChange:
    """The chance that a plan ceases, multiplied by a factor, in a phase ("" for any)."""

    factor: float = ruled(FACTOR)
    phase: str = ruled(one_of(("", *PHASES)), "")
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class Breakdowns:
    """Chance a year that a placement breaks down, by kind; illustrative defaults. `factor` multiplies them all."""

    factor: float = ruled(FACTOR, 1.0)
    mainstream: float = ruled(SHARE, 0.015)
    base_or_unit: float = ruled(SHARE, 0.01)
    special: float = ruled(SHARE, 0.01)
    inmss: float = ruled(SHARE, 0.02)
    alternative_provision: float = ruled(SHARE, 0.03)
    further_education: float = ruled(SHARE, 0.01)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class Inflation:
    """Rise of each price a year, compound from the second year on; illustrative defaults of 3 %."""

    inmss_fee: float = ruled(RATE, 0.03)
    top_up: float = ruled(RATE, 0.03)
    place_funding: float = ruled(RATE, 0.03)
    transport: float = ruled(RATE, 0.03)
    hn_unit_block: float = ruled(RATE, 0.03)
    other: float = ruled(RATE, 0.03)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class Opportunities:
    """Shares of the children of whom each of the seed's six substitutions is true; 0 each by default.

    `no_plan_needed` is of new plans. The others are of the children with a decision due whose best settled kind of
    place is the second one named: so many may be judged suitable for the first. "base" is a resource base, SEN unit or
    High Needs unit; MSS is a maintained or academy special school.
    """

    no_plan_needed: float = ruled(SHARE, 0.0)
    mainstream_rather_than_mss: float = ruled(SHARE, 0.0)
    base_rather_than_mss: float = ruled(SHARE, 0.0)
    mainstream_rather_than_inmss: float = ruled(SHARE, 0.0)
    base_rather_than_inmss: float = ruled(SHARE, 0.0)
    mss_rather_than_inmss: float = ruled(SHARE, 0.0)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")

    def __post_init__(self) -> None:
        if self.mainstream_rather_than_mss + self.base_rather_than_mss > 1:
            raise ValueError("the shares of children rather than MSS come to more than 1.")
        if self.mainstream_rather_than_inmss + self.base_rather_than_inmss + self.mss_rather_than_inmss > 1:
            raise ValueError("the shares of children rather than INMSS come to more than 1.")


@dataclass(frozen=True)
class HnUnits:
    """How High Needs units fill.

    `take_up`: share of a unit's places that can be taken, rounded to whole places and never below the least number of
    pupils. `first_year_share`: part of its pupils' first year in the unit. It does not open below `min_pupils`.
    """

    take_up: float = ruled(SHARE, 1.0)
    first_year_share: float = ruled(SHARE, 1.0)
    min_pupils: int = ruled(whole(1, 6), 4)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class Preferences:
    """Shares of families with a decision due and no request on file who ask for the nearest open setting of a kind."""

    mainstream: float = ruled(SHARE, 0.0)
    resource_base: float = ruled(SHARE, 0.0)
    sen_unit: float = ruled(SHARE, 0.0)
    hn_unit: float = ruled(SHARE, 0.0)
    state_special: float = ruled(SHARE, 0.0)
    non_maintained_special: float = ruled(SHARE, 0.0)
    independent_special: float = ruled(SHARE, 0.0)
    alternative_provision: float = ruled(SHARE, 0.0)
    further_education: float = ruled(SHARE, 0.0)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")

    def __post_init__(self) -> None:
        if sum(self.shares) > 1 + 1e-9:
            raise ValueError(f"the shares come to {sum(self.shares):g}, more than 1.")

    @property
    def shares(self) -> tuple[float, ...]:
        """By kind, in the order of PLACE_KINDS."""
        return tuple(getattr(self, kind) for kind in PLACE_KINDS)


@dataclass(frozen=True)
class Levers:
    """Everything in which a scenario differs from its baseline. `growth` is added to the yearly growth of new plans.

    `preferences` None: no family asks for more than is on file. `policy` "": the definition's own.
    """

    open: tuple[OpenPool, ...] = ruled(list_of(table_of(OpenPool), MOST), ())
    extend: tuple[ExtendPool, ...] = ruled(list_of(table_of(ExtendPool), MOST), ())
    delay: tuple[DelayPool, ...] = ruled(list_of(table_of(DelayPool), MOST), ())
    close: tuple[ClosePool, ...] = ruled(list_of(table_of(ClosePool), MOST), ())
    risks: Risks = ruled(table_of(Risks), Risks())
    growth: float = ruled(RATE, 0.0)
    demand: tuple[DemandChange, ...] = ruled(list_of(table_of(DemandChange), MOST), ())
    cease: tuple[CeaseChange, ...] = ruled(list_of(table_of(CeaseChange), MOST), ())
    breakdowns: Breakdowns = ruled(table_of(Breakdowns), Breakdowns())
    inflation: Inflation = ruled(table_of(Inflation), Inflation())
    transport_prices: tuple[TransportPrices, ...] = ruled(list_of(table_of(TransportPrices), MOST), ())
    opportunities: Opportunities = ruled(table_of(Opportunities), Opportunities())
    hn_units: HnUnits = ruled(table_of(HnUnits), HnUnits())
    preferences: Preferences | None = ruled(table_of(Preferences), None)
    policy: str = ruled(policy_name, "")


@dataclass(frozen=True)
class Money:
    """The grant. Pence; what is left out is derived from the facts and said to be.

    `opening_deficit_pence` stands at the end of the year before the first. `income_pence` is the first year's; left
    out, it is what the children on file cost in full at the first year's prices with the other spend, so that the first
    year starts in balance. `other_spend_pence` is high-needs spend that is nobody's place: support, equipment,
    children educated elsewhere. `new_plan_share`: part of a new plan's first year that is paid for, as plans start all
    through it. `empty_place_pence`: what a commissioned place of the authority's own costs while it is empty, by kind
    (illustrative: the places are funded whether filled or not).
    """

    opening_deficit_pence: int = ruled(PENCE, 0)
    income_pence: int | None = ruled(PENCE, None)
    income_growth: float = ruled(RATE, 0.03)
    other_spend_pence: int = ruled(whole(0, 10**13), 0)
    new_plan_share: float = ruled(SHARE, 0.5)
    empty_base_place_pence: int = ruled(whole(0, 10**8), 1_000_000)
    empty_special_place_pence: int = ruled(whole(0, 10**8), 1_000_000)


@dataclass(frozen=True)
class Probe:
    """Places that might be: what would one more, or all of them, save in each year's plan?

    The pool has no places in the plan that is made; its price is read from it, and `places` of them are tried in a
    plan of their own. `area` "": nowhere in particular; `suitable_share` as in `OpenPool`.
    """

    need: str = ruled(one_of(NEEDS[:-1]))
    phase: str = ruled(one_of(PHASES))
    kind: str = ruled(one_of(PLACE_KINDS), "state_special")
    area: str = ruled(text(60), "")
    from_year: int = ruled(whole(2000, 2100), 2000)
    places: int = ruled(whole(1, 200), 1)
    suitable_share: float = ruled(SHARE, 0.5)


@dataclass(frozen=True)
class Area:
    """A centre: a home or setting belongs to the nearest. Metres of the National Grid."""

    name: str = ruled(text(60))
    easting: int = ruled(whole(0, 700_000))
    northing: int = ruled(whole(0, 1_300_000))


@dataclass(frozen=True)
class Definition:
    """A scenario over a baseline: the same years, seed and money, without the levers.

    `first_year` is the academic year of the first decisions, and the world's. `replicates` are runs with demand,
    openings and breakdowns drawn anew; each is seeded by `seed` and its own number. `mainstream_growth`: a mainstream
    school's number on file is how many children with plans it takes today, not places that somebody builds, and full is
    no ground to refuse; so it grows by this much a year, by default about as fast as England's plans have.
    """

    name: str = ruled(text(100))
    first_year: int = ruled(whole(2000, 2100))
    years: int = ruled(whole(1, 15), 5)
    replicates: int = ruled(whole(1, 10_000), 200)
    seed: int = ruled(whole(0, 2**31 - 1), 1)
    policy: str = ruled(policy_name, "")
    mainstream_growth: float = ruled(RATE, 0.1)
    areas: tuple[Area, ...] = ruled(list_of(table_of(Area), 60), ())
    levers: Levers = ruled(table_of(Levers), Levers())
    money: Money = ruled(table_of(Money), Money())
    probes: tuple[Probe, ...] = ruled(list_of(table_of(Probe), 40), ())

    def __post_init__(self) -> None:
        names = [one.name for one in self.levers.open]
        if repeated := next((name for at, name in enumerate(names) if name in names[:at]), None):
            raise ValueError(f"levers.open: {repeated!r} is the name of two pools.")
        years = [one.from_year for one in self.levers.transport_prices]
        if twice := next((year for at, year in enumerate(years) if year in years[:at]), None):
            raise ValueError(f"levers.transport_prices: two of them begin in {twice}; say all of it in one.")
        if len({area.name for area in self.areas}) != len(self.areas):
            raise ValueError("areas: a name may appear only once.")

    @property
    def last_year(self) -> int:
        """The last academic year simulated."""
        return self.first_year + self.years - 1

    @property
    def policy_label(self) -> str:
        """The policy in force, "name/version"."""
        found = find_policy(self.levers.policy or self.policy)
        assert found is not None  # the reader checked it
        return found.label

    def baseline(self) -> Definition:
        """Return the definition without its levers."""
        return replace(self, name=f"Baseline of {self.name}"[:100], levers=Levers())


def read_definition(table: Mapping[str, object]) -> Definition:
    """Return the definition that a table says.

    Raises ValueError naming field, value and rule: "levers.open[2].places: 0 is not from 1 to 200."
    """
    return read(Definition, table)


def read_definition_file(content: str) -> Definition:
    """Return the definition of a TOML file's text. Raises ValueError naming the line or the field at fault."""
    try:
        return read_definition(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"This is no TOML file: {error}") from None
