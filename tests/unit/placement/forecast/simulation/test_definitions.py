"""A definition that breaks a rule is refused, naming field, value and rule."""

from __future__ import annotations

from typing import Any

import pytest

from services.placement.forecast.simulation.levers import read_definition, read_definition_file
from services.placement.forecast.simulation.prepare import prepare
from tests.builders.world import FIRST_YEAR, tiny_world

BASE = {"name": "base", "kind": "resource_base", "places": 5, "opens": "2027-09-01", "urn": 900_001}
WELL = {"name": "Test", "first_year": FIRST_YEAR}


def opening(**changes: Any) -> dict[str, Any]:
    return {"levers": {"open": [{**BASE, **changes}]}}


def transport(**changes: Any) -> dict[str, Any]:
    return {"levers": {"transport_prices": [changes]}}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"years": 0}, "years: 0 is not from 1 to 15."),
        ({"years": 2.5}, "years: 2.5 is not a whole number."),
        ({"replicates": True}, "replicates: True is not a whole number."),
        ({"seed": -1}, "seed: -1 is not from 0 to 2147483647."),
        ({"name": 3}, "name: 3 is not text."),
        ({"policy": "cheapest"}, "policy: 'cheapest' is no policy"),
        ({"colour": 1}, "colour: is not known here; known are name, first_year"),
        ({"levers": [1]}, "levers: [1] is not a table of open"),
        ({"levers": {"growth": 2}}, "levers.growth: 2 is not from -0.5 to 1."),
        ({"levers": {"open": {}}}, "levers.open: {} is not a list."),
        ({"levers": {"open": [{}]}}, "levers.open[0].name: is missing."),
        (opening(places=0), "levers.open[0].places: 0 is not from 1 to 200."),
        (opening(kind="annexe"), "levers.open[0].kind: 'annexe' is not one of mainstream"),
        (opening(opens="soon"), "levers.open[0].opens: 'soon' is not a day such as 2027-09-01."),
        (opening(needs=["XYZ"]), "levers.open[0].needs[0]: 'XYZ' is not one of SPLD"),
        (opening(years=[7]), "levers.open[0].years: [7] is not a first and a last year group, such as [7, 11]."),
        (opening(years=[9, 7]), "levers.open[0].years: [9, 7] is not a first and a last year group"),
        (opening(urn=0), "levers.open[0].urn: 0 is not from 1"),
        (opening(chance=1.2), "levers.open[0].chance: 1.2 is not from 0 to 1."),
        (opening(kind="hn_unit", places=7), "levers.open[0]: places: 7 is more than the 6 of a High Needs unit."),
        (opening(kind="hn_unit", needs=["ASD"]), "levers.open[0]: needs: a High Needs unit is for SEMH."),
        ({"levers": {"open": [BASE, BASE]}}, "levers.open: 'base' is the name of two pools."),
        ({"levers": {"extend": [{"pool": "p", "places": 1}]}}, "levers.extend[0].opens: is missing."),
        ({"levers": {"delay": [{"pool": "p", "months": 0}]}}, "levers.delay[0].months: 0 is not from 1 to 60."),
        (
            {"levers": {"risks": {"late_chance": 0.5, "late_months": []}}},
            "levers.risks: late_months: say by how many months it may be late.",
        ),
        ({"levers": {"demand": [{"factor": 2, "phase": "KS9"}]}}, "levers.demand[0].phase: 'KS9' is not one of"),
        ({"levers": {"cease": [{"factor": 11}]}}, "levers.cease[0].factor: 11 is not from 0 to 10."),
        ({"levers": {"inflation": {"fees": 0.1}}}, "levers.inflation.fees: is not known here"),
        (transport(fuel=1.2), "levers.transport_prices[0].fuel: 1.2 is not from -0.5 to 1."),
        (transport(contract=-0.6), "levers.transport_prices[0].contract: -0.6 is not from -0.5 to 1."),
        (transport(fuel=0.1, fuel_share=15), "levers.transport_prices[0].fuel_share: 15 is not from 0 to 1."),
        (transport(fuel=0.1, from_year=27), "levers.transport_prices[0].from_year: 27 is not from 2000 to 2100."),
        (transport(), "levers.transport_prices[0]: say how much fuel or contract rises a year"),
        (
            {"levers": {"transport_prices": [{"fuel": 0.1}, {"contract": 0.1}]}},
            "levers.transport_prices: two of them begin in 2000; say all of it in one.",
        ),
        (
            {"levers": {"preferences": {"mainstream": 0.7, "state_special": 0.7}}},
            "levers.preferences: the shares come to 1.4, more than 1.",
        ),
        (
            {"levers": {"opportunities": {"mainstream_rather_than_mss": 0.7, "base_rather_than_mss": 0.7}}},
            "levers.opportunities: the shares of children rather than MSS come to more than 1.",
        ),
        ({"levers": {"hn_units": {"min_pupils": 9}}}, "levers.hn_units.min_pupils: 9 is not from 1 to 6."),
        ({"money": {"income_pence": "lots"}}, "money.income_pence: 'lots' is not a whole number."),
        ({"probes": [{"need": "SEMH"}]}, "probes[0].phase: is missing."),
        ({"probes": [{"need": "SEMH", "phase": "KS3", "places": 999}]}, "probes[0].places: 999 is not from 1 to 200."),
        ({"areas": [{"name": "A", "easting": -1, "northing": 0}]}, "areas[0].easting: -1 is not from 0 to 700000."),
    ],
)
def test_what_breaks_a_rule_is_named(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        read_definition({**WELL, **table})
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"first_year": 2030}, "first_year: 2030 is not the facts' first year, 2026."),
        (opening(urn=123), "levers.open[0].urn: no pool on file is at 123"),
        (opening(like="pool_x"), "levers.open[0].like: no pool on file is 'pool_x'"),
        (opening(kind="sen_unit"), "levers.open[0].like: no pool on file is of the kind sen_unit"),
        (
            {"levers": {"open": [{**{k: v for k, v in BASE.items() if k != "urn"}, "area": "Nowhere"}]}},
            "levers.open[0].area",
        ),
        (
            {"levers": {"extend": [{"pool": "pool_x", "places": 1, "opens": "2027-09-01"}]}},
            "levers.extend[0].pool: no pool on file is 'pool_x'",
        ),
        (
            {"levers": {"extend": [{"pool": "pool_main", "places": 1, "opens": "2027-09-01"}]}},
            "levers.extend[0].pool: pool_main has no fixed number of places to extend.",
        ),
        (
            {"levers": {"delay": [{"pool": "lever:x", "months": 1}]}},
            "levers.delay[0].pool: no pool on file is 'lever:x'",
        ),
        (
            {"levers": {"close": [{"pool": "pool_x", "closes": "2027-09-01"}]}},
            "levers.close[0].pool: no pool on file is 'pool_x'",
        ),
        ({"probes": [{"need": "SEMH", "phase": "KS3", "area": "Mars"}]}, "probes[0].area: 'Mars' is no area"),
    ],
)
def test_what_the_facts_contradict_is_named(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        prepare(tiny_world(), read_definition({**WELL, **table}))
    assert str(caught.value).startswith(said)


def test_a_file_that_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"no TOML file.*line 2"):
        read_definition_file('name = "x"\nyears = \n')


def test_a_day_may_be_a_toml_date() -> None:
    text = 'name = "x"\nfirst_year = 2026\n[[levers.close]]\npool = "p"\ncloses = 2027-09-01\n'
    assert read_definition_file(text).levers.close[0].closes.year == 2027


def test_the_baseline_keeps_everything_but_the_levers() -> None:
    scenario = read_definition({**WELL, **opening(), "seed": 7, "money": {"income_pence": 5}})
    baseline = scenario.baseline()
    assert (baseline.seed, baseline.money) == (7, scenario.money)
    assert not baseline.levers.open
