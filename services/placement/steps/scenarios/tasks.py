"""What is asked of a worker process, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from services.placement.storage.shards import ShardKey

DONE, NOT_TAKEN, LOST, STOPPED = "done", "not_taken", "lost", "stopped"
"""What becomes of a task: kept; done or at by others, or no longer wanted; so while at it; left because we end."""


class Task(NamedTuple):
    """A shard to look at, and the name under which it is leased."""

    key: ShardKey
    owner: str


@dataclass(frozen=True)
class Report:
    """What became of a task. `replicate_seconds` are those of the replicates simulated."""

    became: str
    replicate_seconds: list[float] = field(default_factory=list)
