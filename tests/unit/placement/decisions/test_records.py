"""What a record or an agenda still lacks, and why the runner-up was not chosen."""

from __future__ import annotations

from typing import Any

import pytest

from services.placement.domain.agendas import CasePapers, left_behind, missing_papers
from services.placement.domain.decisions import Kind, State
from services.placement.domain.records import Compared, Papers, missing_from, why_not


def whole_papers(**fields: Any) -> Papers:
    """A named place in a base; the setting was consulted and replied; nothing is missing."""
    settled: dict[str, Any] = {
        "kind": Kind.AGREE,
        "state": State.NAMED,
        "place_kind": "resource_base",
        "views_of_child": "Invented.",
        "views_of_parents": "Invented.",
        "urns": frozenset({1}),
        "consulted_urns": frozenset({1}),
        "replied_urns": frozenset({1}),
        "has_appeal_letter": True,
    }
    return Papers(**{**settled, **fields})


def test_a_whole_record_lacks_nothing() -> None:
    assert missing_from(whole_papers()) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"views_of_child": " "}, "views_of_child"),
        ({"views_of_parents": ""}, "views_of_parents"),
        ({"place_kind": "state_special"}, "section_33_steps"),
        ({"urns": frozenset({1, 2})}, "consultation"),
        ({"replied_urns": frozenset()}, "reply"),
        ({"is_signed": False}, "sign_off"),
        ({"has_appeal_letter": False}, "appeal_letter"),
    ],
)
def test_each_thing_that_is_missing_has_its_code(fields: dict[str, Any], code: str) -> None:
    assert missing_from(whole_papers(**fields)) == [code]


def test_the_appeal_letter_is_missed_once_the_place_is_named() -> None:
    assert missing_from(whole_papers(state=State.OFFERED, has_appeal_letter=False)) == []


def test_the_runner_up_is_explained_by_the_terms_in_which_it_differs() -> None:
    chosen = Compared("A", {"annual_cost_pence": 3_000_000, "travel_minutes": 10}, {"inmss_or_out_of_borough": 0})
    runner_up = Compared("B", {"annual_cost_pence": 3_120_000, "travel_minutes": 7}, {"inmss_or_out_of_borough": 1})
    assert why_not(chosen, runner_up) == (
        "Against the place chosen, B means for this child £1,200 more a year; 3 fewer minutes of travel, and for the "
        "other children 1 more child in INMSS or out of borough."
    )


def test_a_level_runner_up_is_said_to_be_level() -> None:
    assert why_not(Compared("A", {"travel_minutes": 9}), Compared("B", {"travel_minutes": 9})).startswith("B is level")


def test_without_a_choice_the_best_that_was_ranked_is_named() -> None:
    assert why_not(None, Compared("B", {})) == "No place was chosen. B was the best that was ranked."


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"has_needs": False}, "needs"),
        ({"has_home": False}, "home"),
        ({"has_advice": False}, "advice"),
        ({"requested_urns": frozenset({1})}, "consultation"),
        ({"requested_urns": frozenset({1}), "consulted_urns": frozenset({1})}, "reply"),
    ],
)
def test_the_papers_of_a_case_lack_what_is_not_on_file(fields: dict[str, Any], code: str) -> None:
    assert missing_papers(CasePapers()) == []
    assert missing_papers(CasePapers(**fields)) == [code]


def test_a_panel_leaves_no_case_behind() -> None:
    agenda = ["a", "b", "c", "d"]
    latest = {"a": State.OFFERED, "b": State.NOT_OFFERED, "c": State.DEFERRED}
    assert left_behind(agenda, latest, []) == ["b", "d"]
    assert left_behind(agenda, latest, ["d", "b"]) == []
