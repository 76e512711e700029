"""Whom a round of near children thinks of: who could save by going there, beside a neighbour who could."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.placement.model.joint.together import MOST_TOGETHER, could_save, near_each_other, sent_together
from tests.builders.joint import Town, one_street

SEPARATE = np.array([0, 2])  # each of the two children at the school near it; options 1 and 3 are at the far one
SAVED = np.array([100, 100])


def test_homes_are_near_up_to_so_many_metres_and_never_their_own_neighbour() -> None:
    east, north, known = np.array([0, 1500, 3001, 0]), np.zeros(4, np.int64), np.array([1, 1, 1, 0])
    assert near_each_other(east, north, known, 1500) == (frozenset({1}), frozenset({0}), frozenset(), frozenset())
    assert near_each_other(east[:0], north[:0], known[:0], 1500) == ()


def test_an_option_could_save_what_the_least_journey_there_leaves() -> None:
    assert could_save(one_street().joint(), SEPARATE, SAVED).tolist() == [0, 63, 0, 63]


def test_nothing_is_saved_by_what_is_worse_before_money_or_by_who_has_no_place() -> None:
    worse = replace(one_street(), options=({0: (0, 0), 2: (1, 0)}, {1: (0, 0), 2: (0, 0)}))
    assert could_save(worse.joint(), SEPARATE, SAVED).tolist() == [0, 0, 0, 63]
    assert could_save(one_street().joint(), np.array([-1, 2]), SAVED).tolist() == [0, 0, 0, 63]


def test_children_go_together_with_neighbours_who_could_save_too() -> None:
    joint = one_street().joint()
    assert [rows.tolist() for rows in sent_together(joint, np.array([0, 63, 0, 63]))] == [[1, 3]]
    assert not sent_together(joint, np.array([0, 63, 0, 0]))
    strangers = replace(one_street(), street=(0, 1), car=((100, 100), (100, 100), (150, 150)), others=((0, 0),) * 3)
    assert not sent_together(strangers.joint(), np.array([0, 63, 0, 63]))


def test_of_very_many_those_who_could_save_most_are_thought_of() -> None:
    many = MOST_TOGETHER + 5
    town = Town((0,) * many, (0,), (many,), tuple({0: (0, 0)} for _ in range(many)), ((10,),), ((0,),))
    (rows,) = sent_together(town.joint(), np.arange(1, many + 1))
    assert rows.tolist() == list(range(5, many))
