"""What ImportSen2 makes of a return, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.common.v1 import common_pb2
from services.caseload.settings import Settings
from tests.builders import caseload as build
from tests.builders.caseload import Active, Asked, Child, Placed, Plan
from tests.service.caseload.conftest import GOOD, Caseload, serving

Form = Callable[..., list[common_pb2.ImportFile]]


def test_a_child_with_an_open_plan_becomes_a_case(caseload: Caseload) -> None:
    report = caseload.import_sen2(build.blade(Child()))
    assert (report.accepted, report.created, report.rows_read) == (True, 1, 8)
    case = caseload.only_case()
    assert (case.sex, case.year_group, case.age_years) == ("M", 7, 11)
    assert [(need.rank, need.code) for need in case.needs] == [(1, "SEMH")]
    assert case.stage == pb.CASE_STAGE_OPEN_PLAN
    assert (case.current_placement.urn, case.current_placement.part) == (900001, pb.PLACEMENT_PART_WHOLE_SETTING)
    assert case.clocks.finalise_by == common_pb2.Date(year=2022, month=3, day=1)
    assert case.home_authority == "E06000006"
    assert 340_000 < case.home.easting < 360_000


def test_importing_the_same_return_again_changes_nothing(caseload: Caseload) -> None:
    people = build.children(3)
    caseload.import_sen2(build.blade(*people))
    before = caseload.revision()
    report = caseload.import_sen2(build.blade(*people))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
    assert caseload.revision() == before


def test_a_later_return_updates_only_what_changed(caseload: Caseload) -> None:
    one, two = build.children(2)
    caseload.import_sen2(build.blade(one, two))
    etags = {case.case_id: case.etag for case in caseload.list().cases}
    moved = replace(two, requests=(Asked(active=(Active(placements=(Placed(urn="900009"),)),)),))
    report = caseload.import_sen2(build.blade(one, moved))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    changed = [case for case in caseload.list().cases if case.etag != etags[case.case_id]]
    assert [case.current_placement.urn for case in changed] == [900009]


def test_people_who_are_not_in_a_later_return_are_left_as_they_are(caseload: Caseload) -> None:
    one, two = build.children(2)
    caseload.import_sen2(build.blade(one, two))
    caseload.import_sen2(build.blade(one))
    assert caseload.list().total == 2


def test_a_preview_reports_and_writes_nothing(caseload: Caseload) -> None:
    report = caseload.import_sen2(build.blade(*build.children(2)), preview=True)
    assert (report.preview, report.accepted, report.created) == (True, True, 2)
    assert caseload.list().total == 0
    assert caseload.revision() == ""


def test_the_xml_return_of_the_same_children_gives_the_same_cases(caseload: Caseload) -> None:
    people = [
        Child(),
        Child(upn=build.upn(2), surname="Two", sex="F", postcode="WA7 1AA", requests=(_two_plans(),)),
        Child(upn=build.upn(3), surname="Three", requests=(Asked(plans=(), active=(Active(placements=()),)),)),
        Child(upn=build.upn(4), surname="Four", requests=(_ceased(),)),
        Child(upn="", surname="O'Five & Co", requests=(_with_placement(Placed(urn="", sensetting="OLA")),)),
    ]
    caseload.import_sen2(build.blade(*people))
    before = caseload.revision()
    report = caseload.import_sen2(build.xml(*people))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 5), report
    assert caseload.revision() == before


def test_element_names_are_matched_without_case(caseload: Caseload) -> None:
    (file,) = build.xml(Child())
    drifted = file.content.replace(b"SENneed", b"SENNeed").replace(b"UPN", b"Upn").replace(b"URN", b"urn")
    report = caseload.import_sen2([common_pb2.ImportFile(name="return.XML", content=drifted)])
    assert (report.accepted, report.created) == (True, 1)
    assert caseload.only_case().needs[0].code == "SEMH"


def _two_plans() -> Asked:
    ceased = Plan(startdate="2019-01-10", ceasedate="2021-07-31", ceasereason="5", details=(Placed(urn="900003"),))
    opened = Plan(startdate="2022-05-04", details=(Placed(urn="900004"),))
    return Asked(plans=(ceased, opened), active=(Active(placements=(), needs=("ASD", "SLCN", "SEMH")),))


def _ceased() -> Asked:
    return Asked(plans=(Plan(ceasedate="2023-06-30", ceasereason="1"),), active=())


def _with_placement(*placed: Placed) -> Asked:
    return Asked(active=(Active(placements=placed),))


def test_every_ranked_need_is_kept(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(_two_plans(),))))
    assert [need.code for need in caseload.only_case().needs] == ["ASD", "SLCN", "SEMH"]


def test_a_plan_never_takes_the_detail_of_another(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(_two_plans(),))))
    case = caseload.only_case()
    assert case.current_placement.urn == 900004
    assert case.clocks.ehc_plan_started == common_pb2.Date(year=2022, month=5, day=4)


def test_an_open_plan_without_details_has_no_placement_of_a_closed_one(caseload: Caseload) -> None:
    ceased = Plan(startdate="2019-01-10", ceasedate="2021-07-31")
    asked = Asked(plans=(ceased, Plan(details=())), active=(Active(placements=()),))
    caseload.import_sen2(build.blade(Child(requests=(asked,))))
    assert not caseload.only_case().HasField("current_placement")


def test_a_person_whose_plans_have_all_ceased_is_kept_as_ceased(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(_ceased(),))))
    case = caseload.only_case()
    assert case.stage == pb.CASE_STAGE_CEASED
    assert not case.HasField("current_placement")
    assert not caseload.placements().case_ids


def test_an_assessment_without_a_plan_has_needs_and_no_placement(caseload: Caseload) -> None:
    asked = Asked(plans=(), active=(Active(placements=(), lastreview="", needs=("SLCN",)),))
    caseload.import_sen2(build.blade(Child(requests=(asked,))))
    case = caseload.only_case()
    assert (case.stage, [need.code for need in case.needs]) == (pb.CASE_STAGE_ASSESSMENT, ["SLCN"])


def test_an_older_column_set_is_read(caseload: Caseload) -> None:
    tables = build.blade_tables([Child()])
    for row in tables["person"]:
        row["gendercurrent"] = {"M": "1", "F": "2"}[row.pop("sex")]
    for row in tables["placementdetail"]:
        row["attendancepattern"] = row.pop("res")
    assert caseload.import_sen2(build.blade_files(tables)).accepted
    assert caseload.only_case().sex == "M"


def test_headings_may_drift_and_unknown_columns_are_ignored(caseload: Caseload) -> None:
    tables = build.blade_tables([Child()])
    tables["person"] = [{**_renamed(row), "a new column": "x"} for row in tables["person"]]
    assert caseload.import_sen2(build.blade_files(tables)).accepted
    assert caseload.list().total == 1


def _renamed(row: dict[str, str]) -> dict[str, str]:
    return {{"personbirthdate": "Person_Birth Date", "upn": " UPN "}.get(name, name): v for name, v in row.items()}


@pytest.mark.parametrize("module", list(build.PARENTS))
def test_a_missing_module_refuses_even_good_rows_only(shared_caseload: Caseload, module: str) -> None:
    files = [file for file in build.blade(Child()) if f"_{module}." not in file.name]
    report = shared_caseload.import_sen2(files, GOOD)
    assert not report.accepted
    assert [(found.file, found.row) for found in report.problems] == [(f"…_{module}.csv", 0)]
    assert f"export the {module} module too" in report.problems[0].reason
    assert not report.warnings


@pytest.mark.parametrize("form", [build.blade, build.xml])
def test_a_return_that_would_erase_the_needs_of_all_is_refused(caseload: Caseload, form: Form) -> None:
    caseload.import_sen2(form(*build.children(2)))
    bare = (Asked(active=(Active(needs=()),)),)
    report = caseload.import_sen2(form(*(replace(child, requests=bare) for child in build.children(2))), GOOD)
    assert [(found.row, "senneed" in found.reason) for found in report.problems] == [(0, True)]
    assert all(case.needs for case in caseload.list().cases)


def test_an_empty_xml_file_is_refused_in_its_report(shared_caseload: Caseload) -> None:
    (problem,) = shared_caseload.import_sen2([common_pb2.ImportFile(name="sen2.xml")]).problems
    assert (problem.row, "the file is empty" in problem.reason) == (0, True)


def test_an_unknown_urn_is_kept(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(_with_placement(Placed(urn="999901")),))))
    assert list(caseload.placements().urns) == [999901]


def test_a_setting_without_urn_has_its_code(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(requests=(_with_placement(Placed(urn="", sensetting="EHE")),))))
    placement = caseload.only_case().current_placement
    assert (placement.urn, placement.sen_setting) == (0, "EHE")
    assert list(caseload.placements().urns) == [0]


def test_the_part_of_the_setting_is_kept(caseload: Caseload) -> None:
    one, two = build.children(2)
    base = _with_placement(Placed(resourcedprovisionindicator="true"))
    unit = _with_placement(Placed(senunitindicator="1"))
    caseload.import_sen2(build.blade(replace(one, requests=(base,)), replace(two, requests=(unit,))))
    parts = sorted(caseload.placements().parts)
    assert parts == [pb.PLACEMENT_PART_RESOURCE_BASE, pb.PLACEMENT_PART_SEN_UNIT]


def test_a_child_with_an_unknown_postcode_is_kept_without_a_home(caseload: Caseload) -> None:
    report = caseload.import_sen2(build.blade(Child(postcode="ZZ9 9ZZ")))
    assert report.accepted
    (warning,) = report.warnings
    assert (warning.row, warning.column, warning.value) == (2, "postcode", "ZZ9 9ZZ")
    case = caseload.only_case()
    assert not case.HasField("home")
    assert case.home_authority == ""


def test_a_child_whose_upn_arrives_later_keeps_the_case_id(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(upn="", nativeid="77")))
    before = caseload.only_case().case_id
    caseload.import_sen2(build.blade(Child(upn=build.upn(8), nativeid="77")))
    assert caseload.only_case().case_id == before
    assert caseload.import_due(build.due({"upn": build.upn(8)})).created == 1


def test_a_child_known_by_name_only_keeps_the_case_id_when_renumbered(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(upn="", nativeid="77")))
    report = caseload.import_sen2(build.blade(Child(upn="", nativeid="12")))
    assert (report.created, report.unchanged) == (0, 1)


def test_another_child_who_gets_an_old_native_id_is_not_taken_for_the_first(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(nativeid="77")))
    other = Child(upn=build.upn(9), surname="Other", nativeid="77")
    assert caseload.import_sen2(build.blade(other)).created == 1
    assert caseload.list().total == 2


def test_good_rows_only_keeps_the_sound_people_and_leaves_the_others_out(caseload: Caseload) -> None:
    one, two = build.children(2)
    tables = build.blade_tables([one, two])
    tables["senneed"][1]["sentype"] = "XYZ"
    report = caseload.import_sen2(build.blade_files(tables), GOOD)
    assert (report.accepted, report.created, len(report.problems)) == (True, 1, 1)
    assert caseload.list().total == 1


@pytest.mark.parametrize(
    ("module", "column"),
    [("person", "surname"), ("requests", "receiveddate"), ("activeplans", "lastreview"), ("senneed", "sentype")],
)
def test_a_formula_leaves_out_its_child_and_nobody_else(caseload: Caseload, module: str, column: str) -> None:
    tables = build.blade_tables(build.children(2))
    tables[module][1][column] = "=cmd"
    report = caseload.import_sen2(build.blade_files(tables), GOOD)
    assert [(found.row, "formula" in found.reason) for found in report.problems] == [(3, True)]
    assert (report.accepted, caseload.list().total) == (True, 1)


def test_a_row_that_hangs_on_nobody_readable_refuses_even_good_rows_only(caseload: Caseload) -> None:
    tables = build.blade_tables(build.children(2))
    tables["senneed"][1]["activeplanstableid"] = "=cmd"
    report = caseload.import_sen2(build.blade_files(tables), GOOD)
    assert not report.accepted
    assert caseload.list().total == 0


def test_an_xml_person_with_an_element_twice_is_left_out_of_good_rows(caseload: Caseload) -> None:
    (file,) = build.xml(*build.children(2))
    twice = file.content.replace(b"<Sex>M</Sex>", b"<Sex>M</Sex><Sex>F</Sex>", 1)
    report = caseload.import_sen2([common_pb2.ImportFile(name="sen2.xml", content=twice)], GOOD)
    assert (report.created, [(found.row, found.column) for found in report.problems]) == (1, [(1, "Sex")])


def test_two_imports_at_once_create_each_case_once(caseload: Caseload) -> None:
    files = build.blade(*build.children(40))
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(caseload.import_sen2, [files, files]))
    assert sorted((report.created, report.unchanged) for report in reports) == [(0, 40), (40, 0)]


def test_an_older_return_is_remarked_on(caseload: Caseload) -> None:
    caseload.import_sen2(build.blade(Child(), exported="01-02-2024"))
    report = caseload.import_sen2(build.blade(Child(), exported="01-02-2023"))
    assert ["older" in warning.reason for warning in report.warnings] == [True]


def test_an_authority_that_sets_its_own_key_has_other_ids(keyed_settings: Settings, shared_caseload: Caseload) -> None:
    shared_caseload.import_sen2(build.blade(Child()))
    with serving(keyed_settings) as service:
        service.import_sen2(build.blade(Child()))
        assert service.only_case().case_id != shared_caseload.only_case().case_id
