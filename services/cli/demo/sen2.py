"""The SEN2 person-level return as a Blade CSV export: one file a module, linked by table ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from services.cli.demo.children import Child
from services.cli.demo.closed import ClosedPlan
from services.cli.demo.columns import BASE_SUFFIX, BY_NAME, UNIT_SUFFIX
from services.cli.demo.days import CENSUS_DAY, EXPORT_DAY, PLAN_WEEKS, sen2_date
from services.cli.demo.due import PHASE_TRANSFER, DecisionDue
from services.cli.demo.tables import write_table

SETTING_FIELDS = (
    "urn",
    "ukprn",
    "sensetting",
    "sensettingother",
    "placementrank",
    "senunitindicator",
    "resourcedprovisionindicator",
)
PARENTS = {
    "person": "sen2",
    "requests": "person",
    "assessment": "requests",
    "namedplan": "assessment",
    "plandetail": "namedplan",
    "activeplans": "requests",
    "placementdetail": "activeplans",
    "senneed": "activeplans",
}
FIELDS: dict[str, tuple[str, ...]] = {
    "person": (
        *("surname", "forename", "personbirthdate", "sex", "ethnicity", "postcode", "upn"),
        *("uniquelearnernumber", "upnunknown"),
    ),
    "requests": (
        *("receiveddate", "requestsource", "rya", "requestoutcomedate", "requestoutcome"),
        *("requestmediation", "requesttribunal", "exported"),
    ),
    "assessment": (
        *("assessmentoutcome", "assessmentoutcomedate", "assessmentmediation"),
        *("assessmenttribunal", "othermediation", "othertribunal", "week20"),
    ),
    "namedplan": (*("startdate", "planres", "planwbp", "pb", "oa", "dp", "ceasedate", "ceasereason"),),
    "plandetail": SETTING_FIELDS,
    "activeplans": (
        *("transferla", "reviewmeeting", "reviewoutcome", "reviewdraft"),
        *("phasetransferduedate", "phasetransferfinaldate", "lastreview"),
    ),
    "placementdetail": (*SETTING_FIELDS, "entrydate", "leavingdate", "res", "wbp"),
    "senneed": ("sentype", "sentyperank"),
}
FALSE, TRUE = "false", "true"
REQUEST_SOURCES = ("1", "2", "2", "3")
UKPRN_PROVIDERS = 12
DECISION_DAYS = timedelta(days=42)
ASSESSED_DAYS = timedelta(days=56)
MOST_YEARS_HELD = 9
REVIEW_DAYS_AGO = (20, 330)
REVIEW_TO_DECISION = timedelta(days=28)


class BladeExport:
    """Collects the rows of one export; each row knows its parent's table id."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._rows: dict[str, list[dict[str, object]]] = defaultdict(list)

    def add_active(self, child: Child, decision: DecisionDue | None) -> None:
        """A child with an active plan."""
        started = self._start_date(child)
        request = self._add_request(self._add_person(child), started - PLAN_WEEKS)
        named = self._add_named_plan(request, started)
        active = self._add_active_plan(request, child, started, decision)
        setting = _setting_fields(child)
        if setting:
            self._add("plandetail", named, setting)
            placement = {**setting, "entrydate": self._entry_date(started), "res": "N", "wbp": "N"}
            self._add("placementdetail", active, placement)

    def add_unfinished(self, decision: DecisionDue) -> None:
        """A child assessed, whose plan is still to be made: needs, but no named plan."""
        received = decision.requested_on or CENSUS_DAY
        request = self._add_request(self._add_person(decision.child), received)
        self._add_assessment(request, received)
        self._add_needs(self._add("activeplans", request, {}), decision.child)

    def add_closed(self, plan: ClosedPlan) -> None:
        """A child whose plan ceased."""
        received = plan.start_date - PLAN_WEEKS
        request = self._add_request(self._add_person(plan.child), received)
        closed = {"ceasedate": sen2_date(plan.cease_date), "ceasereason": plan.reason_code}
        named = self._add_named_plan(request, plan.start_date, closed)
        if plan.urn:
            self._add("plandetail", named, _at_urn(plan.urn))

    def write(self, folder: Path) -> list[Path]:
        """Write all modules into `folder`; returns the files."""
        folder.mkdir(parents=True, exist_ok=True)
        return [self._write_module(folder, module) for module in PARENTS]

    def _write_module(self, folder: Path, module: str) -> Path:
        path = folder / f"Blade-Export_{EXPORT_DAY.strftime('%d-%m-%Y')}_{module}.csv"
        own = (f"{module}tableid", "NativeId", f"{module}orderseqcolumn", "sourceid")
        columns = (*own, f"{PARENTS[module]}tableid", *FIELDS[module])
        write_table(path, columns, self._rows[module])
        return path

    def _add(self, module: str, parent: int, fields: Mapping[str, object]) -> int:
        rows = self._rows[module]
        table_id = len(rows) + 1
        rows.append(
            {
                f"{module}tableid": table_id,
                "NativeId": table_id,
                f"{module}orderseqcolumn": table_id,
                "sourceid": 1,
                f"{PARENTS[module]}tableid": parent,
                **fields,
            }
        )
        return table_id

    def _add_person(self, child: Child) -> int:
        fields = {
            "surname": child.surname,
            "forename": child.forename,
            "personbirthdate": sen2_date(child.birth_date),
            "sex": child.sex,
            "ethnicity": child.ethnicity,
            "postcode": child.home.postcode,
            "upn": child.upn,
            "uniquelearnernumber": child.uln,
        }
        return self._add("person", 1, fields)

    def _add_request(self, person: int, received: date) -> int:
        fields = {
            "receiveddate": sen2_date(received),
            "requestsource": self._draw.choice(REQUEST_SOURCES),
            "rya": FALSE,
            "requestoutcomedate": sen2_date(received + DECISION_DAYS),
            "requestoutcome": "Y",
            "requestmediation": FALSE,
            "requesttribunal": FALSE,
        }
        return self._add("requests", person, fields)

    def _add_assessment(self, request: int, received: date) -> int:
        fields = {
            "assessmentoutcome": "Y",
            "assessmentoutcomedate": sen2_date(received + ASSESSED_DAYS),
            "assessmentmediation": FALSE,
            "assessmenttribunal": FALSE,
            "othermediation": FALSE,
            "othertribunal": FALSE,
            "week20": FALSE,
        }
        return self._add("assessment", request, fields)

    def _add_named_plan(self, request: int, started: date, closed: Mapping[str, object] | None = None) -> int:
        assessment = self._add_assessment(request, started - PLAN_WEEKS)
        fields = {
            "startdate": sen2_date(started),
            "planres": "N",
            "planwbp": "N",
            "pb": FALSE,
            "oa": FALSE,
            "dp": "N",
        }
        return self._add("namedplan", assessment, {**fields, **(closed or {})})

    def _add_active_plan(self, request: int, child: Child, started: date, decision: DecisionDue | None) -> int:
        reviewed = decision.review_date if decision else self._review_date(started)
        transfer = decision.deadline if decision and decision.reason == PHASE_TRANSFER else None
        fields = {
            "reviewmeeting": sen2_date(reviewed),
            "reviewoutcome": "A" if decision else "M",
            "phasetransferduedate": sen2_date(transfer),
            "lastreview": sen2_date(reviewed + REVIEW_TO_DECISION if reviewed else None),
        }
        active = self._add("activeplans", request, fields)
        self._add_needs(active, child)
        return active

    def _add_needs(self, active: int, child: Child) -> None:
        for rank, need in enumerate(child.needs, start=1):
            self._add("senneed", active, {"sentype": need, "sentyperank": rank})

    def _start_date(self, child: Child) -> date:
        """Up to nine years ago, and not before the child was one."""
        first_birthday = child.birth_date + timedelta(days=366)
        most = min((CENSUS_DAY - first_birthday).days, MOST_YEARS_HELD * 365)
        return CENSUS_DAY - timedelta(days=self._draw.randint(20, max(most, 21)))

    def _entry_date(self, started: date) -> str:
        """A September since the plan began, or the day that it began."""
        septembers = [date(year, 9, 1) for year in range(started.year, CENSUS_DAY.year)]
        later = [day for day in septembers if day >= started]
        return sen2_date(self._draw.choice(later) if later else started)

    def _review_date(self, started: date) -> date | None:
        reviewed = CENSUS_DAY - timedelta(days=self._draw.randint(*REVIEW_DAYS_AGO))
        return reviewed if reviewed > started else None


