"""A what-if in words: which settings its ranking leaves out, and what the law asks all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inborough.placement.v1 import placement_pb2

RULE = "left_out_of_question"
"""The rule under which a what-if refuses the pools of settings that it leaves out."""
EXPLAINED = (
    "Ranked as if what is left out could not be named in this question; that is no finding about it. The effect on "
    "others is read from the same plan as ever."
)


def headline(given: placement_pb2.Recommendation) -> str:
    """ "What-if: Ash School (100001) and Birch School (100002) left out"; "" where everything was ranked."""
    names = [f"{left.setting_name} ({left.urn})" for left in given.left_out]
    if not names:
        return ""
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"What-if: {listed} left out"


def warnings(given: placement_pb2.Recommendation) -> Iterator[str]:
    """Of each setting left out that the family asked for: that its request comes first in law."""
    for left in given.left_out:
        if left.requested:
            yield (
                f"Leaving out {left.setting_name} answers nothing about the family's request for it, which the law "
                f"asks about first. {left.legal_note}"
            )


def is_left_out(pool: placement_pb2.RefusedOption) -> bool:
    """Whether a pool is refused because whoever asked left its setting out."""
    return any(verdict.rule == RULE for verdict in pool.verdicts)


def refused_by_rules(pools: Iterable[placement_pb2.RefusedOption]) -> list[placement_pb2.RefusedOption]:
    """Refused pools without those that were only left out."""
    return [pool for pool in pools if not is_left_out(pool)]


def left_out_pools(pools: Iterable[placement_pb2.RefusedOption]) -> list[placement_pb2.RefusedOption]:
    """Pools at the settings left out, by setting."""
    return sorted(filter(is_left_out, pools), key=lambda pool: pool.setting_name)


def names(given: placement_pb2.Recommendation) -> dict[int, str]:
    """Settings left out, by URN."""
    return {left.urn: left.setting_name for left in given.left_out}
