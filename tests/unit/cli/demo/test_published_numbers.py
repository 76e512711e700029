"""How closely the demonstration reproduces what the Department publishes about Halton."""

import csv
from collections import Counter

import pytest

from services.cli.demo.columns import NEEDS
from services.cli.demo.facts import FACTS
from tests.unit.cli.demo.written import Written, count_by

TOLERANCE = 0.01
AGE = "Child or young persons age"
KIND_TOTALS = {
    "mainstream": (
        "mainstream_la_maintained",
        "mainstream_academy",
        "mainstream_free_school",
        "mainstream_independent",
    ),
    "resource_base": tuple(
        f"mainstream_{sector}_resourced_provision" for sector in ("la_maintained", "academy", "free_school")
    ),
    "sen_unit": tuple(f"mainstream_{sector}_senunit" for sector in ("la_maintained", "academy", "free_school")),
    "state_special": ("special_la_maintained", "special_academy_free"),
    "independent_special": ("special_independent",),
    "non_maintained_special": ("special_non_maintained",),
    "alternative_provision": ("ap_pru_total",),
    "further_education": ("fe_total",),
    "": ("ed_elsewhere", "nm_early_years", "placement_unknown"),
}


def read(table: str) -> list[dict[str, str]]:
    with (FACTS / "halton-published" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CASELOAD = read("caseload")


def is_close(ours: int, theirs: int) -> bool:
    return abs(ours - theirs) <= TOLERANCE * theirs


@pytest.mark.parametrize(
    "row", [row for row in CASELOAD if row["breakdown_topic"] == AGE], ids=lambda row: row["breakdown"]
)
def test_each_age_has_as_many_children_of_each_kind_of_placement_as_published(
    written: Written, row: dict[str, str]
) -> None:
    age = int(row["breakdown"].split()[1])
    counts = count_by([one for one in written.open_plans if one.age == age], "kind")
    ours = {kind: counts[kind,] for kind in KIND_TOTALS}
    theirs = {kind: sum(int(row[column]) for column in columns) for kind, columns in KIND_TOTALS.items()}
    assert ours == theirs, f"{row['breakdown']}: ours {ours}, published {theirs}"


@pytest.mark.parametrize(("sex", "breakdown"), [("F", "Female"), ("M", "Male")])
def test_each_sex_has_as_many_children_of_each_kind_of_placement_as_published(
    written: Written, sex: str, breakdown: str
) -> None:
    (row,) = (row for row in CASELOAD if row["breakdown"] == breakdown)
    counts = count_by([one for one in written.open_plans if one.sex == sex], "kind")
    theirs = {kind: sum(int(row[column]) for column in columns) for kind, columns in KIND_TOTALS.items()}
    assert {kind: counts[kind,] for kind in KIND_TOTALS} == theirs


@pytest.mark.parametrize("need", NEEDS)
def test_each_primary_need_has_its_published_share_of_the_caseload(written: Written, need: str) -> None:
    (row,) = (row for row in read("need_shares_all_plans") if row["breakdown_topic"] == "All EHC plans")
    total = len(written.open_plans)
    ours = sum(one.needs[0] == need for one in written.open_plans) / total
    theirs = float(row[f"{need.lower()}_pc"]) / 100
    one_child = 1 / total
    assert abs(ours - theirs) <= max(TOLERANCE * theirs, one_child), f"{need}: ours {ours:.2%}, published {theirs:.2%}"


@pytest.mark.parametrize("column", ["elective_home_education", "other_arrangements_la", "neet", "nm_early_years"])
def test_children_without_a_setting_have_the_code_that_says_why(written: Written, column: str) -> None:
    codes = {"elective_home_education": "EHE", "other_arrangements_la": "OLA", "neet": "NEET", "nm_early_years": "EYP"}
    (row,) = (row for row in CASELOAD if row["breakdown_topic"] == "All EHC plans")
    ours = sum(one.sensetting == codes[column] for one in written.open_plans)
    assert is_close(ours, int(row[column])), f"{column}: ours {ours}, published {row[column]}"


def test_placements_that_are_not_recorded_are_as_many_as_published(written: Written) -> None:
    (row,) = (row for row in CASELOAD if row["breakdown_topic"] == "All EHC plans")
    assert sum(not one.recorded for one in written.open_plans) == int(row["placement_unknown"])


def test_plans_that_ceased_are_as_many_as_published_for_each_reason(written: Written) -> None:
    reasons = (
        "max_age",
        "needs_met",
        "he",
        "employ",
        "transfer",
        "no_engage",
        "moved_outside_eng",
        "deceased",
        "other",
    )
    (row,) = (row for row in read("ceased_plans") if row["breakdown_topic"] == "All ceased EHC plans")
    ours = Counter(plan["ceasereason"] for plan in written.modules["namedplan"] if plan["ceasedate"])
    theirs = {str(code): int(row[reason]) for code, reason in enumerate(reasons, start=1)}
    assert {code: ours[code] for code in theirs} == theirs
