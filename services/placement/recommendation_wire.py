"""A recommendation as bytes: put together from parts made before, and the same as if it were one message."""

from __future__ import annotations

from dataclasses import dataclass

from inborough.placement.v1 import placement_pb2
from services.placement.packing import packed_field
from shared.ids import content_id

_ID = placement_pb2.Recommendation.RECOMMENDATION_ID_FIELD_NUMBER
_ANSWERED = placement_pb2.RecommendOptionsResponse.RECOMMENDATION_FIELD_NUMBER


@dataclass(frozen=True)
class GivenRecommendation:
    """`content` is the serialised Recommendation as it is kept; `beginning` its fields up to the options, without id.

    What was refused, which is most of it, is in the bytes alone.
    """

    recommendation_id: str
    content: bytes
    beginning: placement_pb2.Recommendation

    def answer(self, later: placement_pb2.LaterArrivals | None) -> placement_pb2.RecommendOptionsResponse:
        """What the caller is answered, with what is known of later arrivals."""
        rest = placement_pb2.RecommendOptionsResponse(later_arrivals=later).SerializeToString()
        return placement_pb2.RecommendOptionsResponse.FromString(packed_field(_ANSWERED, self.content) + rest)


def give_recommendation(
    beginning: placement_pb2.Recommendation, refused: bytes, ending: placement_pb2.Recommendation
) -> GivenRecommendation:
    """Give a recommendation its id, which is made of its content: the fields before `refused`, that one, those after.

    protobuf writes fields in the order of their numbers, so these are the bytes of the whole message.
    """
    parts = beginning.SerializeToString(deterministic=True), refused, ending.SerializeToString(deterministic=True)
    content = b"".join(parts)
    recommendation_id = content_id("rec", content)
    return GivenRecommendation(recommendation_id, packed_field(_ID, recommendation_id.encode()) + content, beginning)
