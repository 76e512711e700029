"""Children of a SEN2 return, and the product's own files about them. Every cell is text, so that a test can spoil it.

The same children are written as Blade CSV files or as XML. All are invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from xml.sax.saxutils import escape

from inborough.common.v1 import common_pb2

EXPORTED = "01-02-2024"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

Tables = dict[str, list[dict[str, str]]]
"""Rows of a Blade export by module."""


@dataclass(frozen=True)
class Placed:
    """A setting named or attended; entry and leaving are for one attended."""

    urn: str = "900001"
    ukprn: str = ""
    sensetting: str = ""
    placementrank: str = "1"
    senunitindicator: str = "false"
    resourcedprovisionindicator: str = "false"
    entrydate: str = "2022-09-01"
    leavingdate: str = ""


@dataclass(frozen=True)
class Plan:
    """An EHC plan, open unless it has a day of ceasing."""

    startdate: str = "2022-03-01"
    ceasedate: str = ""
    ceasereason: str = ""
    details: tuple[Placed, ...] = (Placed(),)


@dataclass(frozen=True)
class Active:
    """What is said of a plan in force. Needs are codes in rank order."""

    reviewmeeting: str = ""
    lastreview: str = "2023-10-06"
    phasetransferduedate: str = ""
    phasetransferfinaldate: str = ""
    placements: tuple[Placed, ...] = (Placed(),)
    needs: tuple[str, ...] = ("SEMH",)


@dataclass(frozen=True)
class Asked:
    """A request for an assessment and what came of it."""

    receiveddate: str = "2021-10-12"
    plans: tuple[Plan, ...] = (Plan(),)
    active: tuple[Active, ...] = (Active(),)


@dataclass(frozen=True)
class Child:
    """A person of the return, with an open plan at one school unless said otherwise."""

    upn: str = "A876950010001"
    surname: str = "Inventedname"
    forename: str = "Someone"
    personbirthdate: str = "2013-03-17"
    sex: str = "M"
    postcode: str = "WA8 6BS"
    uniquelearnernumber: str = ""
    requests: tuple[Asked, ...] = (Asked(),)
    nativeid: str = ""


def children(count: int) -> list[Child]:
    """That many children, who differ in UPN and name."""
    return [Child(upn=upn(at), surname=f"Inventedname{at}") for at in range(1, count + 1)]


def upn(serial: int) -> str:
    """The UPN of invented child number `serial`."""
    return f"A87695001{serial:04d}"


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
COLUMNS = {
    "person": "surname forename personbirthdate sex ethnicity postcode upn uniquelearnernumber upnunknown",
    "requests": "receiveddate requestsource rya requestoutcomedate requestoutcome",
    "assessment": "assessmentoutcome assessmentoutcomedate week20",
    "namedplan": "startdate planres planwbp pb oa dp ceasedate ceasereason",
    "plandetail": "urn ukprn sensetting sensettingother placementrank senunitindicator resourcedprovisionindicator",
    "activeplans": "transferla reviewmeeting reviewoutcome phasetransferduedate phasetransferfinaldate lastreview",
    "placementdetail": "urn ukprn sensetting sensettingother placementrank senunitindicator "
    "resourcedprovisionindicator entrydate leavingdate res wbp",
    "senneed": "sentype sentyperank",
}


def blade_tables(people: Iterable[Child]) -> Tables:
    """The rows of a Blade export."""
    export = _Blade()
    for child in people:
        export.add_child(child)
    return export.tables


class _Blade:
    def __init__(self) -> None:
        self.tables: Tables = {module: [] for module in PARENTS}

    def add_child(self, child: Child) -> None:
        person = self._add("person", "1", _cells(child), child.nativeid)
        for asked in child.requests:
            request = self._add("requests", person, _cells(asked))
            for plan in asked.plans:
                assessment = self._add("assessment", request, {"assessmentoutcome": "Y"})
                named = self._add("namedplan", assessment, _cells(plan))
                for detail in plan.details:
                    self._add("plandetail", named, _cells(detail))
            for active in asked.active:
                self._add_active(request, active)

    def _add_active(self, request: str, active: Active) -> None:
        at = self._add("activeplans", request, _cells(active))
        for placed in active.placements:
            self._add("placementdetail", at, _cells(placed))
        for rank, need in enumerate(active.needs, start=1):
            self._add("senneed", at, {"sentype": need, "sentyperank": str(rank)})

    def _add(self, module: str, parent: str, cells: Mapping[str, str], native: str = "") -> str:
        rows = self.tables[module]
        own = str(len(rows) + 1)
        links = {f"{module}tableid": own, "NativeId": native, f"{PARENTS[module]}tableid": parent}
        order = {f"{module}orderseqcolumn": own, "sourceid": "1"}
        known = {name: _blade_day(cells[name]) for name in COLUMNS[module].split() if name in cells}
        rows.append({**links, **order, **dict.fromkeys(COLUMNS[module].split(), ""), **known})
        return own


def _cells(part: Child | Asked | Plan | Placed | Active) -> dict[str, str]:
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _blade_day(cell: str) -> str:
    """2022-09-28 as Blade writes it; anything else as it is."""
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return cell
    return f"{day.year}-{MONTHS[day.month - 1]}-{day.day:02d} 00:00:00"


def blade_files(tables: Tables, exported: str = EXPORTED) -> list[common_pb2.ImportFile]:
    """The files of a Blade export; an empty module has only its heading."""
    return [
        common_pb2.ImportFile(name=f"Blade-Export_{exported}_{module}.csv", content=_csv(rows, _heading(module)))
        for module, rows in tables.items()
    ]


def _heading(module: str) -> list[str]:
    links = [f"{module}tableid", "NativeId", f"{PARENTS[module]}tableid", f"{module}orderseqcolumn", "sourceid"]
    return [*links, *COLUMNS[module].split()]


def _csv(rows: Sequence[Mapping[str, str]], heading: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else heading, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def blade(*people: Child, exported: str = EXPORTED) -> list[common_pb2.ImportFile]:
    """A Blade export of these children."""
    return blade_files(blade_tables(people), exported)


def xml(*people: Child, reference_date: str = "2024-02-01") -> list[common_pb2.ImportFile]:
    """The XML return of these children."""
    persons = "".join(map(_person_xml, people))
    header = f"<Header><CollectionDetails><ReferenceDate>{reference_date}</ReferenceDate></CollectionDetails></Header>"
    return xml_file(f"<Message>{header}<SEN2><Persons>{persons}</Persons></SEN2></Message>")


def xml_file(text: str) -> list[common_pb2.ImportFile]:
    """A file with this text after the XML declaration."""
    return [common_pb2.ImportFile(name="sen2.xml", content=f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode())]


def _person_xml(child: Child) -> str:
    return _element("Person", _leaves(child) + "".join(map(_request_xml, child.requests)))


def _request_xml(asked: Asked) -> str:
    plans = "".join(_element("Assessment", _element("NamedPlan", _plan_xml(plan))) for plan in asked.plans)
    return _element("Requests", _leaves(asked) + plans + "".join(map(_active_xml, asked.active)))


def _plan_xml(plan: Plan) -> str:
    named = ("urn", "ukprn", "sensetting", "placementrank", "senunitindicator", "resourcedprovisionindicator")
    return _leaves(plan) + "".join(_element("PlanDetail", _leaves(detail, named)) for detail in plan.details)


def _active_xml(active: Active) -> str:
    placements = "".join(_element("PlacementDetail", _leaves(placed)) for placed in active.placements)
    needs = "".join(
        _element("SENneed", _element("SENtype", need) + _element("SENtypeRank", str(rank)))
        for rank, need in enumerate(active.needs, start=1)
    )
    return _element("ActivePlans", _leaves(active) + placements + needs)


XML_NAMES = {"upn": "UPN", "urn": "URN", "personbirthdate": "PersonBirthDate", "sensetting": "SENsetting"}


def _leaves(part: Child | Asked | Plan | Placed | Active, only: Sequence[str] = ()) -> str:
    cells = {name: cell for name, cell in _cells(part).items() if cell and (not only or name in only)}
    return "".join(_element(XML_NAMES.get(name, name.capitalize()), escape(cell)) for name, cell in cells.items())


def _element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


DUE_ROW = {
    "upn": upn(1),
    "reason": "phase_transfer",
    "first_day": "2024-09-02",
    "deadline": "2024-02-15",
    "advised_kinds": "mainstream;resource_base",
    "top_up_band": "B",
    "wheelchair": "no",
    "passenger_assistant": "yes",
    "solo_travel": "no",
    "exclusion_risk": "at_risk",
    "review_says_mainstream_cannot": "yes",
    "review_date": "2023-12-08",
}
PREFERENCE_ROW = {
    "upn": upn(1),
    "urn": "900002",
    "rank": "1",
    "legal_class": "s38_3",
    "stated_by": "parent",
    "stated_on": "2023-11-11",
    "ground_recorded": "",
}


TRAVEL_ROW = {
    "upn": upn(1),
    "wheelchair": "yes",
    "passenger_assistant": "no",
    "solo": "no",
    "cannot_share_with": "",
}


def travel_needs(*rows: Mapping[str, str]) -> common_pb2.ImportFile:
    """A file of travel needs; each row says only what differs from TRAVEL_ROW."""
    full = [{**TRAVEL_ROW, **row} for row in rows]
    return common_pb2.ImportFile(name="travel-needs.csv", content=_csv(full, list(TRAVEL_ROW)))


def due(*rows: Mapping[str, str]) -> common_pb2.ImportFile:
    """A file of decisions due; each row says only what differs from DUE_ROW."""
    return common_pb2.ImportFile(name="due.csv", content=_csv([{**DUE_ROW, **row} for row in rows], list(DUE_ROW)))


def preferences(*rows: Mapping[str, str]) -> common_pb2.ImportFile:
    """A file of preferences; each row says only what differs from PREFERENCE_ROW."""
    full = [{**PREFERENCE_ROW, **row} for row in rows]
    return common_pb2.ImportFile(name="preferences.csv", content=_csv(full, list(PREFERENCE_ROW)))
