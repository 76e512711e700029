"""GIAS establishment files, as releases really differ."""

from __future__ import annotations

import pytest

from services.provision.domain.settings import GridReference, Setting
from services.provision.imports.gias import read_settings
from shared.imports.report import SourceFile
from tests.builders.provision import GIAS_COLUMNS, gias_file, gias_row

HALTON_STADIUM = "WA8 7DZ"


def _only(**cells: str) -> Setting:
    found = read_settings(gias_file(gias_row(**cells)))
    assert not found.problems
    [setting] = found.settings
    return setting


def test_every_fact_is_read_by_its_column() -> None:
    assert _only() == Setting(
        urn=100001,
        name="Invented School",
        type_code=7,
        type_name="Community special school",
        la_code=876,
        la_name="Halton",
        location=GridReference(350000, 385000),
        low_age=11,
        high_age=16,
        admits_sex="mixed",
        status="Open",
        needs=("SEMH",),
        school_capacity=112,
        number_on_roll=104,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_names_survive_in_windows_and_unicode_files(encoding: str) -> None:
    file = gias_file(gias_row(EstablishmentName="St Zoë’s – École"), encoding=encoding)
    assert read_settings(file).settings[0].name == "St Zoë’s – École"


def test_only_four_columns_are_needed() -> None:
    needed = ["URN", "EstablishmentName", "TypeOfEstablishment (code)", "LA (code)"]
    row = {column: gias_row()[column] for column in needed}
    [setting] = read_settings(gias_file(row, columns=needed)).settings
    assert (setting.location, setting.low_age, setting.admits_sex, setting.needs) == (None, None, "", ())


def test_columns_may_move_and_new_ones_may_come_even_with_formulas_in_them() -> None:
    columns = ["SchoolWebsite", *reversed(GIAS_COLUMNS), "OfstedRating (name)"]
    file = gias_file(gias_row(SchoolWebsite="@school", **{"OfstedRating (name)": "=1"}), columns=columns)
    assert read_settings(file).settings == [_only()]


def test_headings_may_drift_in_case_and_spaces() -> None:
    header, _, rest = gias_file().content.partition(b"\r\n")
    drifted = header.replace(b"EstablishmentName", b"establishment name").replace(b"LA (code)", b"LA(Code)")
    assert read_settings(SourceFile("gias.csv", drifted + b"\r\n" + rest)).settings == [_only()]


@pytest.mark.parametrize(
    ("names", "needs"),
    [
        (["SEMH - Social, Emotional and Mental Health", "ASD - Autistic Spectrum Disorder"], ("SEMH", "ASD")),
        (["Not Applicable", "SLCN - Speech, language and Communication"], ("SLCN",)),
        (["", "", "SpLD - Specific Learning Difficulty"], ("SPLD",)),
        (["Not Applicable"], ()),
        (["VI - Visual Impairment", "VI - Visual Impairment"], ("VI",)),
        (["BESD - Behaviour, Emotional and Social Difficulty", "OTH - Other Difficulty/Disability"], ("SEMH", "OTH")),
    ],
)
def test_needs_are_the_codes_of_sen1_to_sen13_in_order(names: list[str], needs: tuple[str, ...]) -> None:
    cells = {f"SEN{place} (name)": name for place, name in enumerate(names, start=1)}
    assert _only(**cells).needs == needs


def test_a_need_that_is_unknown_is_left_out_with_a_warning() -> None:
    found = read_settings(gias_file(gias_row(**{"SEN1 (name)": "XYZ - Something new"})))
    assert found.settings[0].needs == ()
    assert [(warning.row, warning.value) for warning in found.warnings] == [(2, "XYZ - Something new")]


@pytest.mark.parametrize(
    ("said", "approved"), [("Approved", True), ("Not approved", False), ("Not applicable", False), ("", False)]
)
def test_section_41_approval_is_read(said: str, approved: bool) -> None:
    assert _only(**{"Section41Approved (name)": said}).section_41_approved is approved


@pytest.mark.parametrize(("said", "admits"), [("Boys", "boys"), ("Mixed", "mixed"), ("Not applicable", ""), ("", "")])
def test_whom_it_admits_is_read(said: str, admits: str) -> None:
    assert _only(**{"Gender (name)": said}).admits_sex == admits


@pytest.mark.parametrize("missing", ["", "0"])
def test_without_a_grid_reference_the_postcode_says_where_it_is(missing: str) -> None:
    located = _only(Easting=missing, Northing=missing, Postcode=HALTON_STADIUM.lower().replace(" ", "")).location
    assert located is not None
    assert abs(located.easting - 350_800) < 2_000
    assert abs(located.northing - 385_300) < 2_000


@pytest.mark.parametrize("postcode", ["ZZ99 9ZZ", "nonsense", "1", "", "É1 1AA"])
def test_an_open_setting_that_cannot_be_located_is_kept_with_a_warning(postcode: str) -> None:
    found = read_settings(gias_file(gias_row(Easting="", Northing="", Postcode=postcode)))
    assert found.settings[0].location is None
    assert [(warning.row, warning.column) for warning in found.warnings] == [(2, "Postcode")]


def test_nobody_is_warned_of_a_closed_setting_without_a_location() -> None:
    closed = gias_row(Easting="", Northing="", **{"EstablishmentStatus (name)": "Closed"})
    assert not read_settings(gias_file(closed)).warnings


def test_an_unknown_status_is_kept_and_taken_as_not_open() -> None:
    found = read_settings(gias_file(gias_row(**{"EstablishmentStatus (name)": "Asleep"})))
    assert not found.settings[0].is_open
    assert [warning.column for warning in found.warnings] == ["EstablishmentStatus (name)"]


def test_ages_the_wrong_way_round_are_kept_with_a_warning() -> None:
    found = read_settings(gias_file(gias_row(StatutoryLowAge="16", StatutoryHighAge="11")))
    assert [warning.column for warning in found.warnings] == ["StatutoryLowAge"]


def test_good_rows_are_read_beside_bad_ones() -> None:
    found = read_settings(gias_file(gias_row(URN="bad"), gias_row(), gias_row(URN="100002", StatutoryLowAge="x")))
    assert [setting.urn for setting in found.settings] == [100001]
    assert (found.rows_read, sorted(problem.row for problem in found.problems)) == (3, [2, 4])
