"""ListPlanningCases: what a planner gets of the caseload, and what never."""

from __future__ import annotations

import re

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from services.caseload.settings import Settings
from shared.errors import NotAllowed
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child, Placed, Plan
from tests.builders.identity import connect
from tests.service.caseload.conftest import SECONDS, Caseload, serving

COLUMNS = {"pseudonyms", "age_bands", "primary_needs", "areas", "placements", "due"}


def rows(found: pb.ListPlanningCasesResponse) -> list[tuple[str, str, str, str, str, bool]]:
    columns = (found.pseudonyms, found.age_bands, found.primary_needs, found.areas, found.placements, found.due)
    return list(zip(*columns, strict=True))


def test_a_planner_gets_bands_needs_squares_and_words(caseload: Caseload) -> None:
    base = Asked(active=(Active(placements=(Placed(resourcedprovisionindicator="true"),), needs=("ASD", "SLCN")),))
    asked = Asked(plans=(), active=())
    people = [
        Child(),
        Child(upn=build.upn(2), surname="Two", personbirthdate="2006-05-01", postcode="", requests=(base,)),
        Child(upn=build.upn(3), surname="Three", requests=(asked,)),
        Child(upn=build.upn(4), surname="Four", requests=(Asked(plans=(Plan(ceasedate="2024-01-10"),), active=()),)),
    ]
    caseload.import_sen2(build.blade(*people))
    caseload.import_due(build.due({}))
    found = caseload.planning()
    assert sorted(row[1:] for row in rows(found)) == [
        ("16-19", "ASD", "", "resource_base_or_unit", False),
        ("5-10", "", home(caseload), "none", False),
        ("5-10", "SEMH", home(caseload), "whole_setting", True),
    ]


def home(caseload: Caseload) -> str:
    """The square of the home that a case of the builder has."""
    case = next(case for case in caseload.list().cases if case.HasField("home"))
    return ",".join(str(metres // 5000 * 5) for metres in (case.home.easting, case.home.northing))


def test_the_columns_hold_no_case_id_and_nothing_else_than_they_say(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(30)))
    found = caseload.planning()
    case_ids = {case.case_id for case in caseload.list().cases}
    assert {field.name for field in found.DESCRIPTOR.fields} == {"revision", *COLUMNS}
    assert len(set(found.pseudonyms)) == len(case_ids) == 30
    assert all(re.fullmatch(r"child_[0-9a-f]{16}", pseudonym) for pseudonym in found.pseudonyms)
    hidden = {case_id.removeprefix("case_") for case_id in case_ids}
    assert not any(part in str(found) for part in hidden)


def test_pseudonyms_come_in_an_order_of_their_own(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(*build.children(30)))
    found = caseload.planning()
    assert list(found.pseudonyms) == sorted(found.pseudonyms)


def test_a_pseudonym_stays_while_the_key_does_and_no_longer(caseload: Caseload, keyed_settings: Settings) -> None:
    caseload.import_sen2(build.blade(Child()))
    first = list(caseload.planning().pseudonyms)
    caseload.import_sen2(build.blade(Child(sex="F")))
    assert list(caseload.planning().pseudonyms) == first
    with serving(keyed_settings) as keyed:
        keyed.import_sen2(build.blade(Child()))
        assert list(keyed.planning().pseudonyms) != first


def test_a_pseudonym_finds_no_case(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    (pseudonym,) = caseload.planning().pseudonyms
    digits = pseudonym.removeprefix("child_")
    assert f"case_{digits}" != caseload.only_case().case_id


def test_an_empty_caseload_has_empty_columns(caseload: Caseload) -> None:
    assert caseload.planning() == pb.ListPlanningCasesResponse()


def test_a_planner_may_ask_for_this_and_for_no_case(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child()))
    with connect("caseload", caseload.address, "planner") as channel:
        planner = caseload_pb2_grpc.CaseloadServiceStub(channel)
        assert len(planner.ListPlanningCases(pb.ListPlanningCasesRequest(), timeout=SECONDS).pseudonyms) == 1
        with pytest.raises(NotAllowed):
            planner.ListCases(pb.ListCasesRequest(), timeout=SECONDS)
        with pytest.raises(NotAllowed):
            planner.ListDeadlines(pb.ListDeadlinesRequest(), timeout=SECONDS)


def test_a_caseworker_does_not_need_it_and_may_not_join_it_to_cases(caseload: Caseload) -> None:
    with connect("caseload", caseload.address, "caseworker") as channel:
        caseworker = caseload_pb2_grpc.CaseloadServiceStub(channel)
        with pytest.raises(NotAllowed):
            caseworker.ListPlanningCases(pb.ListPlanningCasesRequest(), timeout=SECONDS)
