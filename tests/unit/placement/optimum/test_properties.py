"""What must hold of every plan, whatever the problem."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.model.solve import solve
from services.placement.model.solve_file import solve_file
from tests.builders.instances import Instance, random_instance
from tests.unit.placement.optimum.prices import prices_of
from tests.unit.placement.optimum.searched import NOWHERE, has_room, totals_of

RANDOM = st.randoms(use_true_random=False)
INSTANCES = RANDOM.map(random_instance)
examples = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def plan_of(instance: Instance) -> list[int]:
    pools: list[int] = solve(instance.problem()).assigned_pool.tolist()
    return pools


def totals(instance: Instance) -> tuple[int, ...]:
    return tuple(solve(instance.problem()).totals.tolist())


@examples
@given(INSTANCES)
def test_no_pool_or_group_holds_more_than_its_places(instance: Instance) -> None:
    plan = plan_of(instance)
    held = tuple(plan.count(pool) for pool in range(len(instance.places)))
    assert all(has_room(instance, held, pool) for pool in range(len(instance.places)))


@examples
@given(INSTANCES)
def test_each_case_has_one_of_its_own_options_or_is_unplaced(instance: Instance) -> None:
    answer = solve_file(instance.text())
    assert sorted([*answer["assignment"], *answer["unplaced"]]) == sorted(instance.case_ids)
    options = {(instance.case_ids[case], instance.pool_ids[pool]) for case, pool, _ in instance.options}
    assert set(answer["assignment"].items()) <= options


@examples
@given(INSTANCES)
def test_totals_are_sums_of_the_options_chosen(instance: Instance) -> None:
    placed = {case: pool for case, pool in enumerate(plan_of(instance)) if pool != NOWHERE}
    assert totals(instance) == totals_of(instance, placed)


@examples
@given(INSTANCES, RANDOM)
def test_one_more_place_never_costs_more(instance: Instance, random: Random) -> None:
    if instance.places:
        pool = random.randrange(len(instance.places))
        assert totals(instance.with_places(pool, instance.places[pool] + 1)) <= totals(instance)


@examples
@given(INSTANCES)
def test_forcing_an_option_never_saves_and_the_chosen_one_costs_nothing(instance: Instance) -> None:
    plan, nothing = plan_of(instance), (0,) * (instance.term_count + 1)
    for price in prices_of(instance):
        if price.question == "option" and price.said is not None:
            assert price.said >= nothing
            assert plan[price.case] != price.pool or price.said == nothing
        if price.question == "one more place":
            assert price.said is not None
            assert price.said >= nothing


@examples
@given(INSTANCES, RANDOM)
def test_the_order_of_rows_changes_no_byte_of_the_answer(instance: Instance, random: Random) -> None:
    case = random.choice(instance.case_ids) if instance.case_ids else None
    text = json.dumps(solve_file(instance.text(), case))
    assert json.dumps(solve_file(instance.text(order=random.shuffle), case)) == text


@examples
@given(INSTANCES, RANDOM)
def test_an_option_of_a_pool_without_places_changes_nothing(instance: Instance, random: Random) -> None:
    grown = replace(instance, pool_ids=(*instance.pool_ids, "closed"), places=(*instance.places, 0))
    best = (-1_000,) * instance.term_count
    useless = [(case, len(instance.places), best) for case in range(len(instance.case_ids)) if random.random() < 0.5]
    assert plan_of(replace(grown, options=(*grown.options, *useless))) == plan_of(instance)


@examples
@given(INSTANCES, RANDOM)
def test_an_option_dearer_than_one_with_room_for_all_changes_nothing(instance: Instance, random: Random) -> None:
    if not instance.term_count:
        return
    cases, count, pools = len(instance.case_ids), instance.term_count, len(instance.places)
    roomy = replace(instance, pool_ids=(*instance.pool_ids, "roomy", "dear"), places=(*instance.places, cases, 3))
    terms = [(case, tuple(random.randint(-2, 2) for _ in range(count))) for case in range(cases)]
    roomy = replace(roomy, options=(*roomy.options, *((case, pools, own) for case, own in terms)))
    dearer = ((case, pools + 1, (*own[:-1], own[-1] + 1)) for case, own in terms)
    assert plan_of(replace(roomy, options=(*roomy.options, *dearer))) == plan_of(roomy)


@examples
@given(INSTANCES)
def test_other_ids_change_lots_only(instance: Instance) -> None:
    renamed = replace(
        instance,
        case_ids=tuple(f"child {one}" for one in instance.case_ids),
        pool_ids=tuple(f"école {one}" for one in instance.pool_ids),
    )
    assert totals(renamed) == totals(instance)
    assert list(prices_of(renamed)) == list(prices_of(instance))


@examples
@given(INSTANCES)
def test_three_times_every_number_is_the_same_plan_at_three_times_the_total(instance: Instance) -> None:
    tripled = replace(
        instance, options=tuple((case, pool, tuple(3 * n for n in t)) for case, pool, t in instance.options)
    )
    assert plan_of(tripled) == plan_of(instance)
    assert totals(tripled)[1:] == tuple(3 * total for total in totals(instance)[1:])


@examples
@given(INSTANCES)
def test_a_group_with_room_for_all_and_a_case_without_options_leave_the_plan_alone(instance: Instance) -> None:
    everything = (tuple(range(len(instance.places))), len(instance.case_ids))
    wider = replace(instance, groups=(*instance.groups, everything)).with_case("nowhere", {})
    assert plan_of(wider) == [*plan_of(instance), NOWHERE]
