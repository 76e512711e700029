"""Files brought in: whole ones again, ones that are wrong in every way, and at the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inborough.common.v1 import common_pb2
from shared.errors import InboroughError
from tests.builders import caseload, cost, runs
from tests.builders.deciding import BIRCH, DOGWOOD, FREE, SEATED, list_children
from tests.service.privacy.canaries import FORENAME, POSTCODES, RARE_NEED, WORDS, children
from tests.service.privacy.office import Office

MATRIX = "from_postcode from_urn to_postcode to_urn walking_metres driving_metres driving_minutes as_of".split()
ALL = common_pb2.IMPORT_MODE_ALL_OR_NOTHING
GOOD_ROWS = common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY
ONE_FILE = {
    "caseload.v1.CaseloadService/ImportPreferences": list(caseload.PREFERENCE_ROW),
    "caseload.v1.CaseloadService/ImportDecisionsDue": list(caseload.DUE_ROW),
    "caseload.v1.CaseloadService/ImportTravelNeeds": list(caseload.TRAVEL_ROW),
    "provision.v1.ProvisionService/ImportSettings": [],
    "provision.v1.ProvisionService/ImportPlacePools": [],
    "cost.v1.CostService/ImportRateCard": list(cost.COLUMNS),
    "cost.v1.TransportService/ImportFleet": runs.FLEET_COLUMNS,
    "cost.v1.TransportService/ImportBellTimes": runs.BELL_COLUMNS,
    "cost.v1.TransportService/ImportTravelMatrix": MATRIX,
}
"""Importers of one file, with its columns where they are asked for here."""


def import_again(office: Office) -> None:
    """Children as XML, what they need to travel, and what runs are planned with."""
    people = children(list_children())
    for files in (caseload.blade(*people), caseload.xml(*people)):
        said = office.ask("caseload.v1.CaseloadService/ImportSen2", files=files, mode=ALL)
        assert said.report.accepted
    alone = {"upn": caseload.upn(FREE), "solo": "yes", "cannot_share_with": caseload.upn(SEATED)}
    needs = caseload.travel_needs({"upn": caseload.upn(SEATED)}, alone)
    there = {"from_postcode": POSTCODES[0], "to_postcode": POSTCODES[1]}
    takes = {"driving_metres": "4100", "driving_minutes": "9", "as_of": "2024-01-15"}
    matrix = cost.to_csv([dict.fromkeys(MATRIX, "") | there | takes], MATRIX)
    bells = cost.to_csv([{"urn": str(DOGWOOD), "bell_time": "08:40"}], runs.BELL_COLUMNS)
    for rpc, content in {
        "caseload.v1.CaseloadService/ImportTravelNeeds": needs.content,
        "cost.v1.TransportService/ImportFleet": runs.fleet_file(),
        "cost.v1.TransportService/ImportBellTimes": bells,
        "cost.v1.TransportService/ImportTravelMatrix": matrix,
    }.items():
        report = office.ask(rpc, file=_file(content), mode=ALL).report
        assert report.accepted, (rpc, [problem.reason for problem in report.problems])


def import_what_is_wrong(office: Office) -> None:
    """Every importer is given a child's facts in every cell, for headings, and as no table at all."""
    wrong = {"surname": FORENAME, "personbirthdate": WORDS, "postcode": WORDS, "sex": FORENAME}
    people = [_spoilt(child, **{name: value}) for child in children(list_children()) for name, value in wrong.items()]
    for files in (caseload.blade(*people), caseload.xml(*people), [_file(_sentence(), f"{FORENAME}.csv")]):
        for mode in (ALL, GOOD_ROWS):
            _send(office, "caseload.v1.CaseloadService/ImportSen2", files=files, mode=mode, preview=mode == GOOD_ROWS)
    for rpc, columns in ONE_FILE.items():
        for content in _spoilt_files(columns):
            for name in ("Quillfeather.csv", "Quillfeather.xlsx"):
                _send(office, rpc, file=_file(content, name), mode=GOOD_ROWS)


def _spoilt_files(columns: list[str]) -> list[bytes]:
    cells = [WORDS, FORENAME, POSTCODES[1], caseload.upn(2), "2012-11-29", "Quillfeatherb", RARE_NEED]
    rows = [{column: cells[(at + shift) % len(cells)] for at, column in enumerate(columns)} for shift in range(7)]
    table = [cost.to_csv(rows, columns)] if columns else []
    return [*table, _sentence(), b"", WORDS.encode("utf-16")]


def _sentence() -> bytes:
    return f"{WORDS},{POSTCODES[2]},{caseload.upn(3)}\n{FORENAME},Quillfeatherc,2013-03-17\n".encode()


def _spoilt(child: caseload.Child, **wrong: str) -> caseload.Child:
    return caseload.Child(**{**vars(child), **wrong})


def _send(office: Office, rpc: str, **fields: Any) -> None:
    """Bring it in; whatever is said of the rows is the sender's to read, and an error is kept."""
    try:
        office.ask(rpc, **fields)
    except InboroughError as error:
        office.recording.note("errors", error.message, error.facts)


def _file(content: bytes, name: str = "file.csv") -> common_pb2.ImportFile:
    return common_pb2.ImportFile(name=name, content=content)


def import_at_the_pages(office: Office) -> None:
    """An administrator's choice of a file with good and bad rows, previewed and written."""
    visitor = office.at_pages("administrator")
    rows: list[Mapping[str, str]] = [
        {"upn": caseload.upn(FREE), "urn": str(BIRCH), "stated_on": "2023-11-12"},
        {"upn": WORDS, "urn": FORENAME},
    ]
    content = caseload.preferences(*rows).content
    for how in ("all", "good"):
        token = visitor.open("/imports/preferences").form().fields["form_token"]
        sent = {"form_token": token, "how": how}
        files = [("files", (f"{FORENAME} Quillfeather.csv", content))]
        visitor._see(visitor.client.post("/imports/preferences", data=sent, files=files))
        assert WORDS[:8] in visitor.text, "whoever sent it reads what is wrong with it"
    visitor.open(visitor.path)
