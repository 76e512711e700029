"""Place pools: interchangeable places at one setting, with their number by date."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from services.cli.demo.columns import BASE_SUFFIX, BY_NAME, UNIT_SUFFIX
from services.cli.demo.facts import FACTS
from services.cli.demo.settings import Setting

ALL_NEEDS = frozenset({"ALL"})
NURSERY = -1
"""The lowest year group of a pool: two-year-olds go to nursery too."""
LONG_AGO = date(2022, 9, 1)
STATE_SPECIAL = ("special_la_maintained", "special_academy_free")
REFERENCE_LA_CODE = "876"
COLUMN_ENDING = {"resource_base": BASE_SUFFIX, "sen_unit": UNIT_SUFFIX}


@dataclass(frozen=True, slots=True)
class PlacesFrom:
    """A number of places from a first day on.

    `places` of None is a number yet to be invented, once it is known who attends (or no fixed
    number at all, in further education). `more` adds to the number before.
    """

    first_day: date
    places: int | None
    more: int = 0
    confirmed: bool = True
    basis: str = "invented"
    group_places: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PlacePool:
    """Places for one kind of need and one range of years at one setting.

    `column` is the published placement column that its children are counted in; blank for
    kinds that the Department does not publish. `year_group_low` and `year_group_high` are
    national curriculum years, both included.
    """

    ref: str
    setting: Setting
    kind: str
    column: str
    needs: frozenset[str]
    year_group_low: int
    year_group_high: int
    numbers: tuple[PlacesFrom, ...]
    group_ref: str = ""
    wheelchair: str = ""
    order: int = field(default=0)

    def admits(self, year_group: int, sex: str) -> bool:
        """Whether a child of this year group and sex may attend at all."""
        closed_to = {"boys": "F", "girls": "M"}.get(self.setting.sex, "")
        year = max(year_group, NURSERY)
        return self.year_group_low <= year <= self.year_group_high and sex != closed_to

    def caters_for(self, need: str) -> bool:
        """Whether the pool takes children for this need."""
        return self.needs == ALL_NEEDS or need in self.needs

    def places_on(self, day: date) -> int | None:
        """Confirmed places on a day; None where there is no number (yet)."""
        current: int | None = 0
        for number in self.numbers:
            if number.first_day <= day and number.confirmed:
                current = number.places
        return current

    def group_places_on(self, day: date) -> int | None:
        """The shared number of the pool's group on a day, if it has one."""
        current = None
        for number in self.numbers:
            if number.first_day <= day and number.confirmed:
                current = number.group_places
        return current

    def with_invented_places(self, places: int) -> "PlacePool":
        """The same pool with a number wherever one was still to be invented."""
        numbers = tuple(
            replace(number, places=places + number.more) if number.places is None else number for number in self.numbers
        )
        return replace(self, numbers=numbers)


def own_pool(setting: Setting, places: int | None = None) -> PlacePool:
    """The places of a setting as a whole: every setting without bases has just these."""
    kind = BY_NAME[setting.column].kind
    needs = frozenset(setting.needs + setting.extra_needs) or ALL_NEEDS
    return PlacePool(
        ref=f"{setting.urn}-{kind}".replace("_", "-"),
        setting=setting,
        kind=kind,
        column=setting.column,
        needs=ALL_NEEDS if kind in ("mainstream", "further_education") else needs,
        year_group_low=setting.year_group_low,
        year_group_high=setting.year_group_high,
        numbers=(PlacesFrom(LONG_AGO, places, basis="invented" if places is None else "published"),),
        wheelchair="yes" if {"PD", "PMLD"} & needs else "",
    )


def read_pools(settings: Sequence[Setting], folder: Path = FACTS) -> list[PlacePool]:
    """Every pool of the reference authority: its bases, units and split schools from
    `halton-bases.csv`, then every other setting's own places."""
    by_urn = {setting.urn: setting for setting in settings}
    listed = list(_listed_pools(folder / "halton-bases.csv", by_urn))
    split = {pool.setting.urn for pool in listed if pool.column == pool.setting.column}
    own = [
        own_pool(setting, setting.places if is_commissioned_whole(setting) else None)
        for setting in settings
        if setting.urn not in split
    ]
    return numbered([*listed, *own])


def is_commissioned_whole(setting: Setting) -> bool:
    """Whether the council commissions all of a setting's places: its own special schools'.

    Of other settings it buys some, and how many no source says.
    """
    return setting.column in STATE_SPECIAL and setting.la_code == REFERENCE_LA_CODE


def numbered(pools: Sequence[PlacePool]) -> list[PlacePool]:
    """The pools, each knowing its place in the list."""
    return [replace(pool, order=order) for order, pool in enumerate(pools)]


def _listed_pools(path: Path, settings: dict[str, Setting]) -> Iterator[PlacePool]:
    rows: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault(row["pool_ref"], []).append(row)
    for ref, of_pool in rows.items():
        first, setting = of_pool[0], settings[of_pool[0]["urn"]]
        yield PlacePool(
            ref=ref,
            setting=setting,
            kind=first["kind"],
            column=_column(first["kind"], setting),
            needs=frozenset(first["needs"].split(";")),
            year_group_low=int(first["year_group_low"]),
            year_group_high=int(first["year_group_high"]),
            numbers=tuple(_number(row) for row in of_pool),
            group_ref=first["group_ref"],
        )


def _column(kind: str, setting: Setting) -> str:
    if kind == "hn_unit":
        return ""
    return setting.column + COLUMN_ENDING.get(kind, "")


def _number(row: dict[str, str]) -> PlacesFrom:
    places, more = row["places"], row["places"].startswith("+")
    return PlacesFrom(
        first_day=date.fromisoformat(row["first_day"]),
        places=int(places) if places and not more else None,
        more=int(places) if more else 0,
        confirmed=row["confirmed"] == "yes",
        basis=row["basis"],
        group_places=int(row["group_places"]) if row["group_places"] else None,
    )
