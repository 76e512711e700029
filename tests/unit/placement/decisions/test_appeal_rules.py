"""Each rule of recording representation and appeal, alone: what it stops, and which field it names."""

from __future__ import annotations

from datetime import date

import pytest

from services.placement.domain.appeal_rules import RULES, Draft, find_breach
from services.placement.domain.appeals import AppealState, Outcome, Step, StepKind, standing, state_of
from services.placement.domain.decisions import State

DECIDED, TODAY = date(2024, 2, 1), date(2024, 6, 1)
DRAFT = Step(1, StepKind.DRAFT_SENT, date(2024, 1, 8))
VIEWS = Step(1, StepKind.REPRESENTATION, date(2024, 1, 15))
REGISTERED = Step(1, StepKind.APPEAL_REGISTERED, date(2024, 4, 2))
HEARING = Step(2, StepKind.HEARING, date(2024, 7, 1))
DISMISSED = Step(2, StepKind.APPEAL_DECIDED, date(2024, 5, 20), Outcome.DISMISSED)


def a_step(kind: StepKind, day: date | None = date(2024, 5, 1), replaces: int = 0, **fields: object) -> Step:
    """The next step, on a day between the decision and today."""
    return Step(9, kind, day, replaces=replaces, **fields)  # type: ignore[arg-type]


def breach(step: Step, *before: Step, state: State = State.NAMED) -> tuple[str, str] | None:
    """The field and the reason of the first rule that stops a step; None when it may be recorded."""
    found = find_breach(Draft(step, before, state, DECIDED, TODAY))
    return (found.field, found.why) if found else None


def field_of(step: Step, *before: Step, state: State = State.NAMED) -> str:
    found = breach(step, *before, state=state)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind not in (StepKind.HEARING, StepKind.APPEAL_DECIDED)])
def test_a_step_that_needs_no_other_is_recorded(kind: StepKind) -> None:
    assert breach(a_step(kind)) is None


def test_a_step_has_a_day_unless_it_takes_one_back() -> None:
    assert field_of(a_step(StepKind.DRAFT_SENT, None)) == "happened_on"
    assert breach(a_step(StepKind.DRAFT_SENT, None, replaces=1), DRAFT) is None


def test_a_correction_names_a_step_that_stands_and_is_of_its_kind() -> None:
    assert breach(a_step(StepKind.DRAFT_SENT, date(2024, 1, 9), replaces=1), DRAFT) is None
    assert field_of(a_step(StepKind.DRAFT_SENT, replaces=7), DRAFT) == "replaces"
    assert field_of(a_step(StepKind.REPRESENTATION, replaces=1), DRAFT) == "replaces"
    taken_back = Step(2, StepKind.DRAFT_SENT, None, replaces=1)
    assert field_of(a_step(StepKind.DRAFT_SENT, replaces=1), DRAFT, taken_back) == "replaces", "it no longer stands"


def test_a_withdrawn_appeal_that_is_registered_anew_is_recorded_by_corrections() -> None:
    withdrawn = Step(2, StepKind.APPEAL_DECIDED, date(2024, 4, 20), Outcome.WITHDRAWN)
    anew = Step(4, StepKind.APPEAL_REGISTERED, date(2024, 5, 1), reference="EH876/24/00013", replaces=1)
    on_record: tuple[Step, ...] = (REGISTERED, withdrawn)
    assert breach(anew, *on_record) is not None, "the first one's end comes before it"
    for step in (Step(3, StepKind.APPEAL_DECIDED, None, replaces=2), anew):
        assert breach(step, *on_record) is None
        on_record = (*on_record, step)
        assert state_of(on_record) == AppealState.UNDER_WAY
    assert standing(on_record) == [anew]


def test_an_outcome_goes_with_the_end_of_an_appeal_and_nothing_else() -> None:
    assert field_of(a_step(StepKind.APPEAL_DECIDED), REGISTERED) == "outcome"
    assert field_of(a_step(StepKind.HEARING, outcome=Outcome.UPHELD), REGISTERED) == "outcome"
    assert breach(a_step(StepKind.APPEAL_DECIDED, outcome=Outcome.UPHELD), REGISTERED) is None


@pytest.mark.parametrize("reference", ["EH876/24/00012", ""])
def test_a_reference_is_as_the_tribunal_writes_it_or_not_known(reference: str) -> None:
    assert breach(a_step(StepKind.APPEAL_REGISTERED, reference=reference)) is None


