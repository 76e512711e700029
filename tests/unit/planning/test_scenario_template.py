"""The template of a scenario is one that can be run, and so is every example in it."""

from __future__ import annotations

import pytest

from services.cli.main import run
from services.placement.forecast.simulation.levers import Levers, read_definition_file
from services.planning.scenario_template import examples_in_use, scenario_template


def test_the_template_is_a_scenario_without_levers() -> None:
    read = read_definition_file(scenario_template(2026))
    assert (read.first_year, read.years, read.replicates) == (2026, 5, 200)
    assert read.levers == Levers()


def test_every_example_in_it_is_sound_and_together_they_pull_every_lever() -> None:
    levers = read_definition_file(examples_in_use(scenario_template(2026))).levers
    assert [name for name in vars(levers) if getattr(levers, name) == getattr(Levers(), name)] == []


@pytest.mark.parametrize(("today", "first_year"), [("2024-02-01", 2024), ("2024-09-01", 2025)])
def test_it_begins_with_the_next_1_september(
    today: str, first_year: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", today)
    assert run(["scenario", "template"]) == 0
    assert f"first_year = {first_year}" in capsys.readouterr().out
