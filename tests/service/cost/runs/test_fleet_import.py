"""Importing fleets and bell times: versions, counts, previews, and refusals at the cell that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inborough.cost.v1 import transport_pb2 as pb
from shared.days import to_wire
from shared.errors import WrongState
from tests.builders.cost import Cells, to_csv
from tests.builders.runs import (
    ASH,
    BELL_COLUMNS,
    BIRCH,
    FAR,
    FLEET_COLUMNS,
    bell_file,
    fleet_file,
    fleet_rows,
    vehicle,
)
from tests.builders.small_provision import small_provision
from tests.service.cost.conftest import GOOD, SECONDS
from tests.service.cost.runs.conftest import Transport, serving


def fleet_on(service: Transport, day: date) -> pb.GetFleetResponse:
    return service.runs.GetFleet(pb.GetFleetRequest(first_day=to_wire(day)), timeout=SECONDS)


def dearer() -> list[Cells]:
    return [{**row, "gbp_per_day": "95"} if row["vehicle_type"] == "minibus" else row for row in fleet_rows()]


def counts(imported: pb.ImportFleetResponse) -> tuple[int, int, int]:
    report = imported.report
    return report.created, report.updated, report.unchanged


def test_a_fleet_comes_back_in_the_files_order_with_bells_and_ride_limits(transport: Transport) -> None:
    found = fleet_on(transport, date(2024, 9, 2))
    assert found.fleet_id == "fleet_test_1"
    assert [kind.name for kind in found.vehicle_types] == ["taxi", "minibus", "accessible minibus"]
    taxi = found.vehicle_types[0]
    assert (taxi.seats, taxi.wheelchair_places, taxi.pence_per_day, taxi.pence_per_km) == (4, 0, 5_000, 50)
    assert [(bell.urn, bell.bell_minutes) for bell in found.bell_times] == [(ASH, 520)]
    assert found.usual_bell_minutes == 530
    assert [(limit.from_year_group, limit.minutes) for limit in found.ride_limits] == [(0, 45), (7, 75)]
    assert all(limit.source for limit in found.ride_limits)


def test_the_same_fleet_again_changes_nothing_and_other_content_is_the_next_version(transport: Transport) -> None:
    again = transport.import_fleet(fleet_file(fleet_rows()[::-1]))
    assert (again.fleet_id, counts(again)) == ("fleet_test_1", (0, 0, 3))
    changed = transport.import_fleet(fleet_file([*dearer(), vehicle("coach", 30, 200, "1.50")]))
    assert (changed.fleet_id, counts(changed)) == ("fleet_test_2", (1, 1, 2))
    assert fleet_on(transport, date(2024, 9, 2)).fleet_id == "fleet_test_2"


def test_before_the_first_fleet_the_error_says_what_to_import(transport: Transport) -> None:
    with pytest.raises(WrongState, match="inborough import fleet FILE"):
        fleet_on(transport, date(2024, 3, 31))


def test_a_preview_counts_and_writes_nothing(bare: Transport) -> None:
    seen = bare.import_fleet(fleet_file(), preview=True)
    assert (seen.fleet_id, seen.report.accepted, counts(seen)) == ("", True, (3, 0, 0))
    assert bare.import_bells(bell_file(), preview=True).created == 1
    with pytest.raises(WrongState):
        fleet_on(bare, date(2024, 9, 2))
    assert bare.list_events("fleet_imported") == bare.list_events("bell_times_imported") == []


def test_a_setting_that_is_named_again_is_overwritten_and_the_others_stay(transport: Transport) -> None:
    rows = [{"urn": str(ASH), "bell_time": "9:15"}, {"urn": str(BIRCH), "bell_time": "08:55:00"}]
    report = transport.import_bells(bell_file(rows))
    assert (report.created, report.updated, report.unchanged) == (1, 1, 0)
    again = transport.import_bells(bell_file(rows[1:]))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    bells = fleet_on(transport, date(2024, 9, 2)).bell_times
    assert [(bell.urn, bell.bell_minutes) for bell in bells] == [(ASH, 555), (BIRCH, 535)]


def test_a_bell_time_of_a_setting_that_is_on_no_file_is_kept_with_a_warning_at_its_row(tmp_path: Path) -> None:
    rows = [{"urn": str(urn), "bell_time": "08:40"} for urn in (ASH, FAR, BIRCH)]
    with (
        small_provision({ASH: (0, 0), BIRCH: None, 100_009: None}) as provision,
        serving(f"sqlite:///{tmp_path / 'test.db'}", provision=provision) as service,
    ):
        report = service.import_bells(bell_file(rows))
    assert (report.accepted, report.created, len(report.problems)) == (True, 3, 0)
    (warning,) = report.warnings
    assert (warning.row, warning.column, warning.value) == (3, "urn", str(FAR))
    assert "correct the URN, or import gias" in warning.reason


def test_where_provision_does_not_answer_bell_times_are_kept_unchecked_and_say_so(bare: Transport) -> None:
    report = bare.import_bells(bell_file())
    assert report.accepted
    assert [(each.row, "could not be checked" in each.reason) for each in report.warnings] == [(0, True)]


def test_good_rows_alone_are_taken_where_that_is_asked_for(bare: Transport) -> None:
    rows = [*fleet_rows(), vehicle("bus", 0, 50, "0.50")]
    assert not bare.import_fleet(fleet_file(rows)).report.accepted
    imported = bare.import_fleet(fleet_file(rows), mode=GOOD)
    assert (imported.fleet_id, imported.report.created, imported.report.rows_read) == ("fleet_test_1", 3, 4)


def test_imports_are_recorded_in_counts(transport: Transport) -> None:
    (fleet,) = transport.list_events("fleet_imported")
    assert dict(fleet.facts)["fleet_id"] == "fleet_test_1"
    (bells,) = transport.list_events("bell_times_imported")
    assert dict(bells.facts)["created"] == "1"


def test_a_fleet_without_a_wheelchair_place_is_kept_with_a_warning(bare: Transport) -> None:
    imported = bare.import_fleet(fleet_file(fleet_rows()[:2]))
    assert imported.report.accepted
    assert "no vehicle type has a wheelchair place" in imported.report.warnings[0].reason


def spoilt(row: int, **cells: str) -> bytes:
    """The sound fleet with cells of a row changed; rows count as a spreadsheet does."""
    rows = fleet_rows()
    rows[row - 2] |= cells
    return fleet_file(rows)


MALFORMED_FLEETS = {
    "no seats": (spoilt(2, seats="0"), 2, "seats", "not from 1 to 100"),
    "seats in words": (spoilt(2, seats="four"), 2, "seats", "not a whole number"),
    "places below nothing": (spoilt(3, wheelchair_places="-1"), 3, "wheelchair_places", "not from 0"),
    "a day below nothing": (spoilt(2, gbp_per_day="-5"), 2, "gbp_per_day", "0 or more"),
    "a day beyond reason": (spoilt(2, gbp_per_day="10001"), 2, "gbp_per_day", "check the figure"),
    "a third of a penny": (spoilt(2, gbp_per_km="0.333"), 2, "gbp_per_km", "at most two decimals"),
    "no name": (spoilt(2, vehicle_type=""), 2, "vehicle_type", "the cell is empty"),
    "a name too long": (spoilt(2, vehicle_type="t" * 41), 2, "vehicle_type", "longer than 40"),
    "a fleet with spaces": (spoilt(2, fleet="our fleet"), 2, "fleet", "not a fleet name"),
    "two fleets": (spoilt(3, fleet="other"), 3, "fleet", "one file holds one fleet"),
    "two first days": (spoilt(4, first_day="2024-04-02"), 4, "first_day", "one file holds one fleet"),
    "a type twice": (spoilt(3, vehicle_type="Taxi"), 3, "vehicle_type", "as row 2; keep one"),
    "a type twice, the other row": (spoilt(3, vehicle_type="Taxi"), 2, "vehicle_type", "as row 3; keep one"),
    "an unknown basis": (spoilt(2, basis="guess"), 2, "basis", "not one of rate_card"),
    "a formula": (spoilt(2, gbp_per_day="=1+1"), 2, "gbp_per_day", "holds a formula"),
    "no seats column": (fleet_file(columns=[c for c in FLEET_COLUMNS if c != "seats"]), 0, "seats", "is missing"),
    "a heading alone": (fleet_file([]), 0, "", "no rows"),
    "nothing at all": (b"", 0, "", "the file is empty"),
}


@pytest.mark.parametrize("case", MALFORMED_FLEETS)
def test_a_malformed_fleet_is_refused_where_it_is_wrong(shared_transport: Transport, case: str) -> None:
    content, row, column, reason = MALFORMED_FLEETS[case]
    imported = shared_transport.import_fleet(content)
    assert (imported.report.accepted, imported.fleet_id) == (False, "")
    found = [(p.file, p.row, p.column) for p in imported.report.problems if reason in p.reason]
    assert ("fleet.csv", row, column) in found, imported.report.problems
    assert fleet_on(shared_transport, date(2024, 9, 2)).fleet_id == "fleet_test_1"


def bell(urn: object, at: str) -> bytes:
    return to_csv([{"urn": str(urn), "bell_time": at}], BELL_COLUMNS)


MALFORMED_BELLS = {
    "no time": (bell(ASH, ""), 2, "bell_time", "the cell is empty"),
    "a time in words": (bell(ASH, "nine"), 2, "bell_time", "write 08:50"),
    "a quarter to a hundred": (bell(ASH, "08:75"), 2, "bell_time", "write 08:50"),
    "in the night": (bell(ASH, "05:59"), 2, "bell_time", "not from 06:00"),
    "in the afternoon": (bell(ASH, "12:01"), 2, "bell_time", "not from 06:00"),
    "a URN too short": (bell(1234, "08:50"), 2, "urn", "not from 100,000"),
    "a setting twice": (bell(ASH, "08:50") + b"100001,09:00\r\n", 3, "urn", "as row 2; keep one"),
    "a heading alone": (to_csv([], BELL_COLUMNS), 0, "", "no rows"),
}


@pytest.mark.parametrize("case", MALFORMED_BELLS)
def test_malformed_bell_times_are_refused_where_they_are_wrong(shared_transport: Transport, case: str) -> None:
    content, row, column, reason = MALFORMED_BELLS[case]
    report = shared_transport.import_bells(content)
    assert not report.accepted
    found = [(p.row, p.column) for p in report.problems if reason in p.reason]
    assert (row, column) in found, report.problems
    bells = fleet_on(shared_transport, date(2024, 9, 2)).bell_times
    assert [(one.urn, one.bell_minutes) for one in bells] == [(ASH, 520)]
