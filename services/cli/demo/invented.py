"""Settings for an authority whose real ones are not at hand: as many, and as large, as its
published caseload asks for, at real postcodes, with names that say they are invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from services.cli.demo.columns import BASE_SUFFIX, UNIT_SUFFIX
from services.cli.demo.days import FIRST_DAY
from services.cli.demo.homes import Home
from services.cli.demo.pools import PlacePool, PlacesFrom, numbered, own_pool
from services.cli.demo.published import PublishedCaseload
from services.cli.demo.settings import Setting

FIRST_URN = 900_001
SECONDARY_AGE = 11
CHILDREN_PER_BASE = 10
PUPILS_PER_PLAN = 40
UNIT_PLACES = {"primary": 5, "secondary": 6}
BASE_NEEDS = (("ASD",), ("SLCN", "MLD"), ("SEMH",), ("ASD", "SLCN"), ("HI", "VI", "PD"))
SPECIAL_NEEDS = (
    ("ASD", "SLCN", "MLD"),
    ("SLD", "PMLD", "PD", "VI", "MSI"),
    ("SEMH",),
    ("ASD", "SLD", "SLCN"),
)
INMSS_NEEDS = (("SEMH",), ("ASD", "SLCN"), ("SEMH", "ASD", "MLD"), ("SLD", "PMLD", "PD"))
ANY = ((),)


@dataclass(frozen=True, slots=True)
class Phase:
    """One sort of setting: which children it takes and how many with plans it usually has."""

    column: str
    label: str
    low_age: int
    high_age: int
    children_each: int
    needs: tuple[tuple[str, ...], ...] = ANY

    def counts(self, age: int) -> bool:
        """Whether children of this age (at 31 August) ask for settings of this sort."""
        if self.high_age <= SECONDARY_AGE:
            return age < SECONDARY_AGE
        return self.low_age < SECONDARY_AGE or age >= SECONDARY_AGE


def _school_phases() -> Iterator[Phase]:
    for sector in ("la_maintained", "academy", "free_school"):
        yield Phase(f"mainstream_{sector}", "Primary", 3, 11, 6)
        yield Phase(f"mainstream_{sector}", "Secondary", 11, 19, 25)
    for column in ("special_la_maintained", "special_academy_free"):
        yield Phase(column, "Special Primary", 2, 11, 60, SPECIAL_NEEDS)
        yield Phase(column, "Special Secondary", 11, 19, 80, SPECIAL_NEEDS)


PHASES = (
    *_school_phases(),
    Phase("mainstream_independent", "Independent School", 3, 19, 5),
    Phase("special_independent", "Independent Special", 5, 19, 9, INMSS_NEEDS),
    Phase("special_non_maintained", "Non-maintained Special", 5, 19, 12, INMSS_NEEDS),
    Phase("ap_pru_la_maintained", "Pupil Referral Unit", 5, 16, 30, (("SEMH",),)),
    Phase("ap_pru_academy", "Alternative Provision Academy", 5, 16, 30, (("SEMH",),)),
    Phase("ap_pru_free_school", "Alternative Provision Free School", 5, 16, 30, (("SEMH",),)),
    Phase("general_fe_tertiary_colleges", "College", 16, 25, 80),
    Phase("specialist_post_16_institutions", "Specialist College", 16, 25, 15),
)


def invent_settings(
    published: PublishedCaseload, homes: Sequence[Home], draw: Random
) -> tuple[list[Setting], list[PlacePool]]:
    """Settings and pools for every published placement column that has children."""
    settings: list[Setting] = []
    pools: list[PlacePool] = []
    for phase in PHASES:
        schools = [
            _invent(published, phase, number, len(settings) + number, draw.choice(homes))
            for number in range(_how_many(published, phase))
        ]
        settings += schools
        pools += map(own_pool, schools)
        pools += _bases(published, phase, schools)
    return settings, numbered([*pools, *_hn_units(settings)])


def _how_many(published: PublishedCaseload, phase: Phase) -> int:
    children = _children(published, phase.column, phase)
    hosted = sum(_bases_needed(published, phase, suffix) for suffix in (BASE_SUFFIX, UNIT_SUFFIX))
    return max(-(-children // phase.children_each), hosted)


def _children(published: PublishedCaseload, column: str, phase: Phase) -> int:
    ages = published.cells.get(column, {})
    return sum(count for age, count in ages.items() if phase.counts(age))


def _bases_needed(published: PublishedCaseload, phase: Phase, suffix: str) -> int:
    return -(-_children(published, phase.column + suffix, phase) // CHILDREN_PER_BASE)


def _invent(published: PublishedCaseload, phase: Phase, number: int, serial: int, home: Home) -> Setting:
    return Setting(
        urn=str(FIRST_URN + serial),
        name=f"Invented {phase.label} {number + 1} ({_sector(phase.column)})",
        column=phase.column,
        town=published.name,
        postcode=home.postcode,
        easting=home.easting,
        northing=home.northing,
        la_code=published.la_code,
        la_name=published.name,
        low_age=phase.low_age,
        high_age=phase.high_age,
        sex="mixed",
        needs=phase.needs[number % len(phase.needs)],
        extra_needs=(),
        section_41=phase.column == "special_independent" and number % 3 != 0,
        places=None,
        roll=phase.children_each * PUPILS_PER_PLAN if phase.column.startswith("main") else None,
        invented=("everything",),
    )


def _sector(column: str) -> str:
    return column.removeprefix("mainstream_").removeprefix("special_").replace("_", " ")


def _bases(published: PublishedCaseload, phase: Phase, schools: Sequence[Setting]) -> Iterator[PlacePool]:
    """Resource bases at the first schools, SEN units at those after them."""
    hosts = iter(schools)
    for suffix, kind in ((BASE_SUFFIX, "resource_base"), (UNIT_SUFFIX, "sen_unit")):
        for number in range(_bases_needed(published, phase, suffix)):
            host = own_pool(next(hosts))
            yield replace(
                host,
                ref=f"{host.setting.urn}-{kind}".replace("_", "-"),
                kind=kind,
                column=host.column + suffix,
                needs=frozenset(BASE_NEEDS[number % len(BASE_NEEDS)]),
            )


def _hn_units(settings: Sequence[Setting]) -> Iterator[PlacePool]:
    """Two illustrative High Needs dependency units, opening on the first day planned for."""
    for phase, low_age in (("primary", 3), ("secondary", 11)):
        hosts = [s for s in settings if s.is_mainstream and s.low_age == low_age]
        for host in map(own_pool, hosts[-1:]):
            opens = FIRST_DAY.replace(day=1)
            yield replace(
                host,
                ref=f"HN-UNIT-{phase.upper()}",
                kind="hn_unit",
                column="",
                needs=frozenset({"SEMH"}),
                year_group_low=max(host.year_group_low, 1),
                year_group_high=min(host.year_group_high, 11),
                numbers=(PlacesFrom(opens, UNIT_PLACES[phase]),),
            )
