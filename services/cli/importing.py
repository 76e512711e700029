"""Files from the user's disk into the service that keeps their facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2
from inborough.provision.v1 import provision_pb2
from services.cli.calls import IMPORT_SECONDS, Services, ask
from services.cli.failures import CannotGoOn
from shared.imports.bounds import Bounds

COUNTED = {
    "gias": "settings",
    "pools": "place pools",
    "rates": "rates",
    "fleet": "vehicle types",
    "bell-times": "bell times",
    "travel-matrix": "pairs of places",
    "sen2": "cases",
    "preferences": "preferences",
    "due": "decisions due",
    "travel-needs": "travel needs",
}
"""What each import counts, in the order in which a new authority brings its files."""


@dataclass(frozen=True)
class Manner:
    """How to import: a preview writes nothing; good rows only leaves refused ones out."""

    preview: bool = False
    good_rows_only: bool = False

    @property
    def mode(self) -> common_pb2.ImportMode.ValueType:
        """As it goes over the wire."""
        if self.good_rows_only:
            return common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY
        return common_pb2.IMPORT_MODE_ALL_OR_NOTHING


def import_path(services: Services, what: str, path: Path, manner: Manner) -> common_pb2.ImportReport:
    """Send the file, or for a SEN2 Blade export the folder's CSV files, to the service that reads it.

    Raises CannotGoOn when there is nothing to send, and shared.errors.
    """
    files = read_files(path, folder_allowed=what == "sen2")
    doing = f"Importing {COUNTED[what]}"
    if what == "sen2":
        sen2 = caseload_pb2.ImportSen2Request(files=files, mode=manner.mode, preview=manner.preview)
        return ask(services.caseload.ImportSen2, sen2, doing, IMPORT_SECONDS).report
    return _import_file(services, what, files[0], manner, doing)


def _import_file(
    services: Services, what: str, file: common_pb2.ImportFile, manner: Manner, doing: str
) -> common_pb2.ImportReport:
    mode, preview = manner.mode, manner.preview
    match what:
        case "gias":
            gias = provision_pb2.ImportSettingsRequest(file=file, mode=mode, preview=preview)
            return ask(services.provision.ImportSettings, gias, doing, IMPORT_SECONDS).report
        case "pools":
            pools = provision_pb2.ImportPlacePoolsRequest(file=file, mode=mode, preview=preview)
            return ask(services.provision.ImportPlacePools, pools, doing, IMPORT_SECONDS).report
        case "rates":
            rates = cost_pb2.ImportRateCardRequest(file=file, mode=mode, preview=preview)
            return ask(services.cost.ImportRateCard, rates, doing, IMPORT_SECONDS).report
        case "fleet":
            fleet = transport_pb2.ImportFleetRequest(file=file, mode=mode, preview=preview)
            return ask(services.transport.ImportFleet, fleet, doing, IMPORT_SECONDS).report
        case "bell-times":
            bells = transport_pb2.ImportBellTimesRequest(file=file, mode=mode, preview=preview)
            return ask(services.transport.ImportBellTimes, bells, doing, IMPORT_SECONDS).report
        case "travel-matrix":
            matrix = transport_pb2.ImportTravelMatrixRequest(file=file, mode=mode, preview=preview)
            return ask(services.transport.ImportTravelMatrix, matrix, doing, IMPORT_SECONDS).report
        case "preferences":
            asked = caseload_pb2.ImportPreferencesRequest(file=file, mode=mode, preview=preview)
            return ask(services.caseload.ImportPreferences, asked, doing, IMPORT_SECONDS).report
        case "travel-needs":
            travel = caseload_pb2.ImportTravelNeedsRequest(file=file, mode=mode, preview=preview)
            return ask(services.caseload.ImportTravelNeeds, travel, doing, IMPORT_SECONDS).report
    due = caseload_pb2.ImportDecisionsDueRequest(file=file, mode=mode, preview=preview)
    return ask(services.caseload.ImportDecisionsDue, due, doing, IMPORT_SECONDS).report


def read_files(path: Path, folder_allowed: bool) -> list[common_pb2.ImportFile]:
    """The file at `path`, or the CSV files of that folder in order of name. Raises CannotGoOn."""
    if path.is_dir() and not folder_allowed:
        raise CannotGoOn(f"{path} is a folder.", "Name the file in it.")
    paths = sorted(p for p in path.iterdir() if p.suffix.casefold() == ".csv") if path.is_dir() else [path]
    if not paths:
        raise CannotGoOn(f"{path} holds no CSV files.", "Name the folder of the Blade export, or one SEN2 .xml file.")
    bounds = Bounds()
    if sum(p.stat().st_size for p in paths) > bounds.content:
        raise CannotGoOn(f"{path} is larger than {bounds.mib} MiB.", "Split it and import each part.")
    return [common_pb2.ImportFile(name=p.name, content=p.read_bytes()) for p in paths]
