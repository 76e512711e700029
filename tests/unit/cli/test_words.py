"""Codes and amounts in plain words."""

from __future__ import annotations

from services import words


def test_an_effect_of_nothing_is_none() -> None:
    assert words.knock_on({"inmss_or_out_of_borough": 0, "annual_cost_pence": 0}) == "none"
    assert words.knock_on({}) == "none"


def test_an_effect_names_children_before_money_and_money_before_minutes() -> None:
    terms = {"travel_minutes": -12, "annual_cost_pence": 4_820_049, "unplaced": 2}
    assert words.knock_on(terms) == "2 more children without a place; £48,200 more a year; 12 fewer minutes of travel"


def test_one_child_is_not_children() -> None:
    assert words.knock_on({"inmss": 1}) == "1 more child in INMSS"


def test_a_saving_is_the_effect_turned_round() -> None:
    assert words.saving({"annual_cost_pence": 900_000}) == "£9,000 less a year"


def test_a_term_that_is_not_known_is_shown_by_its_name() -> None:
    assert words.knock_on({"peer_mix": 3}) == "3 more peer mix"
    assert words.term("peer_mix") == "Peer mix"


def test_the_heaviest_saving_comes_first_and_ids_break_ties() -> None:
    savings = {"b": {"annual_cost_pence": 5}, "a": {"annual_cost_pence": 5}, "c": {"unplaced": 1}}
    assert [pool for pool, _ in words.most_first(savings)] == ["c", "a", "b"]


def test_miles_have_one_decimal() -> None:
    assert words.miles(3900) == "2.4 miles"


def test_year_groups_are_named_as_schools_name_them() -> None:
    assert [words.year_group(year) for year in (-1, 0, 7)] == ["nursery", "Reception", "Year 7"]
    assert words.year_span(0, 6) == "R to Y6"
    assert words.year_span(7, 7) == "Y7"


def test_days_left_are_said_as_people_say_them() -> None:
    said = [words.days_left(days) for days in (-12, -1, 0, 1, 12)]
    assert said == ["12 days overdue", "1 day overdue", "today", "tomorrow", "in 12 days"]


def test_instants_are_shown_by_the_clock_in_england() -> None:
    assert words.instant("2024-02-01T09:30:00Z") == "1 Feb 2024 09:30"
    assert words.instant("2024-07-01T09:30:00Z") == "1 Jul 2024 10:30"
    assert words.instant("") == ""


def test_a_code_that_is_not_known_is_shown_by_its_name() -> None:
    assert words.codes(["home", "peer_mix"], {"home": "where the child lives"}) == "where the child lives, peer mix"
