"""A what-if: which settings a question leaves out, and what is kept of that with its ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inborough.placement.v1 import placement_pb2
from services.placement import option_wire
from services.placement.model.ranking import CaseOptions
from services.placement.operations.context import Context
from shared.errors import InvalidInput

MOST_LEFT_OUT = 20
FIELD = "excluded_urns"


@dataclass(frozen=True)
class Question:
    """Whose options are ranked, how many are shown, and the URNs of settings left out, ordered and each once."""

    case_id: str
    top: int
    left_out: tuple[int, ...] = ()


def check_left_out(urns: Sequence[int]) -> tuple[int, ...]:
    """The URNs in order, each once, so that the same question has the same answer. Raises InvalidInput."""
    if len(urns) > MOST_LEFT_OUT:
        raise InvalidInput(FIELD, f"must name at most {MOST_LEFT_OUT} settings")
    return tuple(sorted(set(urns)))


def left_out_settings(
    context: Context, options: CaseOptions, urns: Sequence[int]
) -> Iterator[placement_pb2.LeftOutSetting]:
    """Each setting left out, and what the law asks where the family requested it.

    Raises InvalidInput for one that is not on file today.
    """
    judgement = options.judgement
    for urn in urns:
        pools = [judgement.facts.pools[row] for row in judgement.pools_at(urn)]
        request = options.case.request_for(urn)
        is_full = bool(pools) and all(pool.places_free == 0 for pool in pools)
        yield placement_pb2.LeftOutSetting(
            urn=urn,
            setting_name=pools[0].setting_name if pools else _name_on_file(context, urn),
            requested=request is not None,
            legal_note=option_wire.legal_note(request, is_full=is_full) if request else "",
        )


def _name_on_file(context: Context, urn: int) -> str:
    setting = context.neighbours.find_setting(urn)
    if setting is None:
        raise InvalidInput(FIELD, f"URN {urn} is no setting on file today. See `inborough pools`.")
    return setting.name
