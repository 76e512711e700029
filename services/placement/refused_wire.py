"""Refused pools as bytes of a recommendation, packed once for all children whom the rules judge alike.

Most of a recommendation is what was refused, and most of that is the same for many children. So its bytes are kept, as
protobuf writes them, and joined: no message is made of them, nor copied.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from inborough.placement.v1 import placement_pb2
from services.placement.model.judge import CodedVerdict, Judgement
from services.placement.model.ranking import CaseOptions
from services.placement.model.rules import FAILS
from services.placement.option_wire import verdict_messages
from services.placement.packing import packed_field

REFUSALS_KEPT = 20_000
_FIELD = placement_pb2.Recommendation.REFUSED_FIELD_NUMBER


class _Refused(NamedTuple):
    """A pool row, how many rules fail there, and the field that says so. In order: the nearest misses first."""

    fails: int
    pool: int
    packed: bytes


_alike: WeakKeyDictionary[Judgement, dict[int, Sequence[_Refused]]] = WeakKeyDictionary()


def refused_options(options: CaseOptions, shown: Collection[int]) -> bytes:
    """`Recommendation.refused`: pools that some rule fails and that are not shown, with the verdicts that do not say
    "meets".

    Ordered by how few rules fail, then pool id: the nearest misses first.
    """
    judgement, case = options.judgement, options.case_row
    refused = _refused_alike(judgement, case)
    if concerning := judgement.pools_concerning(case):
        others = (found for found in refused if found.pool not in concerning)
        refused = sorted([*others, *(_refused(judgement, pool, judgement.unmet_in(case, pool)) for pool in concerning)])
    elsewhere = {*options.pool.tolist(), *shown}
    return b"".join([found.packed for found in refused if found.pool not in elsewhere])


def _refused_alike(judgement: Judgement, case: int) -> Sequence[_Refused]:
    """Every pool, as for all cases of the same signature that none of them concerns."""
    known, signature = _alike.setdefault(judgement, {}), judgement.signature_of(case)
    if signature not in known:
        unmet = judgement.unmet_alike(case)
        known[signature] = sorted(_refused(judgement, pool, verdicts) for pool, verdicts in enumerate(unmet))
    return known[signature]


def _refused(judgement: Judgement, pool: int, verdicts: Sequence[CodedVerdict]) -> _Refused:
    facts = judgement.facts.pools[pool]
    fails = sum(verdict.judged.outcome == FAILS for verdict in verdicts)
    return _Refused(fails, pool, _packed(facts.pool_id, facts.setting_name, tuple(verdicts)))


@lru_cache(maxsize=REFUSALS_KEPT)
def _packed(pool_id: str, setting_name: str, verdicts: tuple[CodedVerdict, ...]) -> bytes:
    """The field for one pool, packed once for all cases refused alike."""
    messages = verdict_messages(verdicts)
    refused = placement_pb2.RefusedOption(pool_id=pool_id, setting_name=setting_name, verdicts=messages)
    return packed_field(_FIELD, refused.SerializeToString(deterministic=True))
