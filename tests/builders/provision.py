"""Settings, pools, placements and the files they come in. Everything is defaulted: a test states only what matters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl

from inborough.provision.v1 import provision_pb2
from services.provision.domain.occupancy import WHOLE_SETTING, Placement
from services.provision.domain.offers import OFFERED, Offer, Wish
from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.domain.settings import GridReference, Setting
from shared.days import to_wire
from shared.ids import content_id, new_id
from shared.imports.report import SourceFile

FIRST_DAY = date(2024, 9, 2)
LONG_AGO = date(2022, 9, 1)

GIAS_COLUMNS = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentStatus (name),OpenDate,PhaseOfEducation (name),StatutoryLowAge,"
    "StatutoryHighAge,Gender (name),SchoolCapacity,NumberOfPupils,UKPRN,Postcode,Section41Approved (name),SEN1 (name),"
    "SEN2 (name),SEN3 (name),TypeOfResourcedProvision (name),ResourcedProvisionCapacity,Easting,Northing,LSOA (code)"
).split(",")
POOL_COLUMNS = (
    "pool_ref,urn,kind,needs,year_group_low,year_group_high,sex,places_commissioned,first_day,confirmed,group_ref,"
    "group_places,wheelchair_accessible,basis"
).split(",")


def a_setting(urn: int = 100001, **facts: Any) -> Setting:
    """An open community special school in Halton for 11 to 16."""
    defaults: dict[str, Any] = {
        "name": "Invented School",
        "type_code": 7,
        "type_name": "Community special school",
        "la_code": 876,
        "la_name": "Halton",
        "location": GridReference(350000, 385000),
        "low_age": 11,
        "high_age": 16,
        "admits_sex": "mixed",
    }
    return Setting(urn=urn, **{**defaults, **facts})


def a_pool(pool_id: str = "pool_A", places: int | None = 10, **facts: Any) -> PlacePool:
    """Ten special-school places for any need in Years 7 to 11, since long ago."""
    defaults: dict[str, Any] = {
        "urn": 100001,
        "kind": "state_special",
        "needs": (),
        "year_group_low": 7,
        "year_group_high": 11,
        "numbers": (PlacesFrom(LONG_AGO, places),),
    }
    return PlacePool(pool_id=pool_id, **{**defaults, **facts})


def a_placement(case_id: str = "case_1", year_group: int = 8, **facts: Any) -> Placement:
    """A child with SEMH at the setting as a whole, in this year group on 2 September 2024, with no end recorded."""
    defaults: dict[str, Any] = {
        "urn": 100001,
        "part": WHOLE_SETTING,
        "primary_need": "SEMH",
        "reception_year": 2024 - year_group,
    }
    return Placement(case_id=case_id, **{**defaults, **facts})


def a_wish(case_id: str = "case_1", pool_id: str = "pool_A", **facts: Any) -> Wish:
    """A place in pool_A from 2 September 2024, with no end known."""
    defaults: dict[str, Any] = {
        "decision_id": "dec_1",
        "first_day": FIRST_DAY,
        "last_day": None,
        "expires_on": date(2024, 2, 29),
    }
    return Wish(case_id=case_id, pool_id=pool_id, **{**defaults, **facts})


def an_offer(case_id: str = "case_1", pool_id: str = "pool_A", **facts: Any) -> Offer:
    """An offer of place 1 in pool_A from 2 September 2024, that stands until 29 February."""
    defaults: dict[str, Any] = {
        "offer_id": content_id("offer", case_id, pool_id),
        "decision_id": "dec_1",
        "first_day": FIRST_DAY,
        "last_day": None,
        "expires_on": date(2024, 2, 29),
        "state": OFFERED,
        "over_number": False,
        "gives_up_place": False,
        "cap_id": pool_id,
        "place_number": 1,
        "offered_at": datetime(2024, 2, 1, tzinfo=UTC),
        "changed_at": datetime(2024, 2, 1, tzinfo=UTC),
    }
    return Offer(case_id=case_id, pool_id=pool_id, **{**defaults, **facts})


def offer_request(case_id: str = "case_1", **facts: Any) -> provision_pb2.OfferPlaceRequest:
    """A request for a place in pool_A from 2 September 2024; days are dates."""
    defaults: dict[str, Any] = {
        "request_id": new_id("req"),
        "pool_id": "pool_A",
        "first_day": FIRST_DAY,
        "decision_id": "dec_1",
    }
    given = {**defaults, **facts}
    on_wire: dict[str, Any] = {
        name: to_wire(value) if isinstance(value, date) else value for name, value in given.items()
    }
    return provision_pb2.OfferPlaceRequest(case_id=case_id, **on_wire)


def gias_row(**cells: str) -> dict[str, str]:
    """A row of a GIAS file by heading; `cells` overrides by heading, e.g. **{"SEN1 (name)": "Not Applicable"}."""
    defaults = {
        "URN": "100001",
        "LA (code)": "876",
        "LA (name)": "Halton",
        "EstablishmentName": "Invented School",
        "TypeOfEstablishment (code)": "7",
        "TypeOfEstablishment (name)": "Community special school",
        "EstablishmentStatus (name)": "Open",
        "OpenDate": "01-09-1994",
        "PhaseOfEducation (name)": "Not applicable",
        "StatutoryLowAge": "11",
        "StatutoryHighAge": "16",
        "Gender (name)": "Mixed",
        "SchoolCapacity": "112",
        "NumberOfPupils": "104",
        "Section41Approved (name)": "Not applicable",
        "SEN1 (name)": "SEMH - Social, Emotional and Mental Health",
        "Easting": "350000",
        "Northing": "385000",
    }
    return {**defaults, **cells}


def pool_row(**cells: str) -> dict[str, str]:
    """A row of a pools file by column."""
    defaults = {
        "pool_ref": "A",
        "urn": "100001",
        "kind": "state_special",
        "needs": "SEMH",
        "year_group_low": "7",
        "year_group_high": "11",
        "places_commissioned": "10",
        "first_day": "2022-09-01",
        "confirmed": "yes",
        "basis": "authority",
    }
    return {**defaults, **cells}


def csv_bytes(rows: Iterable[Mapping[str, str]], columns: Sequence[str], encoding: str = "utf-8") -> bytes:
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> bytes:
    """An Excel workbook of these rows; a cell that begins with = becomes a formula."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def gias_file(*rows: Mapping[str, str], columns: Sequence[str] = GIAS_COLUMNS, encoding: str = "cp1252") -> SourceFile:
    """A GIAS file in the Windows code page that GIAS writes."""
    return SourceFile("gias.csv", csv_bytes(rows or [gias_row()], columns, encoding))


def pools_file(*rows: Mapping[str, str], columns: Sequence[str] = POOL_COLUMNS) -> SourceFile:
    """A pools CSV file."""
    return SourceFile("pools.csv", csv_bytes(rows or [pool_row()], columns))
