"""What the demonstration says of travel: needs of children, vehicles and bell times."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.caseload.imports.travel_needs import TravelNeedsRow
from services.cost.imports.bell_times import read_bell_times
from services.cost.imports.fleet_rows import FleetRow
from shared.imports.report import SourceFile
from shared.imports.rows import RowModel, read_rows
from tests.unit.cli.demo.written import Written


def file_of(written: Written, name: str) -> SourceFile:
    return SourceFile(f"{name}.csv", Path(written.folder, f"{name}.csv").read_bytes())


@pytest.mark.parametrize(("name", "model"), [("travel-needs", TravelNeedsRow), ("fleet", FleetRow)])
def test_the_importers_take_every_row(written: Written, name: str, model: type[RowModel]) -> None:
    checked = read_rows(file_of(written, name), model)
    assert (len(checked.rows), list(checked.problems)) == (len(written.table(name)), [])


def test_every_setting_has_a_bell_time_that_is_taken(written: Written) -> None:
    read = read_bell_times(file_of(written, "bell-times"), list)
    assert not read.problems
    assert {str(urn) for urn in read.bell_minutes} == set(written.settings)


def test_a_decision_due_and_the_travel_needs_of_its_child_say_the_same(written: Written) -> None:
    needs = {row["upn"]: row for row in written.table("travel-needs")}
    columns = (("wheelchair", "wheelchair"), ("passenger_assistant", "passenger_assistant"), ("solo_travel", "solo"))
    for row in written.table("due"):
        stated = needs.get(row["upn"], {})
        assert [row[due] for due, _ in columns] == [stated.get(own, "no") for _, own in columns]


def test_children_who_are_kept_apart_are_known_and_never_the_same(written: Written) -> None:
    upns = {row["upn"] for row in written.modules["person"]}
    needs = written.table("travel-needs")
    assert {row["upn"] for row in needs} <= upns
    pairs = [(row["upn"], row["cannot_share_with"]) for row in needs if row["cannot_share_with"]]
    assert pairs
    assert all(one != other and other in upns for one, other in pairs)


def test_whoever_travels_in_a_wheelchair_can_be_carried(written: Written) -> None:
    assert any(int(row["wheelchair_places"]) for row in written.table("fleet"))
