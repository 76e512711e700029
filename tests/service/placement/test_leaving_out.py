"""A what-if that leaves settings out: ranked as if they could not be named, over the demonstration authority."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from shared.errors import InvalidInput
from tests.builders.identity import connect

Stub = placement_pb2_grpc.PlacementServiceStub
RULE = "left_out_of_question"


@pytest.fixture(scope="module")
def cases(neighbours: dict[str, str]) -> list[caseload_pb2.Case]:
    with connect("caseload", neighbours["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(page_size=500)
        return list(caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=10).cases)


@pytest.fixture(scope="module")
def due(neighbours: dict[str, str]) -> list[caseload_pb2.Case]:
    with connect("caseload", neighbours["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=500)
        return list(caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=10).cases)


def recommend(placement: Stub, case_id: str, *left_out: int, **fields: object) -> placement_pb2.Recommendation:
    request = placement_pb2.RecommendOptionsRequest(case_id=case_id, excluded_urns=left_out, **fields)  # type: ignore[arg-type]
    return placement.RecommendOptions(request, timeout=30).recommendation


def left_out_names(given: placement_pb2.Recommendation) -> set[str]:
    return {pool.setting_name for pool in given.refused if pool.verdicts[0].rule == RULE}


def test_the_others_move_up_with_their_costs_and_effects_as_they_were(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    checked = 0
    for case in due[::10]:
        usual = recommend(on_sqlite, case.case_id, top=50)
        if case.preferences or len(usual.options) < 2:
            continue
        first = usual.options[0]
        given = recommend(on_sqlite, case.case_id, first.urn, top=50)
        rest = [option for option in usual.options if option.urn != first.urn]
        assert [option.rank for option in given.options] == list(range(1, len(given.options) + 1))
        both = zip(rest, given.options, strict=False)  # more may come into the 50 that are shown
        for was, now in both:
            was.rank, was.level_with_best = now.rank, now.level_with_best
            assert was == now
        assert left_out_names(given) == {first.setting_name}
        checked += 1
    assert checked > 3


def test_its_pools_are_refused_by_whoever_asked_and_not_by_a_finding(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    case = next(case for case in due if not case.preferences)
    first = recommend(on_sqlite, case.case_id).options[0]
    given = recommend(on_sqlite, case.case_id, first.urn)
    assert [(each.urn, each.setting_name, each.requested) for each in given.left_out] == [
        (first.urn, first.setting_name, False)
    ]
    refused = next(pool for pool in given.refused if pool.pool_id == first.pool_id)
    assert refused.verdicts[0].outcome == common_pb2.OUTCOME_FAILS
    assert refused.verdicts[0].reason == ("Left out of this what-if by whoever asked; not a finding about the setting.")
    assert not any(verdict.rule == RULE for option in given.options for verdict in option.verdicts)


def test_the_same_question_has_the_same_answer_which_is_kept_with_what_was_left_out(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    case_id = due[0].case_id
    usual = recommend(on_sqlite, case_id)
    one, other = (option.urn for option in usual.options[:2])
    given = recommend(on_sqlite, case_id, one, other)
    assert given.recommendation_id != usual.recommendation_id
    assert given.facts_hash == usual.facts_hash, "the facts are the same; only the question differs"
    assert recommend(on_sqlite, case_id, other, one, one).recommendation_id == given.recommendation_id
    request = placement_pb2.GetRecommendationRequest(recommendation_id=given.recommendation_id)
    kept = on_sqlite.GetRecommendation(request, timeout=5).recommendation
    assert kept == given
    assert [each.urn for each in kept.left_out] == sorted({one, other})
    again = recommend(on_sqlite, case_id, *(each.urn for each in kept.left_out))
    again.as_of_time = given.as_of_time
    assert again == given
    assert not recommend(on_sqlite, case_id).left_out, "and the question without a what-if is as it was"


def test_a_request_can_be_left_out_and_the_law_stays(on_sqlite: Stub, due: list[caseload_pb2.Case]) -> None:
    refused = 0
    for case in [case for case in due if case.preferences][:40]:
        urns = {asked.urn for asked in case.preferences}
        given = recommend(on_sqlite, case.case_id, *urns, top=3)
        assert not urns & {option.urn for option in given.options}
        assert {each.urn for each in given.left_out} == urns
        assert all(each.requested and each.legal_note and each.setting_name for each in given.left_out)
        names = left_out_names(given)
        refused += bool(names)
        assert names <= {each.setting_name for each in given.left_out}
    assert refused > 10


def test_every_pool_is_an_option_or_refused_or_counted_as_not_shown(
    on_sqlite: Stub, due: list[caseload_pb2.Case]
) -> None:
    for case in due[::30]:
        first = recommend(on_sqlite, case.case_id, top=1).options[0]
        found = recommend(on_sqlite, case.case_id, first.urn, top=3)
        pools = {option.pool_id for option in found.options if option.pool_id}
        refused = {option.pool_id for option in found.refused}
        assert not pools & refused
        assert len(pools) + len(refused) + found.options_not_shown == 141


def test_a_case_that_is_not_due_is_ranked_without_them_too(
    on_sqlite: Stub, cases: list[caseload_pb2.Case], due: list[caseload_pb2.Case]
) -> None:
    known = {case.case_id for case in due}
    plan = caseload_pb2.CASE_STAGE_OPEN_PLAN
    other = next(c for c in cases if c.case_id not in known and c.stage == plan and c.year_group < 9)
    day = common_pb2.Date(year=2024, month=9, day=2)
    first, second = recommend(on_sqlite, other.case_id, first_day=day).options[:2]
    given = recommend(on_sqlite, other.case_id, first.urn, first_day=day)
    assert given.options[0].pool_id == second.pool_id
    assert given.options[0].knock_on == second.knock_on
    assert left_out_names(given) == {first.setting_name}


@pytest.mark.parametrize(
    ("urns", "says"),
    [(range(100001, 100022), "at most 20"), ([999999], "URN 999999 is no setting on file today"), ([-1], "URN -1")],
)
def test_what_cannot_be_left_out_is_refused_naming_the_field(
    on_sqlite: Stub, due: list[caseload_pb2.Case], urns: list[int], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says) as raised:
        recommend(on_sqlite, due[0].case_id, *urns)
    assert raised.value.facts["field"] == "excluded_urns"