def write_sen2(
    folder: Path,
    children: Iterable[Child],
    due: Sequence[DecisionDue],
    closed: Iterable[ClosedPlan],
    draw: Random,
) -> list[Path]:
    """Write the whole return into `folder`."""
    export = BladeExport(draw)
    decisions = {decision.child: decision for decision in due}
    for child in children:
        export.add_active(child, decisions.get(child))
    for decision in due:
        if decision.requested_on:
            export.add_unfinished(decision)
    for plan in closed:
        export.add_closed(plan)
    return export.write(folder)


def _setting_fields(child: Child) -> dict[str, object]:
    """Where a child is educated; empty when the placement is not recorded."""
    column = BY_NAME[child.column]
    if child.urn:
        return {
            **_at_urn(child.urn),
            "senunitindicator": TRUE if child.column.endswith(UNIT_SUFFIX) else FALSE,
            "resourcedprovisionindicator": TRUE if child.column.endswith(BASE_SUFFIX) else FALSE,
        }
    if column.sensetting:
        return {**_at_urn(""), "sensetting": column.sensetting}
    if column.kind:
        return {**_at_urn(""), "ukprn": 10_090_000 + child.serial % UKPRN_PROVIDERS}
    return {}


def _at_urn(urn: str) -> dict[str, object]:
    return {
        "urn": urn,
        "placementrank": 1,
        "senunitindicator": FALSE,
        "resourcedprovisionindicator": FALSE,
    }
