"""Worlds of today's facts: made when something changed, by one thread, and ready before anybody asks."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import cast

import pytest

from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.forecast.simulation.levers import Definition
from services.placement.operations import known_worlds, worlds
from services.placement.operations.context import Context
from services.placement.operations.known_worlds import KnownWorlds
from services.placement.operations.worlds import known_world, refresh_world
from shared.errors import ChangedMeanwhile, WrongState
from tests.builders.surveys import Authority

DEFINITION = Definition("Test", 2026)


@pytest.fixture(autouse=True)
def _its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2026-01-15")


@pytest.fixture
def authority() -> Authority:
    return Authority(random.Random(3))


def context_of(authority: Authority) -> Context:
    parts = SimpleNamespace(neighbours=authority, worlds=KnownWorlds(), pseudonyms=Pseudonyms(b"test"))
    return cast(Context, parts)


def test_a_world_stands_until_something_changes(authority: Authority) -> None:
    context = context_of(authority)
    first = known_world(context, DEFINITION)
    assert known_world(context, Definition("Shorter", 2026, years=2)) is first
    authority.change()
    assert known_world(context, DEFINITION).world.hash != first.world.hash


def test_of_several_who_ask_at_once_one_makes_it(authority: Authority) -> None:
    context = context_of(authority)
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: known_world(context, DEFINITION), range(4)))
    assert (len(found), authority.asked) == (1, 1)


def test_it_is_made_ready_at_most_once_a_minute(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    context, now = context_of(authority), [1000.0]
    monkeypatch.setattr(known_worlds, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(worlds, "time", SimpleNamespace(monotonic=lambda: now[0]))
    assert refresh_world(context)
    ready = known_world(context, DEFINITION)
    assert authority.asked == 1
    authority.change()
    now[0] += 59
    assert not refresh_world(context)
    now[0] += 2
    assert refresh_world(context)
    assert known_world(context, DEFINITION) is not ready
    assert authority.asked == 2
    now[0] += 61
    assert not refresh_world(context), "nothing changed"


def test_without_children_there_is_nothing_to_make_ready(authority: Authority) -> None:
    authority.cases.clear()
    assert not refresh_world(context_of(authority))
    with pytest.raises(WrongState, match="no open cases"):
        known_world(context_of(authority), DEFINITION)


def test_cases_and_places_that_are_never_of_one_moment_are_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "of_cases", lambda: "another")
    with pytest.raises(ChangedMeanwhile, match="Cases are being changed"):
        known_world(context_of(authority), DEFINITION)