@pytest.mark.parametrize("reference", ["Jo Bloggs", "EH876/24/12", "eh876/24/00012", "EH876/24/00012 Jo"])
def test_a_reference_has_no_room_for_a_name(reference: str) -> None:
    found = breach(a_step(StepKind.APPEAL_REGISTERED, reference=reference))
    assert found is not None
    assert (found[0], reference in found[1]) == ("reference", False)


def test_only_an_appeal_has_a_reference() -> None:
    assert field_of(a_step(StepKind.DRAFT_SENT, reference="EH876/24/00012")) == "reference"


def test_nothing_is_recorded_before_it_happened_but_a_hearing_is_listed_ahead() -> None:
    assert field_of(a_step(StepKind.REPRESENTATION, date(2024, 6, 2))) == "happened_on"
    assert breach(a_step(StepKind.HEARING, date(2024, 9, 9)), REGISTERED) is None
    assert field_of(a_step(StepKind.HEARING, date(2027, 9, 9)), REGISTERED) == "happened_on"


@pytest.mark.parametrize("kind", [StepKind.MEDIATION_CERTIFICATE, StepKind.APPEAL_REGISTERED])
def test_mediation_and_appeal_are_not_before_the_decision(kind: StepKind) -> None:
    assert breach(a_step(kind, DECIDED)) is None
    assert field_of(a_step(kind, date(2024, 1, 31))) == "happened_on"


def test_a_draft_is_before_the_decision_and_not_before_the_act() -> None:
    assert breach(a_step(StepKind.DRAFT_SENT, date(2023, 12, 1))) is None
    assert field_of(a_step(StepKind.DRAFT_SENT, date(2014, 8, 31))) == "happened_on"


def test_an_appeal_is_about_a_place_that_is_named() -> None:
    found = breach(a_step(StepKind.APPEAL_REGISTERED), state=State.OFFERED)
    assert found is not None
    assert found[0] == ""
    assert "`inborough decisions name`" in found[1]
    assert breach(a_step(StepKind.REPRESENTATION), state=State.OFFERED) is None


def test_one_appeal_stands_and_another_day_corrects_it() -> None:
    assert field_of(a_step(StepKind.APPEAL_REGISTERED), REGISTERED) == ""
    assert breach(a_step(StepKind.APPEAL_REGISTERED, replaces=1), REGISTERED) is None


def test_views_and_meetings_may_come_more_than_once() -> None:
    assert breach(a_step(StepKind.REPRESENTATION), VIEWS) is None


@pytest.mark.parametrize("step", [a_step(StepKind.HEARING), a_step(StepKind.APPEAL_DECIDED, outcome=Outcome.CONCEDED)])
def test_a_hearing_and_an_outcome_need_a_registered_appeal_and_come_after_it(step: Step) -> None:
    found = breach(step)
    assert found is not None
    assert found[1].startswith("No appeal is registered.")
    later = Step(1, StepKind.APPEAL_REGISTERED, date(2024, 5, 2))
    assert field_of(step, later) == "happened_on"


def test_an_appeal_that_was_heard_or_decided_is_not_taken_back_from_under_it() -> None:
    taken_back = a_step(StepKind.APPEAL_REGISTERED, None, replaces=1)
    found = breach(taken_back, REGISTERED, DISMISSED)
    assert found is not None
    assert "Take that back first" in found[1]
    undone = Step(3, StepKind.APPEAL_DECIDED, None, replaces=2)
    assert breach(taken_back, REGISTERED, DISMISSED, undone) is None


def test_views_on_a_draft_are_not_before_the_draft() -> None:
    assert field_of(a_step(StepKind.REPRESENTATION, date(2024, 1, 7)), DRAFT) == "happened_on"
    assert field_of(a_step(StepKind.DRAFT_SENT, date(2024, 1, 16)), VIEWS) == "happened_on"
    assert breach(a_step(StepKind.DRAFT_SENT, date(2024, 1, 16)), DRAFT, VIEWS) is None, "a second draft"


def test_what_is_taken_back_counts_for_nothing_and_stays() -> None:
    undone = Step(3, StepKind.APPEAL_DECIDED, None, replaces=2)
    assert standing([REGISTERED, DISMISSED, undone]) == [REGISTERED]
    assert state_of([]) == AppealState.NONE
    assert state_of([REGISTERED, DISMISSED]) == AppealState.DECIDED
    assert state_of([REGISTERED, DISMISSED, undone]) == AppealState.UNDER_WAY
    assert state_of([REGISTERED, HEARING]) == AppealState.UNDER_WAY


def test_every_rule_is_a_sentence() -> None:
    assert all((rule.__doc__ or "").strip().endswith(".") for rule in RULES)
