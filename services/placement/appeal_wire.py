"""What is on record of representation and appeal, as a message: how it stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from inborough.placement.v1 import appeals_pb2
from services.placement.domain.appeal_clocks import (
    REPRESENTATION_DAYS,
    AppealClock,
    RepresentationClock,
    appeal_clock,
    representation_clock,
)
from services.placement.domain.appeals import AppealState, Outcome, Step, StepKind, state_of
from services.placement.storage.appeals import StoredStep
from shared import days

KINDS = {appeals_pb2.AppealStepKind.Value(f"APPEAL_STEP_KIND_{kind.name}"): kind for kind in StepKind}
OUTCOMES = {appeals_pb2.AppealOutcome.Value(f"APPEAL_OUTCOME_{outcome.name}"): outcome for outcome in Outcome}
_KIND_NUMBERS = {kind.value: number for number, kind in KINDS.items()}
_OUTCOME_NUMBERS = {outcome.value: number for number, outcome in OUTCOMES.items()}
REPRESENTATION_SOURCE = "SEND Regulations 2014 reg. 13(1)(a): at least so long; more time may have been given"
APPEAL_SOURCE = (
    "Tribunal Procedure (First-tier Tribunal) (HESC) Rules 2008 r. 20(1)(c); August, Christmas and days not worked can "
    "make it later (r. 12), which is not counted here"
)
_STATE_NUMBERS = {state: appeals_pb2.AppealState.Value(f"APPEAL_STATE_{state.name}") for state in AppealState}


def appeal_facts(stored: Sequence[StoredStep], appeal_letter_on: date | None, today: date) -> appeals_pb2.AppealFacts:
    """Every step of a decision with the clocks that they start."""
    steps = [each.step for each in stored]
    replaced_by = {each.replaces: each.number for each in stored if each.replaces}
    return appeals_pb2.AppealFacts(
        steps=[_step(each, replaced_by.get(each.number, 0)) for each in stored],
        clocks=_clocks(steps, appeal_letter_on, today),
        state=_STATE_NUMBERS[state_of(steps)],
    )


def _step(stored: StoredStep, replaced_by: int) -> appeals_pb2.AppealStep:
    return appeals_pb2.AppealStep(
        number=stored.number,
        kind=_KIND_NUMBERS[stored.kind],
        happened_on=days.to_wire(stored.happened_on) if stored.happened_on else None,
        outcome=_OUTCOME_NUMBERS[stored.outcome] if stored.outcome else appeals_pb2.APPEAL_OUTCOME_UNSPECIFIED,
        reference=stored.reference,
        replaces=stored.replaces,
        replaced_by=replaced_by,
        recorded_by=stored.recorded_by,
        recorded_time=days.in_rfc3339(stored.recorded_at_utc),
    )


def _clocks(steps: Sequence[Step], letter: date | None, today: date) -> list[appeals_pb2.AppealClock]:
    representation, appeal = representation_clock(steps), appeal_clock(steps, letter)
    found = []
    if representation is not None:
        working = _of_representation(representation)
        found.append(_clock("representation", representation, working, REPRESENTATION_SOURCE, today))
    if appeal is not None:
        found.append(_clock("appeal", appeal, _of_appeal(appeal), APPEAL_SOURCE, today))
    return found


def _of_representation(clock: RepresentationClock) -> str:
    sent, last = days.in_words(clock.draft_sent), days.in_words(clock.last_day)
    return f"{REPRESENTATION_DAYS} days, the first being {sent}, when the draft was sent: {last}."


def _of_appeal(clock: AppealClock) -> str:
    by_letter = f"Two months from the letter of {days.in_words(clock.letter)}: {days.in_words(clock.by_letter)}."
    if clock.certificate is None or clock.by_certificate is None:
        return by_letter
    issued, until = days.in_words(clock.certificate), days.in_words(clock.by_certificate)
    return f"{by_letter} One month from the mediation certificate of {issued}: {until}. The later counts."


def _clock(
    code: str, clock: RepresentationClock | AppealClock, working: str, source: str, today: date
) -> appeals_pb2.AppealClock:
    return appeals_pb2.AppealClock(
        clock=code,
        last_day=days.to_wire(clock.last_day),
        days_left=(clock.last_day - today).days,
        working=working,
        source=source,
        done_on=days.to_wire(clock.done_on) if clock.done_on else None,
    )
