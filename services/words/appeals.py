"""Representation and appeal in words: each step, each clock, and how a decision stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inborough.placement.v1 import appeals_pb2, decisions_pb2
from services import words

KINDS = {
    appeals_pb2.APPEAL_STEP_KIND_DRAFT_SENT: "draft plan sent",
    appeals_pb2.APPEAL_STEP_KIND_REPRESENTATION: "family's views or request received",
    appeals_pb2.APPEAL_STEP_KIND_MEETING_ASKED: "meeting asked for",
    appeals_pb2.APPEAL_STEP_KIND_MEETING_HELD: "meeting held",
    appeals_pb2.APPEAL_STEP_KIND_MEDIATION_CERTIFICATE: "mediation certificate issued",
    appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED: "appeal registered",
    appeals_pb2.APPEAL_STEP_KIND_HEARING: "hearing",
    appeals_pb2.APPEAL_STEP_KIND_APPEAL_DECIDED: "appeal ended",
}
OUTCOMES = {
    appeals_pb2.APPEAL_OUTCOME_WITHDRAWN: "withdrawn by the family",
    appeals_pb2.APPEAL_OUTCOME_CONCEDED: "conceded by the authority",
    appeals_pb2.APPEAL_OUTCOME_DISMISSED: "dismissed",
    appeals_pb2.APPEAL_OUTCOME_UPHELD_IN_PART: "upheld in part",
    appeals_pb2.APPEAL_OUTCOME_UPHELD: "upheld",
}
CLOCKS = {
    "representation": "Last day for the family's views on the draft",
    "appeal": "Last day for the family to appeal",
}
NOTHING = "Nothing is on record yet."


def standing(facts: appeals_pb2.AppealFacts) -> list[appeals_pb2.AppealStep]:
    """The steps that count, by the day on which they happened."""
    found = [each for each in facts.steps if each.HasField("happened_on") and not each.replaced_by]
    return sorted(found, key=lambda each: (words.iso(each.happened_on), each.number))


def step(told: appeals_pb2.AppealStep) -> str:
    """ "appeal registered 2 Apr 2024 (EH876/24/00012)", "appeal ended 3 Jun 2024: dismissed"."""
    what = KINDS.get(told.kind, "unknown")
    if not told.HasField("happened_on"):
        return f"{what}: taken back"
    reference = f" ({told.reference})" if told.reference else ""
    outcome = f": {OUTCOMES.get(told.outcome, 'not known how')}" if told.outcome else ""
    return f"{what} {words.short_day(told.happened_on)}{reference}{outcome}"


def mark(told: appeals_pb2.AppealStep) -> str:
    """ "replaced by step 3" of a step that no longer counts, "replaces step 1" of one that does so; else ""."""
    if told.replaced_by:
        return f"replaced by step {told.replaced_by}"
    return f"replaces step {told.replaces}" if told.replaces else ""


def clock(running: appeals_pb2.AppealClock) -> str:
    """ "20 Apr 2024, in 19 days", and since when there is nothing to wait for."""
    if running.HasField("done_on"):
        return f"{words.short_day(running.last_day)}; it did on {words.short_day(running.done_on)}"
    left = words.days_left(running.days_left) if running.days_left >= 0 else "past"
    return f"{words.short_day(running.last_day)}, {left}"


def headline(facts: appeals_pb2.AppealFacts) -> str:
    """How it stands, in a line; "" where nothing is on record and no clock runs."""
    if facts.state == appeals_pb2.APPEAL_STATE_UNDER_WAY:
        return "; ".join(["Appeal under way", *_told(facts, (_REGISTERED, _HEARING))])
    if facts.state == appeals_pb2.APPEAL_STATE_DECIDED:
        return _sentence(*_told(facts, (_DECIDED,)))
    for running in reversed(facts.clocks):
        return f"{CLOCKS.get(running.clock, running.clock)}: {clock(running)}"
    return _sentence(*(step(each) for each in standing(facts)[-1:]))


def in_full(decisions: Iterable[decisions_pb2.Decision]) -> str:
    """Everything that stands about a case's decisions, newest decision first, for its papers; "" for nothing."""
    return " ".join(found for decision in decisions for found in _in_full(decision))


def _in_full(decision: decisions_pb2.Decision) -> Iterator[str]:
    steps = [step(each) for each in standing(decision.appeal)]
    clocks = [f"{CLOCKS.get(each.clock, each.clock).casefold()}: {clock(each)}" for each in decision.appeal.clocks]
    if steps or clocks:
        about = f"Decision of {words.instant(decision.decided_time)}"
        yield f"{about}: {'; '.join([*steps, *clocks])}."


_REGISTERED = appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED
_HEARING = appeals_pb2.APPEAL_STEP_KIND_HEARING
_DECIDED = appeals_pb2.APPEAL_STEP_KIND_APPEAL_DECIDED


def _told(facts: appeals_pb2.AppealFacts, kinds: Iterable[int]) -> list[str]:
    """The latest step of each of these kinds."""
    by_kind = {each.kind: step(each) for each in standing(facts)}
    return [by_kind[kind] for kind in kinds if kind in by_kind]  # type: ignore[index]


def _sentence(text: str = "") -> str:
    return text[:1].upper() + text[1:]
