"""Siting finds the best set of bids, proves it, and ranks the next; every small instance is tried by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from services.placement.model.siting import SitingProgress, SitingSearch, solve_siting
from services.placement.model.siting_problem import SitingProblem, ready_from, sampled_slips
from tests.builders.siting import a_siting_problem, allowed_sets, cost_by_trying, siting_problems

TRIES = 60


def expected_by_trying(problem: SitingProblem, bids: tuple[int, ...]) -> float:
    return float(np.mean(cost_by_trying(problem, bids)))


@settings(max_examples=200)
@given(siting_problems())
def test_the_best_set_costs_what_the_best_of_all_sets_costs(problem: SitingProblem) -> None:
    answer = solve_siting(problem, SitingSearch(runners_up=0, hindsight=False))
    least = min(expected_by_trying(problem, bids) for bids in allowed_sets(problem))
    assert answer.best.expected_pence == pytest.approx(least, abs=1)
    assert answer.gap == pytest.approx(0, abs=1e-6)


def test_a_best_set_a_penny_from_its_bound_is_proven() -> None:
    """Costs and bounds are rounded each for itself: what saves 3 pounds would else have a gap of 0.3 %."""
    there = np.zeros((2, 2, 4), dtype=np.bool_)
    there[0, 1, 2] = True
    children = np.zeros((2, 2, 3), dtype=np.int64)
    children[:, 1, 2] = 2
    share = np.zeros((3, 4))
    share[2, 2] = 1.0
    problem = SitingProblem(
        bid_ids=("bid-0", "bid-1", "bid-2", "bid-3"),
        capital_pence=np.zeros(4, dtype=np.int64),
        running_pence=np.array([0, 0, 1500, 0]),
        places=np.array([4, 4, 2, 4]),
        least_children=np.array([4, 4, 0, 4]),
        given=np.zeros(4, dtype=np.bool_),
        exclusive=(),
        ready=there,
        share=share,
        child_pence=np.zeros((3, 4), dtype=np.int64),
        otherwise_pence=np.array([0, 0, 1100]),
        children=children,
        budget_pence=0,
        discount_rate=0.035,
    )
    assert solve_siting(problem, SitingSearch(runners_up=0, hindsight=False)).gap == 0


@settings(max_examples=TRIES)
@given(siting_problems())
def test_runners_up_are_the_next_best_of_all_sets_in_order(problem: SitingProblem) -> None:
    answer = solve_siting(problem, SitingSearch(runners_up=2, hindsight=False))
    by_trying = sorted(expected_by_trying(problem, bids) for bids in allowed_sets(problem))
    found = [answer.best, *answer.runners_up]
    assert len(found) == min(3, len(by_trying))
    assert [one.expected_pence for one in found] == pytest.approx(by_trying[: len(found)], abs=1)
    assert len({one.bids for one in found}) == len(found)


@settings(max_examples=TRIES)
@given(siting_problems())
def test_a_sets_cost_on_each_path_is_what_trying_everything_gives(problem: SitingProblem) -> None:
    answer = solve_siting(problem, SitingSearch(runners_up=1, hindsight=False))
    for one in (answer.best, *answer.runners_up, answer.nothing):
        assert one.path_pence.tolist() == pytest.approx(cost_by_trying(problem, one.bids), abs=1)


@settings(max_examples=TRIES)
@given(siting_problems())
def test_the_budget_and_exclusions_are_kept(problem: SitingProblem) -> None:
    answer = solve_siting(problem, SitingSearch(runners_up=2, hindsight=False))
    allowed = set(allowed_sets(problem))
    for one in (answer.best, *answer.runners_up):
        assert one.bids in allowed
        assert one.capital_pence == problem.capital_pence[list(one.bids)].sum() <= problem.budget_pence


@settings(max_examples=TRIES)
@given(siting_problems())
def test_regret_is_never_below_nothing_and_hindsight_is_the_best_of_each_path(problem: SitingProblem) -> None:
    answer = solve_siting(problem, SitingSearch(runners_up=2))
    every = [cost_by_trying(problem, bids) for bids in allowed_sets(problem)]
    assert answer.hindsight_pence.tolist() == pytest.approx(np.min(every, axis=0).tolist(), abs=1)
    for one in (answer.best, *answer.runners_up, answer.nothing):
        assert one.expected_regret_pence >= 0
        assert one.worst_regret_pence >= one.expected_regret_pence
        assert one.worst_regret_pence == (one.path_pence - answer.hindsight_pence)[one.worst_path]


@settings(max_examples=TRIES)
@given(siting_problems())
def test_every_child_is_in_a_bid_or_not_and_no_bid_is_over_its_places(problem: SitingProblem) -> None:
    best = solve_siting(problem, SitingSearch(runners_up=0, hindsight=False)).best
    there = problem.children.sum(axis=2).mean(axis=0)
    assert best.children.sum(axis=1) + best.otherwise == pytest.approx(there)
    assert (best.children <= problem.places + 1e-9).all()
    closed = [bid for bid in range(problem.bid_count) if bid not in best.bids and not problem.given[bid]]
    assert not best.children[:, closed].any()


@settings(max_examples=TRIES)
@given(siting_problems())
def test_cells_alike_may_be_one(problem: SitingProblem) -> None:
    doubled = replace(
        problem,
        children=np.concatenate([problem.children, problem.children], axis=2),
        share=np.concatenate([problem.share, problem.share]),
        child_pence=np.concatenate([problem.child_pence, problem.child_pence]),
        otherwise_pence=np.concatenate([problem.otherwise_pence, problem.otherwise_pence]),
    )
    together = replace(problem, children=problem.children * 2)
    search = SitingSearch(runners_up=0, hindsight=False)
    assert solve_siting(doubled, search).best.expected_pence == solve_siting(together, search).best.expected_pence


def test_the_same_problem_gives_the_same_answer() -> None:
    problem = a_siting_problem(children=[[[3]], [[12]]])
    first, second = (solve_siting(problem, SitingSearch(runners_up=1)) for _ in range(2))
    assert [one.bids for one in (first.best, *first.runners_up)] == [
        one.bids for one in (second.best, *second.runners_up)
    ]
    assert first.best.path_pence.tolist() == second.best.path_pence.tolist()


def test_sets_that_cost_the_same_are_ordered_by_less_capital_then_fewer_bids_then_earlier_ones() -> None:
    twins = a_siting_problem(capital_pence=[20_000, 20_000], places=[4, 4], children=[[[4]]])
    answer = solve_siting(twins, SitingSearch(runners_up=3))
    assert (answer.best.bids, answer.best.capital_pence) == ((), 0)
    assert [one.bids for one in answer.runners_up] == [(0,), (1,), (0, 1)]


def test_a_unit_opens_only_with_four_children_at_least() -> None:
    unit = {"least_children": [4, 0], "places": [6, 1], "capital_pence": [100, 10**6], "running_pence": [1_000, 0]}
    three = solve_siting(a_siting_problem(children=[[[3]]], **unit))
    four = solve_siting(a_siting_problem(children=[[[4]]], **unit))
    seven = solve_siting(a_siting_problem(children=[[[7]]], **unit))
    assert (three.best.bids, four.best.bids) == ((), (0,))
    assert four.best.expected_pence == 100 + 1_000 + 4 * 5_000
    assert seven.best.children.tolist() == [[6.0, 0.0]]


def test_a_unit_does_not_run_and_costs_nothing_in_a_year_with_too_few() -> None:
    problem = a_siting_problem(
        children=[[[5], [2]]],
        least_children=[4, 0],
        places=[6, 1],
        capital_pence=[100, 10**6],
        running_pence=[1_000, 0],
    )
    best = solve_siting(problem).best
    assert best.children[:, 0].tolist() == [5.0, 0.0]
    assert best.expected_pence == 100 + 1_000 + 5 * 5_000 + 2 * 10_000


def test_later_years_count_for_less() -> None:
    problem = a_siting_problem(children=[[[0], [4]]], discount_rate=0.1, budget_pence=10_000)
    assert solve_siting(problem).best.expected_pence == round(10_000 + 4 * 5_000 / 1.1)


def test_places_that_exist_are_used_and_neither_funded_nor_paid() -> None:
    problem = a_siting_problem(given=[True, False], capital_pence=[0, 30_000], children=[[[4]]])
    best = solve_siting(problem).best
    assert (best.bids, best.expected_pence, best.children.tolist()) == ((), 20_000, [[4.0, 0.0]])


def test_a_bid_takes_no_more_than_its_part_of_a_cell() -> None:
    problem = a_siting_problem(share=[[0.5, 0.0]], capital_pence=[0, 0])
    assert solve_siting(problem).best.children.tolist() == [[4.0, 0.0]]
    narrow = a_siting_problem(share=[[0.2, 0.0]], capital_pence=[0, 0])
    assert solve_siting(narrow).best.children.tolist() == [[2.0, 0.0]]


def test_a_bid_that_may_be_late_is_weighed_by_the_years_it_loses() -> None:
    slips = sampled_slips(np.array([0.0, 1.0]), paths=3, seed=1)
    ready = ready_from([2026, 2026], slips, 2026, 2)
    assert ready[:, :, 0].all()
    assert ready[:, :, 1].tolist() == [[False, True]] * 3


def test_one_bids_chance_does_not_move_anothers_draws() -> None:
    before, after = (sampled_slips(np.array([chance, 0.5]), paths=50, seed=3) for chance in (0.1, 0.9))
    assert before[:, 1].tolist() == after[:, 1].tolist()
    assert before[:, 0].sum() < after[:, 0].sum()


def test_progress_tells_the_set_the_saving_and_the_gap() -> None:
    rng = np.random.default_rng(5)
    bids, cells = 12, 8
    problem = SitingProblem(
        bid_ids=tuple(map(str, range(bids))),
        capital_pence=rng.integers(20_000, 60_000, bids),
        running_pence=rng.integers(0, 5_000, bids),
        places=rng.integers(3, 9, bids),
        least_children=np.zeros(bids, dtype=np.int64),
        given=np.zeros(bids, dtype=np.bool_),
        exclusive=(),
        ready=np.ones((4, 3, bids), dtype=np.bool_),
        share=(rng.random((cells, bids)) < 0.4).astype(np.float64),
        child_pence=rng.integers(1_000, 5_000, (cells, bids)),
        otherwise_pence=np.full(cells, 9_000),
        children=rng.integers(0, 9, (4, 3, cells)),
        budget_pence=180_000,
    )
    told: list[SitingProgress] = []
    answer = solve_siting(problem, SitingSearch(runners_up=1), told.append)
    assert {one.doing for one in told} == {"best", "runner-up", "hindsight"}
    assert [one.number for one in told if one.doing == "hindsight"] == [1, 2, 3, 4]
    assert any(one.gap is not None and one.saving_pence is not None for one in told)
    assert answer.bound_pence <= answer.best.expected_pence
    assert answer.hindsight_pence.mean() <= answer.best.expected_pence


def test_a_stop_by_the_person_ends_the_engine_and_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    joined: list[float | None] = []
    join = Thread.join

    def stop_first(thread: Thread, timeout: float | None = None) -> None:
        joined.append(timeout)
        if len(joined) == 1:
            raise KeyboardInterrupt
        join(thread, timeout)

    monkeypatch.setattr(Thread, "join", stop_first)
    with pytest.raises(KeyboardInterrupt):
        solve_siting(a_siting_problem())
    assert joined[-1] is None


def test_the_engine_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    solve_siting(a_siting_problem())
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"bid_ids": ("same", "same")}, "only once"),
        ({"places": [0, 8]}, "places: must be from 1"),
        ({"least_children": [5, 0]}, "least_children: must be from 0 to the bid's places"),
        ({"given": [True, False]}, "places that exist already cost no capital"),
        ({"exclusive": ((0, 2),)}, "names a bid that there is not"),
        ({"share": [[1.5, 1.0]]}, "share: must be from 0 to 1"),
        ({"children": [[[-1]]]}, "children: must be from 0"),
        ({"budget_pence": -1}, "budget_pence: must be 0 or more"),
        ({"discount_rate": 0.5}, "discount_rate: must be from 0 to 0.2"),
        ({"otherwise_pence": [1, 2]}, "children: has the shape"),
    ],
)
def test_a_problem_that_breaks_a_rule_is_refused_with_the_rule(change: dict[str, object], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        a_siting_problem(**change)


@pytest.mark.parametrize(
    ("change", "rule"), [({"gap": 0.9}, "gap"), ({"runners_up": 11}, "runners_up"), ({"seconds": 0}, "seconds")]
)
def test_a_search_that_breaks_a_rule_is_refused(change: dict[str, float], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        SitingSearch(**change)  # type: ignore[arg-type]
