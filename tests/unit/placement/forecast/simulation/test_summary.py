"""Figures with bands, beside the baseline's and paired with it."""

from __future__ import annotations

import numpy as np
import pytest

from services.placement.forecast.simulation.outcome import LINES
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.summary import Figure, summarise
from tests.builders.world import definition, steady_demand, tiny_world

WORLD = tiny_world(rates=steady_demand(yearly=20))
SCENARIO = definition(
    levers={
        "breakdowns": {"factor": 0},
        "open": [
            {
                "name": "b",
                "kind": "resource_base",
                "needs": ["SEMH"],
                "places": 9,
                "opens": "2027-09-01",
                "urn": 900_001,
                "suitable_share": 1.0,
            }
        ],
    },
    probes=[{"need": "SEMH", "phase": "KS2", "places": 3}],
)
MINE = [simulate(WORLD, SCENARIO, replicate) for replicate in range(8)]
BASE = [simulate(WORLD, SCENARIO.baseline(), replicate) for replicate in range(8)]
FIGURES = summarise(MINE, BASE, WORLD, SCENARIO)


def figure(measure: str, year: int = 2028, **words: str) -> Figure:
    """The one figure of exactly these words."""
    blank = {"need": "", "phase": "", "area": "", "kind": "", "pool_id": "", "line": ""}
    wanted = {**blank, **words}
    (found,) = (
        one
        for one in FIGURES
        if one.measure == measure and one.academic_year == year and all(getattr(one, k) == v for k, v in wanted.items())
    )
    return found


def test_a_band_is_the_mean_and_three_quantiles_over_replicates() -> None:
    values = np.array([one.flows[2, 4] for one in MINE])
    band = figure("children").value
    assert (band.mean, band.p50) == (values.mean(), np.median(values))
    assert band.p10 <= band.p50 <= band.p90


def test_a_difference_is_paired_by_replicate() -> None:
    differences = np.array([a.deficit[2] - b.deficit[2] for a, b in zip(MINE, BASE, strict=True)])
    assert figure("deficit").difference is not None
    assert figure("deficit").difference.p90 == np.quantile(differences, 0.9)  # type: ignore[union-attr]


def test_children_by_kind_sum_to_all() -> None:
    kinds = [one for one in FIGURES if one.measure == "children" and one.academic_year == 2028 and one.kind]
    alone = [one.value.mean for one in kinds if not one.need and not one.phase]
    assert sum(alone) == pytest.approx(figure("children").value.mean)


def test_spend_without_a_line_is_the_sum_of_the_lines() -> None:
    lines = [figure("spend", line=line).value.mean for line in LINES]
    assert sum(lines) == pytest.approx(figure("spend").value.mean)


def test_a_pool_that_a_lever_opens_has_no_place_in_the_baseline() -> None:
    used = figure("places_used", pool_id="lever:b")
    assert used.baseline is not None
    assert used.baseline.mean == 0
    assert used.value.mean > 0


def test_a_probe_is_named_by_what_it_asks() -> None:
    found = figure("value_of_places", need="SEMH", phase="KS2", kind="state_special", pool_id="probe:0")
    assert found.unit == "pence"


def test_the_order_of_the_outcomes_is_no_matter() -> None:
    assert summarise(MINE[::-1], BASE, WORLD, SCENARIO) == FIGURES


def test_without_a_baseline_there_is_no_difference() -> None:
    assert all(one.difference is None for one in summarise(MINE, None, WORLD, SCENARIO))


def test_other_replicates_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="other replicates"):
        summarise(MINE, BASE[1:], WORLD, SCENARIO)


def test_a_replicate_counts_once() -> None:
    with pytest.raises(ValueError, match="appears twice"):
        summarise([MINE[0], MINE[0]], None, WORLD, SCENARIO)
