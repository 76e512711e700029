"""What must hold before a step of representation or appeal is recorded. One rule is one sentence and one function.

The rules look at the steps as they would then stand, so that a correction is held to what a first record is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.placement.domain.appeals import AFTER_NAMING, ONCE, Step, StepKind, days_of, standing
from services.placement.domain.decisions import State

ACT_IN_FORCE = date(2014, 9, 1)
"""First day of Part 3 of the Children and Families Act 2014 (memory): a draft plan dated before it is a slip."""
HEARING_WITHIN = timedelta(days=2 * 365)
"""A hearing listed further ahead is a slip."""
REFERENCE = re.compile(r"EH[0-9]{3}/[0-9]{2}/[0-9]{5}")
"""The Tribunal's number of an appeal: EH and the authority's code, year, serial number (memory)."""


@dataclass(frozen=True)
class Draft:
    """What somebody asks to record, beside what is on record. `today` and `decided_on` are the authority's days."""

    step: Step
    before: tuple[Step, ...]
    state: State
    decided_on: date
    today: date

    @property
    def after(self) -> tuple[Step, ...]:
        """Every step, this one too."""
        return (*self.before, self.step)

    @property
    def replaced(self) -> Step | None:
        """The standing step that this one replaces."""
        return next((step for step in standing(self.before) if step.number == self.step.replaces), None)


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold. `field` is the field to mend; "" where the state of things must change first."""

    field: str
    why: str


Rule = Callable[[Draft], Iterator[Breach]]


def a_step_has_a_day_unless_it_takes_one_back(draft: Draft) -> Iterator[Breach]:
    """Without a day there is nothing to record; a step that never happened is taken back by its number."""
    if draft.step.happened_on is None and not draft.step.replaces:
        yield Breach("happened_on", "say on which day it happened")


def a_step_that_stands_is_replaced_by_one_of_its_kind(draft: Draft) -> Iterator[Breach]:
    """A correction names a step that is on record, still counts, and says the same kind of thing."""
    if not draft.step.replaces:
        return
    if draft.replaced is None:
        yield Breach("replaces", f"no step {draft.step.replaces} of this decision stands; read the decision again")
    elif draft.replaced.kind != draft.step.kind:
        yield Breach("replaces", f"step {draft.step.replaces} is a {draft.replaced.kind.in_words}: take that one back")


def an_appeal_that_ends_has_an_outcome(draft: Draft) -> Iterator[Breach]:
    """How it ended goes with the end of an appeal, and with nothing else."""
    ends = draft.step.kind == StepKind.APPEAL_DECIDED and draft.step.happened_on is not None
    if ends and draft.step.outcome is None:
        yield Breach("outcome", "say how the appeal ended: withdrawn, conceded, dismissed, upheld in part or upheld")
    if draft.step.outcome is not None and not ends:
        yield Breach("outcome", "leave it out: only an appeal that was decided has it")


def only_an_appeal_has_a_reference(draft: Draft) -> Iterator[Breach]:
    """The Tribunal's number goes with the registered appeal, in the Tribunal's form: nothing else is written there."""
    if not draft.step.reference:
        return
    if draft.step.kind != StepKind.APPEAL_REGISTERED or draft.step.happened_on is None:
        yield Breach("reference", "leave it out: only a registered appeal has it")
    elif not REFERENCE.fullmatch(draft.step.reference):
        yield Breach("reference", "must be as the Tribunal writes it, such as EH876/24/00012")


def nothing_is_recorded_before_it_happened(draft: Draft) -> Iterator[Breach]:
    """A day to come is no fact, but for a hearing, which is listed beforehand."""
    day = draft.step.happened_on
    if day is None:
        return
    if draft.step.kind != StepKind.HEARING and day > draft.today:
        yield Breach("happened_on", "must not be after today; record it once it has happened")
    if day > draft.today + HEARING_WITHIN:
        yield Breach("happened_on", "must be within two years; check the year")


def nothing_follows_a_decision_before_it(draft: Draft) -> Iterator[Breach]:
    """Mediation and appeal come after the decision; what is about the draft plan after the Act began."""
    day = draft.step.happened_on
    follows = draft.step.kind in AFTER_NAMING
    if day is not None and day < (draft.decided_on if follows else ACT_IN_FORCE):
        before = "the decision was made" if follows else "1 September 2014, when the Act began; check the year"
        yield Breach("happened_on", f"must not be before {before}")


def an_appeal_is_about_a_place_that_is_named(draft: Draft) -> Iterator[Breach]:
    """The right of appeal is against what the final plan names (s.51(2)(c)), so the place is named first."""
    if draft.step.kind in AFTER_NAMING and draft.step.happened_on and draft.state != State.NAMED:
        yield Breach(
            "",
            f"The decision is {draft.state.in_words}: mediation and appeal follow a place that is named in the plan. "
            "Name it first: `inborough decisions name`.",
        )


def one_alone_stands(draft: Draft) -> Iterator[Breach]:
    """A decision has one certificate, one appeal and one outcome; another day corrects the first."""
    of_kind = [step for step in standing(draft.after) if step.kind == draft.step.kind]
    if draft.step.kind in ONCE and len(of_kind) > 1:
        yield Breach(
            "",
            f"The {draft.step.kind.in_words} is on record already, as step {of_kind[0].number}. To correct it, record "
            "the right day and say that it replaces that step.",
        )


def a_hearing_and_an_outcome_are_of_a_registered_appeal(draft: Draft) -> Iterator[Breach]:
    """The Tribunal hears and ends only what it registered, and not before."""
    after = draft.after
    later = [*days_of(after, StepKind.HEARING), *days_of(after, StepKind.APPEAL_DECIDED)]
    registered = days_of(after, StepKind.APPEAL_REGISTERED)
    if not later or (registered and registered[0] <= min(later)):
        return
    if registered:
        yield Breach("happened_on", "must not put a hearing or the outcome before the day the appeal was registered")
    elif draft.step.kind == StepKind.APPEAL_REGISTERED:
        yield Breach("", "A hearing or an outcome of the appeal is on record. Take that back first.")
    else:
        yield Breach("", "No appeal is registered. Record the day on which it was registered first.")


def views_on_a_draft_come_after_it(draft: Draft) -> Iterator[Breach]:
    """Where the draft's day is on record, views on it and a meeting about it are not before that day."""
    after = draft.after
    sent = days_of(after, StepKind.DRAFT_SENT)
    about_it = [
        day
        for kind in (StepKind.REPRESENTATION, StepKind.MEETING_ASKED, StepKind.MEETING_HELD)
        for day in days_of(after, kind)
    ]
    if draft.step.kind not in AFTER_NAMING and sent and about_it and min(about_it) < sent[0]:
        yield Breach("happened_on", "would put views on the draft, or a meeting, before the day the draft was sent")


RULES: tuple[Rule, ...] = (
    a_step_has_a_day_unless_it_takes_one_back,
    a_step_that_stands_is_replaced_by_one_of_its_kind,
    an_appeal_that_ends_has_an_outcome,
    only_an_appeal_has_a_reference,
    nothing_is_recorded_before_it_happened,
    nothing_follows_a_decision_before_it,
    an_appeal_is_about_a_place_that_is_named,
    one_alone_stands,
    a_hearing_and_an_outcome_are_of_a_registered_appeal,
    views_on_a_draft_come_after_it,
)


def find_breach(draft: Draft) -> Breach | None:
    """The first rule that does not hold; None when the step can be recorded."""
    return next((breach for rule in RULES for breach in rule(draft)), None)
