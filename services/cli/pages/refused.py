"""Refused place pools, grouped by the rule that refused them, and those that a what-if leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services import words
from services.cli import terminal
from services.cli.typed import typed
from services.words import what_if

NAMES_SHOWN = 3


def left_out_lines(given: placement_pb2.Recommendation) -> Iterator[RenderableType]:
    """What a what-if leaves out, by whoever asked, apart from what the rules refuse; and how to undo it."""
    pools = what_if.left_out_pools(given.refused)
    yield terminal.heading(f"Left out by whoever asked: {words.counted(len(pools), 'place pool')}")
    for pool in pools:
        besides = [v.reason for v in pool.verdicts if v.outcome == common_pb2.OUTCOME_FAILS and v.rule != what_if.RULE]
        yield f"- {pool.setting_name}.{' ' + ' '.join(('A rule fails besides:', *besides)) if besides else ''}"
    yield f"To rank with everything: {typed(f'recommend {given.case_id}')}"


def refused_lines(refused: Sequence[placement_pb2.RefusedOption]) -> Iterator[str]:
    """A line a rule, the one that refused most first: how many, why the first of them, and some names."""
    groups: dict[str, list[placement_pb2.RefusedOption]] = {}
    for pool in refused:
        groups.setdefault(_failed(pool).rule, []).append(pool)
    for rule, pools in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        named = _names(pool.setting_name for pool in pools)
        yield f"- {rule.replace('_', ' ').capitalize()} ({len(pools)}): {named}. {_example(pools)}"


def _failed(pool: placement_pb2.RefusedOption) -> common_pb2.Verdict:
    fails = (verdict for verdict in pool.verdicts if verdict.outcome == common_pb2.OUTCOME_FAILS)
    return next(fails, common_pb2.Verdict(rule="not open"))


def _names(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - NAMES_SHOWN
    return ", ".join(unique[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _example(pools: Sequence[placement_pb2.RefusedOption]) -> str:
    """The reason, when all pools of a group share it; else the first one's, said to be an example."""
    reasons = list(dict.fromkeys(_failed(pool).reason for pool in pools))
    return reasons[0] if len(reasons) == 1 else f"For example: {reasons[0]}"
