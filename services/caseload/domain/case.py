"""What is known of one child or young person: no name, UPN, postcode or day of birth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NEED_CODES = tuple("SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH".split())
"""SEN2 `sentype`."""
SEN_SETTINGS = tuple("OLA OPA EHE EYP OTH NEET NIEC NIEO".split())
"""SEN2 `sensetting`: where a child is placed without a setting that has a URN."""
ADVISED_KINDS = (
    *("mainstream", "resource_base", "sen_unit", "hn_unit", "state_special", "non_maintained_special"),
    *("independent_special", "alternative_provision", "further_education"),
)
"""Kinds of place that professional advice can name."""
GROUNDS = ("unsuitable", "incompatible_with_others", "incompatible_with_resources")
"""Grounds of s.39(4) Children and Families Act 2014."""


class CaseStage(StrEnum):
    """How far a case has come."""

    ASSESSMENT = "assessment"
    OPEN_PLAN = "open_plan"
    CEASED = "ceased"


class RequestStage(StrEnum):
    """How far a request for an assessment has come, while no plan is made."""

    ASKED = "asked"
    ASSESSING = "assessing"
    PLAN_AGREED = "plan_agreed"
    ENDED = "ended"  # refused or withdrawn


class PlacementPart(StrEnum):
    """Part of a setting that a child is placed in."""

    WHOLE_SETTING = "whole_setting"
    RESOURCE_BASE = "resource_base"
    SEN_UNIT = "sen_unit"


class LegalClass(StrEnum):
    """Which duty a preference engages: s.38(3) of the 2014 Act, or s.9 Education Act 1996."""

    S38_3 = "s38_3"
    WHOLLY_INDEPENDENT = "wholly_independent"


class DueReason(StrEnum):
    """Why a decision is due."""

    NEW_PLAN = "new_plan"
    PHASE_TRANSFER = "phase_transfer"
    BREAKDOWN = "breakdown"
    REVIEW_CHANGE = "review_change"


class ExclusionRisk(StrEnum):
    """How close a child is to exclusion; blank when not recorded."""

    NOT_RECORDED = ""
    NONE = "none"
    AT_RISK = "at_risk"
    SUSPENDED = "suspended"
    PERMANENTLY_EXCLUDED = "permanently_excluded"


class SettledBy(StrEnum):
    """How a decision due came to be due no longer: a placement was named, or somebody took it back, and why."""

    NAMED = "named"
    PLACED_OTHERWISE = "placed_otherwise"
    PLAN_CEASED = "plan_ceased"
    MOVED_AWAY = "moved_away"
    ENTERED_BY_MISTAKE = "entered_by_mistake"


WITHDRAWAL_REASONS = tuple(reason for reason in SettledBy if reason is not SettledBy.NAMED)


class LastChange(StrEnum):
    """What changed a case last."""

    RETURN = "return"
    PREFERENCES = "preferences"
    DECISION_DUE = "decision_due"
    PLACEMENT = "placement"
    GROUND = "ground"
    WITHDRAWAL = "withdrawal"
    TRAVEL_NEEDS = "travel_needs"

    @property
    def in_words(self) -> str:
        """For a sentence that says what happened."""
        return IN_WORDS[self]


IN_WORDS = {
    LastChange.RETURN: "a SEN2 return was read",
    LastChange.PREFERENCES: "its preferences were imported",
    LastChange.DECISION_DUE: "its decision due was imported",
    LastChange.PLACEMENT: "a decision named its placement",
    LastChange.GROUND: "a decision recorded or took back a ground",
    LastChange.WITHDRAWAL: "its decision due was withdrawn",
    LastChange.TRAVEL_NEEDS: "its travel needs were imported",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A need by its SEN2 code; rank 1 is primary."""

    rank: int
    code: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where the child lives: National Grid metres, and the ONS code of the local authority there."""

    easting: int
    northing: int
    authority: str


@dataclass(frozen=True, slots=True)
class CurrentPlacement:
    """Where the child is now. `urn` 0: a setting without one; `sen_setting` may then say what it is."""

    urn: int
    sen_setting: str
    part: PlacementPart
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class NamedPlacement:
    """Where a decision has named the case, from `first_day` on. `pool_id` and `decision_id` are other services'."""

    first_day: date
    urn: int
    part: PlacementPart
    pool_id: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a SEN2 return says of a child. `sex` is "M", "F" or ""; needs are in rank order.

    `ehc_plan_started` and `ehc_plan_ceased` are of the plan in force, else of the one that ceased last.
    """

    sex: str
    birth_year: int
    birth_month: int
    reception_year: int
    stage: CaseStage
    needs: tuple[Need, ...]
    home: Home | None
    placement: CurrentPlacement | None
    request_received: date | None
    ehc_plan_started: date | None
    last_review: date | None
    phase_transfer_due: date | None
    request_stage: RequestStage
    ehc_plan_ceased: date | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """A setting that the family or young person asked for; rank 1 is the first choice.

    `ground_recorded` is the file's. A decision's ground goes before it, whatever a later file says.
    """

    rank: int
    urn: int
    legal_class: LegalClass
    stated_by: str
    stated_on: date | None
    ground_recorded: str
    decided_ground: str = ""
    ground_decision_id: str = ""

    @property
    def ground(self) -> str:
        """The ground that stands against it, "" for none."""
        return self.decided_ground or self.ground_recorded


@dataclass(frozen=True, slots=True)
class DecisionDue:
    """A decision that is due, with what the panel needs on file for it."""

    reason: DueReason
    first_day: date
    deadline: date | None
    advised_kinds: tuple[str, ...]
    top_up_band: str
    wheelchair: bool
    passenger_assistant: bool
    solo_travel: bool
    exclusion_risk: ExclusionRisk
    review_says_mainstream_cannot: bool | None
    review_date: date | None


@dataclass(frozen=True, slots=True)
class TravelNeeds:
    """What a child needs to travel; `apart_from` are children with whom it cannot share a vehicle, ordered."""

    wheelchair: bool = False
    passenger_assistant: bool = False
    solo: bool = False
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """The authority's record of one child or young person. `etag` changes with every change of it.

    `named` is the newest placement that a decision named and no return has as the current one yet. `travel_stated` is
    what rows of travel needs say, its own and those of children who are kept apart from it.
    """

    case_id: str
    etag: str
    facts: CaseFacts
    preferences: tuple[Preference, ...]
    decision: DecisionDue | None
    named: NamedPlacement | None = None
    travel_stated: TravelNeeds | None = None

    @property
    def travel_needs(self) -> TravelNeeds | None:
        """All that is on file: a need that either its row or its decision due states is one. None: neither is there."""
        stated, due = self.travel_stated, self.decision
        if due is None:
            return stated
        known = stated or TravelNeeds()
        return TravelNeeds(
            known.wheelchair or due.wheelchair,
            known.passenger_assistant or due.passenger_assistant,
            known.solo or due.solo_travel,
            known.apart_from,
        )
