"""The files are in the formats that councils have, and speak of one another's rows."""

import re
from datetime import date

from services.cli.demo.identifiers import check_letter
from tests.unit.cli.demo.written import MODULES, Written, read_sen2_date

NEED_CODES = {"SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "HI", "VI", "MSI", "PD", "ASD", "DS", "OTH", "ALL"}
KINDS = {
    "mainstream",
    "resource_base",
    "sen_unit",
    "hn_unit",
    "state_special",
    "non_maintained_special",
    "independent_special",
    "alternative_provision",
    "further_education",
}


def test_every_module_names_its_rows_and_their_parents(written: Written) -> None:
    parents = {"requests": "person", "assessment": "requests", "namedplan": "assessment", "plandetail": "namedplan"}
    parents |= {"activeplans": "requests", "placementdetail": "activeplans", "senneed": "activeplans"}
    for module, parent in parents.items():
        ids = {row[f"{parent}tableid"] for row in written.modules[parent]}
        assert {row[f"{parent}tableid"] for row in written.modules[module]} <= ids, module
    for module in MODULES:
        ids_here = [row[f"{module}tableid"] for row in written.modules[module]]
        assert len(set(ids_here)) == len(ids_here), module


def test_every_upn_is_unique_and_its_letter_checks(written: Written) -> None:
    upns = [row["upn"] for row in written.modules["person"]]
    assert len(set(upns)) == len(upns)
    assert all(re.fullmatch(r"[A-Z]\d{12}", upn) and check_letter(upn[1:]) == upn[0] for upn in upns)


def test_the_check_letter_is_the_departments() -> None:
    weighted_sum_of_example = 8 * 2 + 0 * 3 + 1 * 4 + 2 * 5 + 1 * 10 + 1 * 13
    assert check_letter("801200001001") == "ABCDEFGHJKLMNPQRTUVWXYZ"[weighted_sum_of_example % 23] == "H"


def test_every_child_has_one_to_three_needs_ranked_from_one(written: Written) -> None:
    ranks: dict[str, list[int]] = {}
    for row in written.modules["senneed"]:
        ranks.setdefault(row["activeplanstableid"], []).append(int(row["sentyperank"]))
    assert len(ranks) == len(written.modules["activeplans"])
    assert all(found in ([1], [1, 2], [1, 2, 3]) for found in ranks.values())


def test_every_date_of_the_return_reads_as_blade_writes_it(written: Written) -> None:
    for module in MODULES:
        for row in written.modules[module]:
            for column, value in row.items():
                if "date" in column and value:
                    assert read_sen2_date(value) < date(2025, 1, 1), (module, column, value)


def test_every_decision_due_is_for_a_child_of_the_return(written: Written) -> None:
    upns = {row["upn"] for row in written.modules["person"]}
    due = written.table("due")
    assert {row["upn"] for row in due} <= upns
    assert len({row["upn"] for row in due}) == len(due)
    assert 280 <= len(due) <= 330
    assert {row["first_day"] for row in due} == {"2024-09-02"}
    assert {kind for row in due for kind in row["advised_kinds"].split(";") if kind} <= KINDS


def test_new_plans_are_children_with_needs_but_no_named_plan(written: Written) -> None:
    new = {row["upn"] for row in written.table("due") if row["reason"] == "new_plan"}
    assert new
    assert new.isdisjoint(child.upn for child in written.open_plans)


def test_every_preference_is_for_a_case_due_and_a_known_setting(written: Written) -> None:
    due = {row["upn"] for row in written.table("due")}
    preferences = written.table("preferences")
    stating = {row["upn"] for row in preferences}
    assert stating <= due
    assert {row["urn"] for row in preferences} <= set(written.settings)
    assert 0.35 <= len(stating) / len(due) <= 0.5


def test_only_unapproved_independent_schools_are_wholly_independent(written: Written) -> None:
    preferences = written.table("preferences")
    assert {row["legal_class"] for row in preferences} == {"s38_3", "wholly_independent"}
    for row in preferences:
        setting = written.settings[row["urn"]]
        outside = setting["Section41Approved (name)"] == "Not approved" or (
            setting["TypeOfEstablishment (code)"] == "11"
        )
        assert (row["legal_class"] == "wholly_independent") == outside, setting["EstablishmentName"]


def test_every_pool_is_well_formed_and_at_a_known_setting(written: Written) -> None:
    for row in written.table("pools"):
        assert re.fullmatch(r"[A-Za-z0-9-]{1,40}", row["pool_ref"])
        assert row["urn"] in written.settings
        assert row["kind"] in KINDS
        assert set(row["needs"].split(";")) <= NEED_CODES
        assert -1 <= int(row["year_group_low"]) <= int(row["year_group_high"]) <= 20
        assert row["places_commissioned"] or row["kind"] == "further_education"
        assert row["basis"] in ("published", "invented")
        assert row["confirmed"] in ("yes", "no")


def test_every_rate_is_illustrative_and_says_what_it_was_calibrated_to(written: Written) -> None:
    rates = written.table("rates")
    assert all(row["basis"] == "illustrative" and row["source"] for row in rates)


def test_the_readme_counts_what_was_written(written: Written) -> None:
    text = (written.folder / "README.txt").read_text(encoding="utf-8")
    assert f"{len(written.open_plans)} active plans" in text
    assert f"{len(written.table('due'))} decisions due" in text
