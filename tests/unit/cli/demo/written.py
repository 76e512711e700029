"""The files of a demonstration, read back as an importer would read them: by what they say alone."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

Row = dict[str, str]
MODULES = (
    "person",
    "requests",
    "assessment",
    "namedplan",
    "plandetail",
    "activeplans",
    "placementdetail",
    "senneed",
)
KIND_OF_TYPE = {
    **dict.fromkeys(("7", "12", "33", "36", "44"), "state_special"),
    **dict.fromkeys(("14", "38", "42", "43"), "alternative_provision"),
    **dict.fromkeys(("18", "32"), "further_education"),
    "8": "non_maintained_special",
    "10": "independent_special",
}


@dataclass(frozen=True)
class Placed:
    """One open plan as the return tells it; `kind` is of its place, `sensetting` if it has no URN."""

    upn: str
    age: int
    sex: str
    needs: tuple[str, ...]
    urn: str
    kind: str
    sensetting: str
    recorded: bool

    @property
    def year_group(self) -> int:
        """National curriculum year in 2023/24; two-year-olds count as nursery."""
        return max(self.age - 4, -1)


class Written:
    """A demonstration's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self, name: str) -> list[Row]:
        """One of the flat files."""
        encoding = "cp1252" if name == "gias" else "utf-8"
        with (self.folder / f"{name}.csv").open(encoding=encoding, newline="") as lines:
            return list(csv.DictReader(lines, strict=True))

    @cached_property
    def modules(self) -> dict[str, list[Row]]:
        """The SEN2 modules."""
        return {module: self._module(module) for module in MODULES}

    def _module(self, module: str) -> list[Row]:
        (path,) = (self.folder / "sen2").glob(f"Blade-Export_??-??-????_{module}.csv")
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines, strict=True))

    @cached_property
    def settings(self) -> dict[str, Row]:
        """GIAS rows by URN."""
        return {row["URN"]: row for row in self.table("gias")}

    @cached_property
    def open_plans(self) -> list[Placed]:
        """Everyone with a named plan that has not ceased."""
        people = {row["persontableid"]: row for row in self.modules["person"]}
        requests = {row["requeststableid"]: people[row["persontableid"]] for row in self.modules["requests"]}
        assessed = {row["assessmenttableid"]: row["requeststableid"] for row in self.modules["assessment"]}
        active = {row["requeststableid"]: row["activeplanstableid"] for row in self.modules["activeplans"]}
        details = {row["activeplanstableid"]: row for row in self.modules["placementdetail"]}
        needs: dict[str, list[tuple[int, str]]] = {}
        for row in self.modules["senneed"]:
            needs.setdefault(row["activeplanstableid"], []).append((int(row["sentyperank"]), row["sentype"]))
        return [
            self._placed(requests[request], tuple(need for _, need in sorted(needs[plan])), details.get(plan))
            for named in self.modules["namedplan"]
            if not named["ceasedate"]
            for request in [assessed[named["assessmenttableid"]]]
            for plan in [active[request]]
        ]

    def _placed(self, person: Row, needs: tuple[str, ...], detail: Row | None) -> Placed:
        where = detail or dict.fromkeys(("urn", "sensetting", "ukprn"), "")
        return Placed(
            upn=person["upn"],
            age=age_on_31_august(read_sen2_date(person["personbirthdate"])),
            sex=person["sex"],
            needs=needs,
            urn=where["urn"],
            kind=self._kind(where),
            sensetting=where["sensetting"],
            recorded=detail is not None,
        )

    def _kind(self, where: Row) -> str:
        if where.get("resourcedprovisionindicator") == "true":
            return "resource_base"
        if where.get("senunitindicator") == "true":
            return "sen_unit"
        if where["urn"] in self.settings:
            return KIND_OF_TYPE.get(self.settings[where["urn"]]["TypeOfEstablishment (code)"], "mainstream")
        return "mainstream" if where["urn"] else "further_education" if where["ukprn"] else ""

    @cached_property
    def year_groups(self) -> dict[str, int]:
        """National curriculum year in 2023/24 of everyone in the return, by UPN."""
        return {
            row["upn"]: age_on_31_august(read_sen2_date(row["personbirthdate"])) - 4 for row in self.modules["person"]
        }

    @cached_property
    def primary_needs(self) -> dict[str, str]:
        """The need ranked first, by UPN."""
        upns = {row["persontableid"]: row["upn"] for row in self.modules["person"]}
        requests = {row["requeststableid"]: upns[row["persontableid"]] for row in self.modules["requests"]}
        active = {row["activeplanstableid"]: requests[row["requeststableid"]] for row in self.modules["activeplans"]}
        firsts = (row for row in self.modules["senneed"] if row["sentyperank"] == "1")
        return {active[row["activeplanstableid"]]: row["sentype"] for row in firsts}

    def places_on(self, day: date) -> dict[str, Row]:
        """The row of pools.csv that holds for each pool on a day."""
        rows: dict[str, Row] = {}
        for row in self.table("pools"):
            if row["confirmed"] == "yes" and date.fromisoformat(row["first_day"]) <= day:
                rows[row["pool_ref"]] = row
        return rows

    def pool_of(self, placed: Placed, pools: list[Row], years_on: int = 0) -> Row | None:
        """The pool in which a child is: same setting and kind, and the first need that any is for."""
        year = placed.year_group + years_on
        here = [row for row in pools if (row["urn"], row["kind"]) == (placed.urn, placed.kind)]
        fitting = [row for row in here if int(row["year_group_low"]) <= year <= int(row["year_group_high"])]
        for need in placed.needs:
            for row in fitting:
                if row["needs"] == "ALL" or need in row["needs"].split(";"):
                    return row
        return here[0] if here and not fitting and not years_on else None


def read_sen2_date(text: str) -> date:
    """`2022-Sep-28 00:00:00`."""
    return datetime.strptime(text, "%Y-%b-%d 00:00:00").date()  # noqa: DTZ007 - a day, not an instant


def age_on_31_august(born: date) -> int:
    """Age in years on 31 August 2023, as the published tables count it."""
    return 2023 - born.year - ((born.month, born.day) > (8, 31))


def count_by(placed: list[Placed], *names: str) -> Counter[tuple[object, ...]]:
    """Open plans counted by these fields."""
    return Counter(tuple(getattr(one, name) for name in names) for one in placed)
