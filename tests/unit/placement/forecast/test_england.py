"""England's carried figures and what is worked out of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from services.placement.forecast.published.england import read_england, write_england
from services.placement.forecast.rates.england import CARRIED, carried_england
from tests.builders.published_tables import invented_tables, write_table


def test_the_profile_of_new_plans_sums_to_one_and_peaks_where_school_begins() -> None:
    by_age = carried_england().profile().sum(axis=1)
    assert by_age.sum() == pytest.approx(1.0)
    assert by_age.argmax() in (3, 4)


def test_chances_to_cease_rise_from_sixteen_and_end_at_twenty_five() -> None:
    chances = carried_england().cease_chances()
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances[16:]) > 0).all()
    assert chances[25] == 1.0


def test_a_year_of_the_carried_rates_ceases_about_as_many_plans_as_were_published() -> None:
    england = carried_england()
    before = england.plans / 1.115
    assert float((before * england.cease_chances()).sum()) == pytest.approx(england.ceased.sum(), rel=0.05)


def test_the_carried_file_is_the_published_tables(tmp_path: Path) -> None:
    folder = os.environ.get("INBOROUGH_DATA")
    if not folder:
        pytest.skip("INBOROUGH_DATA does not name the folder of the Department's tables")
    write_england(read_england(Path(folder)), tmp_path / "england.csv")
    assert (tmp_path / "england.csv").read_bytes() == CARRIED.read_bytes()


def test_a_folder_without_ages_gets_the_carried_figures(tmp_path: Path) -> None:
    tables = invented_tables(authorities=2, first=2019, last=2023, seed=1)
    for name, rows in tables.items():
        kept = [row for row in rows if row["breakdown_topic"] != "Child or young persons age"]
        write_table(tmp_path / f"{name}.csv", kept)
    assert np.array_equal(read_england(tmp_path).plans, carried_england().plans)
