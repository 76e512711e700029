"""The files that a council brings: what each is, who may bring it, and the call that takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import Services

IMPORT_SECONDS = 300.0


@dataclass(frozen=True)
class Kind:
    """One sort of file: what it is called, what it counts, what is in it; `template` is the product's own file."""

    code: str
    title: str
    counts: str
    about: str
    template: bool = True
    most_files: int = 1
    accept: str = ".csv,.xlsx"


KINDS = (
    Kind(
        "gias",
        "Settings",
        "settings",
        'The "Establishment fields CSV" of Get Information About Schools. Columns are found by name.',
        template=False,
        accept=".csv",
    ),
    Kind(
        "pools",
        "Place pools",
        "place pools",
        "Interchangeable places at a setting, by date. A pool in the file replaces what was on file; others stay.",
    ),
    Kind(
        "rates", "Rate card", "rates", "What places, top-ups, fees and transport cost. Other content is a new version."
    ),
    Kind(
        "fleet",
        "Fleet",
        "vehicle types",
        "Vehicle types that can be hired for runs to school, and what they cost. Other content is a new version.",
    ),
    Kind("bell-times", "Bell times", "bell times", "When settings' days begin. A setting that is not named stays."),
    Kind(
        "travel-matrix",
        "Travel matrix",
        "pairs of places",
        "Measured distances and minutes. A pair that is not named stays, and one in no file is found without. "
        "Postcodes are looked up and not kept.",
    ),
    Kind(
        "sen2",
        "Cases (SEN2)",
        "cases",
        "The SEN2 person-level return: every CSV file of a Blade export together, or one XML file. Names, birth dates, "
        "postcodes and UPNs are read and not kept.",
        template=False,
        most_files=40,
        accept=".csv,.xml",
    ),
    Kind(
        "preferences",
        "Preferences",
        "preferences",
        "The settings that families asked for, for every child in the file.",
    ),
    Kind(
        "due", "Decisions due", "decisions due", "Children whose placement is to be decided, with the advice on file."
    ),
    Kind(
        "travel-needs",
        "Travel needs",
        "travel needs",
        "Wheelchairs, passenger assistants and who cannot share a vehicle, for every child in the file.",
    ),
)
"""In the order in which a new authority brings its files."""
BY_CODE = {kind.code: kind for kind in KINDS}


async def send(
    services: Services, code: str, files: Sequence[common_pb2.ImportFile], good_rows_only: bool, preview: bool
) -> common_pb2.ImportReport:
    """What the service that keeps such facts made of the files. Raises shared.errors."""
    mode = common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY if good_rows_only else common_pb2.IMPORT_MODE_ALL_OR_NOTHING
    file = files[0]
    match code:
        case "gias":
            gias = provision_pb2.ImportSettingsRequest(file=file, mode=mode, preview=preview)
            return (await services.provision.ImportSettings(gias, timeout=IMPORT_SECONDS)).report
        case "pools":
            pools = provision_pb2.ImportPlacePoolsRequest(file=file, mode=mode, preview=preview)
            return (await services.provision.ImportPlacePools(pools, timeout=IMPORT_SECONDS)).report
        case "rates":
            rates = cost_pb2.ImportRateCardRequest(file=file, mode=mode, preview=preview)
            return (await services.cost.ImportRateCard(rates, timeout=IMPORT_SECONDS)).report
        case "fleet":
            fleet = transport_pb2.ImportFleetRequest(file=file, mode=mode, preview=preview)
            return (await services.transport.ImportFleet(fleet, timeout=IMPORT_SECONDS)).report
        case "bell-times":
            bells = transport_pb2.ImportBellTimesRequest(file=file, mode=mode, preview=preview)
            return (await services.transport.ImportBellTimes(bells, timeout=IMPORT_SECONDS)).report
        case "travel-matrix":
            matrix = transport_pb2.ImportTravelMatrixRequest(file=file, mode=mode, preview=preview)
            return (await services.transport.ImportTravelMatrix(matrix, timeout=IMPORT_SECONDS)).report
        case "sen2":
            sen2 = caseload_pb2.ImportSen2Request(files=files, mode=mode, preview=preview)
            return (await services.caseload.ImportSen2(sen2, timeout=IMPORT_SECONDS)).report
        case "preferences":
            asked = caseload_pb2.ImportPreferencesRequest(file=file, mode=mode, preview=preview)
            return (await services.caseload.ImportPreferences(asked, timeout=IMPORT_SECONDS)).report
        case "travel-needs":
            travel = caseload_pb2.ImportTravelNeedsRequest(file=file, mode=mode, preview=preview)
            return (await services.caseload.ImportTravelNeeds(travel, timeout=IMPORT_SECONDS)).report
    due = caseload_pb2.ImportDecisionsDueRequest(file=file, mode=mode, preview=preview)
    return (await services.caseload.ImportDecisionsDue(due, timeout=IMPORT_SECONDS)).report
