"""A world made from what is remembered of the last is, to the byte, the world made whole."""

from __future__ import annotations

import random

import pytest

from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.surveying import Remembered, world_of
from tests.builders.surveys import Authority


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_the_world_is_the_one_made_whole(seed: int) -> None:
    authority = Authority(random.Random(seed))
    remembered, worlds, key = Remembered(), set(), Pseudonyms(b"test")
    for _ in range(5):
        survey = authority.survey()
        found = world_of(survey, authority.as_neighbours(), remembered, [], key).to_bytes()
        assert found == world_of(survey, authority.as_neighbours(), Remembered(), [], key).to_bytes()
        worlds.add(found)
        authority.change()
    assert len(worlds) == 5


def test_one_decision_prices_no_more_than_the_child_it_is_about() -> None:
    authority = Authority(random.Random(9))
    remembered, key = Remembered(), Pseudonyms(b"test")
    world_of(authority.survey(), authority.as_neighbours(), remembered, [], key)
    authority.pairs.clear()
    at = next(at for at, case in authority.cases.items() if case.decision_due.top_up_band)
    authority.cases[at].ClearField("decision_due")
    authority.held[at] = 0
    world_of(authority.survey(), authority.as_neighbours(), remembered, [], key)
    about_the_child = [len(authority.pools)] * 3
    assert authority.pairs in (about_the_child, about_the_child * 2), "a second time for a need without a band"
