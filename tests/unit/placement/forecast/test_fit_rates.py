"""Demand rates from an authority's own plans, from the published tables, and from neither."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from services.placement.forecast.rates.fit_rates import fit_rates
from services.placement.forecast.rates.history import PlanHistory
from services.placement.forecast.rates.published_rates import PublishedRates, damped_growth, england_rates
from services.placement.forecast.rates.rates import NEEDS, DemandRates

AS_OF = date(2024, 8, 31)
SEMH = NEEDS.index("SEMH")


def a_history(new_a_year: int = 300, years: int = 4, *, need: int | None = None, seed: int = 1) -> PlanHistory:
    """Plans that began evenly over the years, of England's ages, a tenth of them ceased by now."""
    draw = Random(seed)
    cells = england_rates().profile
    ages = draw.choices(range(26), cells.sum(axis=1), k=new_a_year * years)
    needs = [draw.choices(range(14), cells[age])[0] if need is None else need for age in ages]
    days = [AS_OF - timedelta(days=draw.randrange(365 * years)) for _ in ages]
    ceased = [draw.randrange(day.toordinal(), AS_OF.toordinal() + 1) if draw.random() < 0.1 else 0 for day in days]
    reception = [day.year - (day.month < 9) - age + 4 for day, age in zip(days, ages, strict=True)]
    return PlanHistory(
        np.array(reception), np.array(needs), np.array([day.toordinal() for day in days]), np.array(ceased), AS_OF
    )


def known_level(new_plans: float = 250.0) -> PublishedRates:
    return replace(england_rates(), new_plans=new_plans)


def test_without_history_the_published_level_and_englands_shape_are_taken() -> None:
    rates = fit_rates(None, known_level(250.0))
    assert rates.new_plans.sum() == pytest.approx(250.0)
    assert np.allclose(rates.new_plans / 250.0, england_rates().profile)
    assert "No own history" in rates.source


def test_without_history_or_level_it_says_what_to_give() -> None:
    with pytest.raises(ValueError, match="import SEN2, or name the folder"):
        fit_rates(None, None)


def test_an_empty_history_is_none() -> None:
    nothing = np.array([], dtype=np.int64)
    rates = fit_rates(PlanHistory(nothing, nothing, nothing, nothing, AS_OF), known_level(90.0))
    assert rates.new_plans.sum() == pytest.approx(90.0)


def test_own_history_sets_the_level() -> None:
    rates = fit_rates(a_history(300), None)
    assert 260 < rates.new_plans.sum() < 420
    assert "3 year(s) to 2024-08-31" in rates.source


def test_a_need_that_is_larger_here_is_believed_and_still_shrunk() -> None:
    england = england_rates().profile[:, SEMH].sum()
    mixed, only = a_history(300), a_history(300, need=SEMH, seed=2)
    started, ceased = (
        np.concatenate([getattr(each, name) for each in (mixed, only)]) for name in ("started", "ceased")
    )
    reception, need = (
        np.concatenate([getattr(each, name) for each in (mixed, only)]) for name in ("reception_year", "need")
    )
    both = PlanHistory(reception, need, started, ceased, AS_OF)
    observed = float((both.need == SEMH).mean())
    fitted = fit_rates(both, None).new_plans
    assert england < fitted[:, SEMH].sum() / fitted.sum() <= observed + 1e-9


def test_a_need_that_england_does_not_publish_is_believed_as_it_is() -> None:
    syndrome = NEEDS.index("DS")
    history = a_history(300)
    need = history.need.copy()
    need[::20] = syndrome
    fitted = fit_rates(replace(history, need=need), None).new_plans
    assert fitted[:, syndrome].sum() / fitted.sum() == pytest.approx(0.05, abs=0.015)


def test_no_cell_with_a_chance_in_england_is_impossible_here() -> None:
    rates = fit_rates(a_history(60), None)
    assert (rates.new_plans[england_rates().profile > 0] > 0).all()


def test_chances_to_cease_are_between_englands_and_the_own() -> None:
    history, england = a_history(2000), england_rates().cease
    exposed, gone = np.sum([history.exposed(ago) for ago in range(3)], axis=0)
    own = gone / np.maximum(exposed, 1)
    fitted = fit_rates(history, None).cease
    known = exposed > 0
    assert (fitted[known] >= np.minimum(own, england)[known] - 1e-9).all()
    assert (fitted[known] <= np.maximum(own, england)[known] + 1e-9).all()


def test_the_same_history_gives_the_same_rates() -> None:
    first, again = (fit_rates(a_history(200), None) for _ in range(2))
    assert first.new_plans.tobytes() == again.new_plans.tobytes()
    assert first.cease.tobytes() == again.cease.tobytes()


def test_days_after_the_history_ends_do_not_count() -> None:
    history = a_history(100)
    later = replace(history, started=np.where(history.started > AS_OF.toordinal() - 40, 10**6, history.started))
    assert fit_rates(later, None).new_plans.sum() < fit_rates(history, None).new_plans.sum()


def test_a_plan_ceases_on_or_after_the_day_it_starts() -> None:
    with pytest.raises(ValueError, match="on or after the day it starts"):
        PlanHistory(np.array([2015]), np.array([0]), np.array([738_000]), np.array([737_000]), AS_OF)


def test_a_trend_is_damped() -> None:
    first, later, spread = damped_growth(np.array([100.0, 110.0, 121.0, 133.1]))
    assert math.log(1.1) > first > later > 0
    assert spread == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"cease": np.full(26, 1.5)}, "chances from 0 to 1"),
        ({"new_plans": np.zeros((26, 3))}, r"new_plans is float64\[26, 14\]"),
        ({"new_plans": np.full((26, 14), -1.0)}, "0 or more"),
        ({"growth": 3.0}, "from -1 to 1"),
        ({"level_sd": -0.1}, "level_sd is 0 or more"),
        ({"source": ""}, "source says"),
    ],
)
def test_rates_that_cannot_be_are_refused_with_the_rule(change: dict[str, object], rule: str) -> None:
    rates = fit_rates(None, known_level())
    values = {name: getattr(rates, name) for name in DemandRates.__dataclass_fields__}
    with pytest.raises(ValueError, match=rule):
        DemandRates(**(values | change))
