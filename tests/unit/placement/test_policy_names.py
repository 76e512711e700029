"""A policy is found by its name, or by name and version as it is printed."""

from __future__ import annotations

from services.placement.model.policy import find_policy


def test_a_policy_is_found_as_it_is_printed() -> None:
    assert find_policy("suitable-then-least-cost/1") is find_policy("suitable-then-least-cost") is not None


def test_another_version_is_not_there() -> None:
    assert find_policy("suitable-then-least-cost/2") is None
