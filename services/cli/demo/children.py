"""Invented children, as many by age, sex, need and kind of placement as are published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from services.cli.demo.columns import BY_NAME, COLUMNS, NEEDS
from services.cli.demo.days import AGE_DAY, year_group_of
from services.cli.demo.fitting import fit_whole, share_out
from services.cli.demo.homes import Home
from services.cli.demo.identifiers import invent_uln, invent_upn
from services.cli.demo.names import invent_forename, invent_surname
from services.cli.demo.needs import rank_needs
from services.cli.demo.pools import PlacePool
from services.cli.demo.published import PublishedCaseload

FAINT = 0.02
"""Weight kept for a need that no published child of a group has, so that totals can be met."""
SCHOOL_AGE = 4
ULN_AGE = 14
ETHNICITIES = ("WBRI",) * 44 + ("WOTH", "WOTH", "MWBC", "AIND", "BAFR", "NOBT")


@dataclass(slots=True, eq=False)
class Child:
    """One invented person. `column` is blank for those without an active plan.

    `age` is on 31 August 2023. `pool` and `urn` are set when the child is seated.
    """

    serial: int
    age: int
    sex: str
    column: str
    needs: list[str]
    home: Home
    birth_date: date
    upn: str
    uln: str
    surname: str
    forename: str
    ethnicity: str
    pool: PlacePool | None = field(default=None)
    urn: str = ""

    @property
    def year_group(self) -> int:
        """National curriculum year in 2023/24."""
        return year_group_of(self.age)

    @property
    def kind(self) -> str:
        """The kind of place held now; blank when educated elsewhere or without a plan."""
        return BY_NAME[self.column].kind if self.column else ""


class Births:
    """Makes people one after another, each with a number of their own."""

    def __init__(self, published: PublishedCaseload, homes: list[Home], draw: Random) -> None:
        self._la_code = published.la_code
        self._homes = homes
        self._draw = draw
        self._serial = 0

    def invent(self, age: int, sex: str, need: str, column: str = "") -> Child:
        """A person of this age and sex, living somewhere in the authority."""
        draw, serial = self._draw, self._serial
        self._serial += 1
        return Child(
            serial=serial,
            age=age,
            sex=sex,
            column=column,
            needs=rank_needs(need, draw),
            home=draw.choice(self._homes),
            birth_date=_birth_date(age, draw),
            upn=invent_upn(self._la_code, serial, AGE_DAY.year - max(age - SCHOOL_AGE, 0)),
            uln=invent_uln(serial) if age >= ULN_AGE else "",
            surname=invent_surname(draw),
            forename=invent_forename(draw),
            ethnicity=draw.choice(ETHNICITIES),
        )


def invent_children(published: PublishedCaseload, births: Births, draw: Random) -> list[Child]:
    """One child for each active plan: age, sex and kind of placement exactly as published.

    Primary need follows the published shares of the whole caseload exactly, and those of each
    kind of placement and each age as nearly as whole children allow.
    """
    children: list[Child] = []
    for column, need_counts in _needs_by_column(published).items():
        ages = {age: n for age, n in published.cells[column].items() if n}
        by_age = _needs_by_age(published, column, ages, need_counts)
        sexes = _sexes(published, column, draw)
        for age, counts in by_age.items():
            for need in _listed(counts):
                children.append(births.invent(age, sexes.pop(), need, column))
    return children


def _needs_by_column(published: PublishedCaseload) -> dict[str, list[int]]:
    """Children by placement column (key) and primary need (order of NEEDS)."""
    overall = published.need_shares["All EHC plans"]
    columns = [column for column in COLUMNS if published.column_total(column.name)]
    totals = [published.column_total(column.name) for column in columns]
    weights = [
        _blend(published.need_shares.get(column.share_label, overall), overall, total)
        for column, total in zip(columns, totals, strict=True)
    ]
    counts = fit_whole(totals, share_out(published.total, overall), weights)
    return {column.name: row for column, row in zip(columns, counts, strict=True)}


def _blend(shares: tuple[float, ...], overall: tuple[float, ...], weight: float) -> list[float]:
    """Mostly one group's shares, with a trace of everybody's."""
    return [weight * (one + FAINT * all_) for one, all_ in zip(shares, overall, strict=True)]


def _needs_by_age(
    published: PublishedCaseload, column: str, ages: Mapping[int, int], needs: list[int]
) -> dict[int, list[int]]:
    overall = published.need_shares["All EHC plans"]
    weights = [_blend(published.need_shares.get(f"age {age}", overall), overall, 1.0) for age in ages]
    return dict(zip(ages, fit_whole(list(ages.values()), needs, weights), strict=True))


def _sexes(published: PublishedCaseload, column: str, draw: Random) -> list[str]:
    total, girls = published.column_total(column), published.girls[column]
    sexes = ["F"] * girls + ["M"] * (total - girls)
    draw.shuffle(sexes)
    return sexes


def _listed(counts: list[int]) -> list[str]:
    return [need for need, n in zip(NEEDS, counts, strict=True) for _ in range(n)]


def _birth_date(age: int, draw: Random) -> date:
    """A day on which someone of this age on 31 August 2023 may have been born."""
    last = AGE_DAY.replace(year=AGE_DAY.year - age)
    first = AGE_DAY.replace(year=AGE_DAY.year - age - 1) + timedelta(days=1)
    return first + timedelta(days=draw.randrange((last - first).days + 1))
