"""Who travels to school on a first day: whoever has a place, is not leaving it, and has none to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.travel_wire import destinations_of, settled_travellers, traveller

FIRST_DAY = date(2024, 9, 2)
BASE, ELSEWHERE = 100001, 100002


def day(text: str) -> common_pb2.Date:
    year, month, number = map(int, text.split("-"))
    return common_pb2.Date(year=year, month=month, day=number)


def a_case(number: int = 1, due: str = "", urn: int = BASE, last_day: str = "") -> caseload_pb2.Case:
    placed = caseload_pb2.CurrentPlacement(urn=urn, last_day=day(last_day) if last_day else None)
    decision = caseload_pb2.DecisionDue(first_day=day(due)) if due else None
    return caseload_pb2.Case(case_id=f"case_{number:016x}", current_placement=placed, decision_due=decision)


def a_pool(*held_by: int) -> provision_pb2.PlacePool:
    setting = provision_pb2.Setting(urn=BASE, location=common_pb2.GridReference(easting=350_000, northing=385_000))
    return provision_pb2.PlacePool(setting=setting, held_by=[f"case_{number:016x}" for number in held_by])


def urns(cases: Sequence[caseload_pb2.Case], *pools: provision_pb2.PlacePool) -> dict[str, int]:
    return {child.case_id[-1]: child.urn for child in settled_travellers(cases, pools, FIRST_DAY)}


def test_whoever_holds_a_place_travels_to_it() -> None:
    assert urns([a_case(2), a_case(1)], a_pool(1, 2)) == {"1": BASE, "2": BASE}


def test_a_child_who_has_outgrown_its_place_does_not() -> None:
    assert urns([a_case(1)], a_pool()) == {}


@pytest.mark.parametrize(("due", "travels"), [("2024-09-02", False), ("2024-04-15", False), ("2025-01-06", True)])
def test_a_child_whose_place_by_the_first_day_is_to_be_decided_does_not(due: str, travels: bool) -> None:
    assert bool(urns([a_case(1, due=due)], a_pool(1))) == travels


@pytest.mark.parametrize(("last_day", "travels"), [("", True), ("2024-09-02", True), ("2024-07-31", False)])
def test_a_setting_without_a_pool_is_travelled_to_while_the_placement_lasts(last_day: str, travels: bool) -> None:
    found = urns([a_case(1, urn=ELSEWHERE, last_day=last_day)], a_pool())
    assert found == ({"1": ELSEWHERE} if travels else {})


def test_a_child_without_a_setting_does_not_travel() -> None:
    assert urns([a_case(1, urn=0)], a_pool()) == {}


def test_a_traveller_is_told_with_all_that_its_travel_asks_for() -> None:
    needs = caseload_pb2.TravelNeeds(wheelchair=True, passenger_assistant=True, solo=True, apart_from=["case_b"])
    home = common_pb2.GridReference(easting=351_000, northing=384_000)
    case = caseload_pb2.Case(case_id="case_a", home=home, year_group=7, age_years=11, travel_needs=needs)
    found = traveller(case, BASE)
    assert (found.case_id, found.urn, found.year_group, found.age_years) == ("case_a", BASE, 7, 11)
    assert (found.wheelchair, found.passenger_assistant, found.solo) == (True, True, True)
    assert (found.home, list(found.apart_from)) == (home, ["case_b"])
    assert not traveller(caseload_pb2.Case(case_id="case_b"), 0).HasField("home")


def test_a_setting_that_is_not_on_file_has_no_location() -> None:
    travellers = settled_travellers([a_case(1), a_case(2, urn=ELSEWHERE)], [a_pool(1)], FIRST_DAY)
    there, nowhere = destinations_of(travellers, [a_pool().setting])
    assert (there.urn, there.HasField("location")) == (BASE, True)
    assert (nowhere.urn, nowhere.HasField("location")) == (ELSEWHERE, False)
