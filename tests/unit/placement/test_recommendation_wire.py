"""Bytes put together by hand are those that protobuf makes of the whole message."""

from __future__ import annotations

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services.placement.packing import packed_field
from services.placement.recommendation_wire import give_recommendation
from shared.ids import content_id

BEGINNING = placement_pb2.Recommendation(
    case_id="case_1",
    first_day=common_pb2.Date(year=2026, month=9, day=1),
    policy="suitable-then-near/1",
    options=[
        placement_pb2.Option(rank=1, knock_on=placement_pb2.KnockOn(terms={"unplaced": 0, "minutes": -3})),
        placement_pb2.Option(rank=2, flags=["nearer_suitable_setting"]),
    ],
)
REFUSED = [placement_pb2.RefusedOption(pool_id=f"pool_{number}", setting_name="x" * number) for number in (0, 200, 9)]
ENDING = placement_pb2.Recommendation(
    facts_hash="ab12", options_not_shown=4, left_out=[placement_pb2.LeftOutSetting(urn=111111)]
)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384, 2_100_000])
def test_a_field_is_as_protobuf_writes_it(length: int) -> None:
    content = "é" * (length // 2) + "x" * (length % 2)
    known = placement_pb2.Recommendation(travel_method=content).SerializeToString()
    number = placement_pb2.Recommendation.TRAVEL_METHOD_FIELD_NUMBER
    assert packed_field(number, content.encode()) == known or not length


def test_a_field_of_a_high_number_is_too() -> None:
    option = placement_pb2.Option(legal_note="noted", flags=["one"])
    number = placement_pb2.Option.FLAGS_FIELD_NUMBER
    assert placement_pb2.Option.FromString(packed_field(number, b"one")).flags == option.flags


def test_the_parts_of_a_recommendation_are_the_whole() -> None:
    number = placement_pb2.Recommendation.REFUSED_FIELD_NUMBER
    refused = b"".join(packed_field(number, each.SerializeToString()) for each in REFUSED)
    given = give_recommendation(BEGINNING, refused, ENDING)
    whole = placement_pb2.Recommendation()
    for part in (BEGINNING, placement_pb2.Recommendation(refused=REFUSED), ENDING):
        whole.MergeFrom(part)
    assert given.recommendation_id == content_id("rec", whole.SerializeToString(deterministic=True))
    whole.recommendation_id = given.recommendation_id
    assert given.content == whole.SerializeToString(deterministic=True)
    later = placement_pb2.LaterArrivals(as_of_time="2026-01-01T00:00:00Z")
    assert given.answer(None) == placement_pb2.RecommendOptionsResponse(recommendation=whole)
    assert given.answer(later) == placement_pb2.RecommendOptionsResponse(recommendation=whole, later_arrivals=later)
