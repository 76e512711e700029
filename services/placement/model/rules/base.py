"""What a rule is: one sentence, one code, one judgement from the facts it picks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar

from services.placement.model.facts import CaseFacts, PoolFacts


class Outcome(IntEnum):
    """How a rule came out. The order matters: the worse, the higher."""

    MEETS = 0
    NEEDS_JUDGEMENT = 1
    FAILS = 2


MEETS, NEEDS_JUDGEMENT, FAILS = Outcome.MEETS, Outcome.NEEDS_JUDGEMENT, Outcome.FAILS


@dataclass(frozen=True)
class Judged:
    """An outcome, one plain sentence, and the statute or fact relied on."""

    outcome: Outcome
    reason: str
    evidence: str = ""


class Rule(ABC):
    """One sentence, one code, one judgement. `unsettles`: whether an open question here leaves the option unsettled."""

    code: ClassVar[str]
    unsettles: ClassVar[bool] = False

    def of_case(self, case: CaseFacts) -> Hashable:
        """What the rule looks at in a case; nothing, by default."""
        return None

    def of_pool(self, pool: PoolFacts) -> Hashable:
        """What the rule looks at in a pool; nothing, by default."""
        return None

    @abstractmethod
    def judge(self, case: Any, pool: Any, requested: bool) -> Judged:
        """The outcome for what `of_case` and `of_pool` picked."""
