"""ListPlacePools: counted from caseload's placements at the time of asking, never from half of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import REGISTRY

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import InvalidInput, NeighbourDown
from shared.imports.report import SourceFile
from tests.builders.provision import a_placement, gias_file, gias_row, pool_row, pools_file
from tests.service.provision.conftest import Running


@pytest.fixture
def halton(running: Running) -> Running:
    """Two settings, one out of borough; a pool of ten in each, and one in a group of fifteen."""
    running.import_settings(gias_file(gias_row(), gias_row(**{"URN": "100002", "LA (code)": "877"})))
    running.import_pools(
        pools_file(
            pool_row(),
            pool_row(pool_ref="FAR", urn="100002", group_ref="G", group_places="5"),
            pool_row(pool_ref="LATER", urn="100002", first_day="2025-09-01"),
        )
    )
    return running


def test_places_are_counted_from_the_placements_that_caseload_has(halton: Running) -> None:
    halton.caseload.change(
        "rev_2",
        a_placement("case_a"),
        a_placement("case_b", 12),
        a_placement("case_c", urn=0),
        a_placement("case_d", urn=900001, part="sen_unit"),
    )
    answer = halton.list_pools()
    near = answer.pools[0]
    assert [pool.pool_id for pool in answer.pools] == ["pool_A", "pool_FAR", "pool_LATER"]
    assert (near.places_commissioned, near.places_filled, near.places_leaving, near.places_free) == (10, 1, 1, 9)
    assert list(near.held_by) == ["case_a"]
    assert (near.kind, list(near.needs), near.admits_sex, near.basis) == (
        "state_special",
        ["SEMH"],
        "mixed",
        "authority",
    )
    assert [(found.urn, found.part, found.placements) for found in answer.unpooled] == [(900001, "sen_unit", 1)]
    assert answer.authority == "E06000006"


def test_groups_and_later_openings_are_told(halton: Running) -> None:
    answer = halton.list_pools()
    [group] = answer.groups
    assert (group.group_id, group.places_commissioned, group.places_free, list(group.pool_ids)) == (
        "group_G",
        5,
        5,
        ["pool_FAR"],
    )
    later = answer.pools[2]
    assert (later.places_commissioned, later.places_free) == (0, 0)
    assert later.opens_on == common_pb2.Date(year=2025, month=9, day=1)
    assert not answer.pools[0].HasField("opens_on")
    assert not answer.pools[0].HasField("wheelchair_accessible")


def test_a_pool_without_a_fixed_number_sends_none(halton: Running) -> None:
    halton.import_pools(pools_file(pool_row(pool_ref="COLLEGE", kind="further_education", places_commissioned="")))
    college = next(pool for pool in halton.list_pools().pools if pool.pool_id == "pool_COLLEGE")
    assert not college.HasField("places_commissioned")
    assert not college.HasField("places_free")


def test_nothing_is_sent_while_nothing_has_changed(halton: Running) -> None:
    first = halton.list_pools()
    again = halton.list_pools(first.revision)
    assert (again.revision, again.unchanged, len(again.pools)) == (first.revision, True, 0)
    assert halton.caseload.asked_with == ["", "rev_1"]


def test_a_changed_placement_changes_the_revision_and_the_places(halton: Running) -> None:
    first = halton.list_pools()
    halton.caseload.change("rev_2", a_placement())
    second = halton.list_pools(first.revision)
    assert (second.unchanged, second.pools[0].places_filled) == (False, 1)
    assert second.revision != first.revision


def test_a_changed_pool_changes_the_revision_and_the_places(halton: Running) -> None:
    first = halton.list_pools()
    halton.import_pools(pools_file(pool_row(places_commissioned="12")))
    second = halton.list_pools(first.revision)
    assert (second.unchanged, second.pools[0].places_commissioned) == (False, 12)


def test_another_first_day_is_another_revision(halton: Running) -> None:
    first = halton.list_pools()
    later = halton.stub.ListPlacePools(
        provision_pb2.ListPlacePoolsRequest(
            first_day=common_pb2.Date(year=2025, month=9, day=1), known_revision=first.revision
        ),
        timeout=5,
    )
    assert (later.unchanged, later.pools[2].places_commissioned) == (False, 10)


def test_a_repeated_question_has_the_same_answer(halton: Running) -> None:
    halton.caseload.change("rev_2", a_placement("case_b"), a_placement("case_a"))
    assert halton.list_pools() == halton.list_pools()


def test_caseload_down_is_said_and_no_old_answer_is_given(halton: Running) -> None:
    known = halton.list_pools().revision
    halton.caseload_server.stop(0)
    for revision in ("", known):
        with pytest.raises(NeighbourDown, match="caseload"):
            halton.list_pools(revision)


def test_many_askers_at_once_get_whole_answers(halton: Running) -> None:
    def ask(at: int) -> tuple[int, int]:
        halton.caseload.change(f"rev_{at}", *(a_placement(f"case_{child}") for child in range(7)))
        near = halton.list_pools().pools[0]
        return near.places_filled, near.places_free

    halton.caseload.change("rev_start", *(a_placement(f"case_{child}") for child in range(7)))
    with ThreadPoolExecutor(8) as askers:
        assert set(askers.map(ask, range(40))) == {(7, 3)}


def test_a_day_that_is_none_is_refused(running: Running) -> None:
    for day in (None, common_pb2.Date(year=2024, month=2, day=30)):
        with pytest.raises(InvalidInput, match="first_day"):
            running.stub.ListPlacePools(provision_pb2.ListPlacePoolsRequest(first_day=day), timeout=5)


def test_the_gauges_follow_what_was_counted(halton: Running) -> None:
    halton.caseload.change("rev_2", a_placement(), a_placement("case_2", urn=100002))
    halton.list_pools()
    assert _gauge("inborough_places_free", kind="state_special", in_borough="yes") == 9
    assert _gauge("inborough_places_free", kind="state_special", in_borough="no") == 4  # the group has no more
    assert _gauge("inborough_settings") == 2


def test_an_authority_with_nothing_on_file_has_no_pools(running: Running) -> None:
    running.import_settings(SourceFile("gias.csv", gias_file().content))
    answer = running.list_pools()
    assert (len(answer.pools), len(answer.groups), bool(answer.revision)) == (0, 0, True)


def _gauge(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)
