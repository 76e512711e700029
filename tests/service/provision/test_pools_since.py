"""Which pools changed since a revision, on both databases: whoever follows holds what a whole answer gives."""

from __future__ import annotations

from datetime import date

from inborough.provision.v1 import provision_pb2 as pb
from shared.days import to_wire
from tests.builders.provision import FIRST_DAY, a_placement, pool_row, pools_file
from tests.service.provision.conftest import Running


def changes(service: Running, known: str, first_day: date = FIRST_DAY) -> pb.ListPlacePoolsResponse:
    request = pb.ListPlacePoolsRequest(first_day=to_wire(first_day), known_revision=known, changes_only=True)
    return service.stub.ListPlacePools(request, timeout=30)


def merged(before: pb.ListPlacePoolsResponse, answer: pb.ListPlacePoolsResponse) -> pb.ListPlacePoolsResponse:
    """The whole answer that the changes make of the one before."""
    held = {pool.pool_id: pool for pool in before.pools if pool.pool_id not in set(answer.gone_ids)}
    held |= {pool.pool_id: pool for pool in answer.pools}
    whole = pb.ListPlacePoolsResponse()
    whole.CopyFrom(answer)
    for name in ("pools", "changes_only", "gone_ids"):
        whole.ClearField(name)
    whole.pools.extend(held[pool_id] for pool_id in sorted(held))
    return whole


def test_only_the_pool_of_an_offer_and_its_group_are_sent(school: Running) -> None:
    before = changes(school, "")
    assert not before.changes_only
    school.offer("case_1", pool_id="pool_LOW")
    answer = changes(school, before.revision)
    assert [pool.pool_id for pool in answer.pools] == ["pool_LOW"]
    assert [group.places_offered for group in answer.groups] == [1]
    assert merged(before, answer) == school.list_pools()


def test_following_placements_offers_and_imports_gives_what_a_whole_answer_gives(school: Running) -> None:
    held = changes(school, "")
    stays = a_placement("case_b")
    for step in (
        lambda: school.caseload.change("rev_2", a_placement("case_a"), stays),
        lambda: school.offer("case_c"),
        lambda: school.caseload.change("rev_3", stays, a_placement("case_d", urn=0)),
        lambda: school.import_pools(pools_file(pool_row(pool_ref="NEW", urn="100002", first_day="2025-09-01"))),
    ):
        step()
        answer = changes(school, held.revision)
        assert answer.changes_only
        held = merged(held, answer)
        assert held == school.list_pools()


def test_of_a_revision_that_nobody_remembers_every_pool_is_sent(school: Running) -> None:
    answer = changes(school, "rev_0000000000000000")
    assert (answer.changes_only, len(answer.pools)) == (False, 3)


def test_nothing_is_sent_while_nothing_has_changed(school: Running) -> None:
    answer = changes(school, changes(school, "").revision)
    assert (answer.unchanged, answer.changes_only, len(answer.pools)) == (True, False, 0)


def test_a_caller_of_the_release_before_is_sent_everything(school: Running) -> None:
    before = school.list_pools()
    school.offer()
    assert len(school.list_pools(before.revision).pools) == 3
