"""How a scenario and its shards stand, and how a scenario is cut into shards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_REPLICATES_A_SHARD, FEWEST_SHARDS = 10, 8
"""Few to a shard and many shards, so that workers share a scenario evenly and little is lost with one; yet several, so
that taking and keeping a shard costs little beside simulating it."""
MOST_FAILURES, MOST_TAKES = 3, 25
"""A shard that raised an error so often, or whose worker died so often, fails its scenario: the next try would too."""
NAME_SHAPE = re.compile(r"[^\W_](?:[\w .,()-]{0,78}[\w.)])?")


class State(StrEnum):
    """How a scenario stands. A baseline has no summing up."""

    WAITING = "waiting"
    RUNNING = "running"
    SUMMING_UP = "summing_up"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def in_words(self) -> str:
        """For a sentence."""
        return self.value.replace("_", " ")


UNDER_WAY = (State.WAITING, State.RUNNING, State.SUMMING_UP)


class ShardState(StrEnum):
    """How a shard stands. A summary is held back until every replicate of the scenario and its baseline is done."""

    HELD_BACK = "held_back"
    READY = "ready"
    LEASED = "leased"
    DONE = "done"


class ShardKind(StrEnum):
    """What there is to do in a shard."""

    REPLICATES = "replicates"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Cut:
    """Some replicates of a scenario, both ends included."""

    first_replicate: int
    last_replicate: int


def cut_into_shards(replicates: int) -> list[Cut]:
    """Consecutive parts of 0 to `replicates` - 1, alike but perhaps the last."""
    size = max(1, min(MOST_REPLICATES_A_SHARD, replicates // FEWEST_SHARDS))
    return [Cut(start, min(start + size, replicates) - 1) for start in range(0, replicates, size)]


def is_name(text: str) -> bool:
    """Whether planners may call a scenario this: 1 to 80 letters, digits, spaces and . , - _ ( )."""
    return len(text) <= 80 and NAME_SHAPE.fullmatch(text) is not None
