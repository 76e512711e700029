"""What is on record of representation, mediation and appeal about a decision: steps that are added and never changed.

Children and Families Act 2014: s.38(2)(b) the family's views on the draft plan and its request for a setting, s.51 the
appeal, ss.52 to 55 mediation. A wrong step is replaced by a later one, or taken back by one without a day; both stay on
the record, and only those that nothing replaces count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StepKind(StrEnum):
    """What a step says, in the order in which a case meets them."""

    DRAFT_SENT = "draft_sent"
    REPRESENTATION = "representation"
    MEETING_ASKED = "meeting_asked"
    MEETING_HELD = "meeting_held"
    MEDIATION_CERTIFICATE = "mediation_certificate"
    APPEAL_REGISTERED = "appeal_registered"
    HEARING = "hearing"
    APPEAL_DECIDED = "appeal_decided"

    @property
    def in_words(self) -> str:
        """ "mediation certificate"."""
        return self.value.replace("_", " ")


class Outcome(StrEnum):
    """How an appeal ended."""

    WITHDRAWN = "withdrawn"
    CONCEDED = "conceded"
    DISMISSED = "dismissed"
    UPHELD_IN_PART = "upheld_in_part"
    UPHELD = "upheld"


class AppealState(StrEnum):
    """Whether an appeal is on record."""

    NONE = "none"
    UNDER_WAY = "under_way"
    DECIDED = "decided"


AFTER_NAMING = (
    StepKind.MEDIATION_CERTIFICATE,
    StepKind.APPEAL_REGISTERED,
    StepKind.HEARING,
    StepKind.APPEAL_DECIDED,
)
"""Steps that follow the final plan; the others are about its draft."""
ONCE = (StepKind.MEDIATION_CERTIFICATE, StepKind.APPEAL_REGISTERED, StepKind.APPEAL_DECIDED)
"""Steps of which one alone stands at a time: one appeal a decision."""


@dataclass(frozen=True)
class Step:
    """One dated fact. `number` counts from 1; `replaces` is the number of an earlier step of that kind, 0 for none.

    Without a day it only takes back the step that it replaces.
    """

    number: int
    kind: StepKind
    happened_on: date | None
    outcome: Outcome | None = None
    reference: str = ""
    replaces: int = 0


def standing(steps: Iterable[Step]) -> list[Step]:
    """The steps that count, in the order in which they were recorded."""
    every = list(steps)
    replaced = {step.replaces for step in every}
    return [step for step in every if step.happened_on is not None and step.number not in replaced]


def days_of(steps: Iterable[Step], kind: StepKind) -> list[date]:
    """The days of the standing steps of a kind, earliest first."""
    return sorted(step.happened_on for step in standing(steps) if step.kind == kind and step.happened_on)


def state_of(steps: Sequence[Step]) -> AppealState:
    """Whether an appeal is registered, and has ended."""
    kinds = {step.kind for step in standing(steps)}
    if StepKind.APPEAL_REGISTERED not in kinds:
        return AppealState.NONE
    return AppealState.DECIDED if StepKind.APPEAL_DECIDED in kinds else AppealState.UNDER_WAY
