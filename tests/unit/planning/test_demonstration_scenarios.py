"""The demonstration's scenarios can be run as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.placement.forecast.simulation.horizon import check_horizon
from services.placement.forecast.simulation.levers import Levers, read_definition_file

FILES = sorted((Path(__file__).parents[3] / "deploy" / "demo" / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_of_the_demonstration_pulls_levers_within_its_years(file: Path) -> None:
    definition = read_definition_file(file.read_text(encoding="utf-8"))
    check_horizon(definition)
    assert definition.levers != Levers()
