"""What must hold before a decision is recorded. One rule is one sentence, one function and one reason.

Statutes: Children and Families Act 2014, ss.33, 38, 39 and 40. The panel decides; these rules only see to it that the
record says why, that no request is refused without its ground and evidence, and that no place is given which is not
there or is not for the child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from services.placement.domain.decisions import GIVES_PLACE, GROUNDS, NON_MAINSTREAM, Kind

KNOWINGLY = frozenset({"recorded_ground", "unit_admission"})
"""Rules that a panel may set aside for a setting requested under s.38(3): its own earlier ground, and the authority's
own admission criteria. That a setting is closed, not yet there, or for other years or sex is a fact, not a view."""


@dataclass(frozen=True)
class Refused:
    """A request that a decision refuses. Texts are personal."""

    urn: int
    ground: str
    evidence: str = ""
    not_consulted_because: str = ""


@dataclass(frozen=True)
class Draft:
    """What somebody asks to record, as far as the rules look at it. `today` is the authority's day."""

    kind: Kind
    today: date
    pool_id: str = ""
    over_number: bool = False
    reason: str = ""
    refusals: tuple[Refused, ...] = ()
    section_33_steps: str = ""
    deferred_until: date | None = None


@dataclass(frozen=True)
class Asked:
    """A request of the family under s.38(3). `ground` is one that an earlier panel recorded, "" when it stands."""

    urn: int
    rank: int = 1
    ground: str = ""


@dataclass(frozen=True)
class Chosen:
    """The pool chosen. `rank` is 0 where the recommendation did not rank it; `failing` are codes of rules that fail."""

    pool_id: str
    urn: int
    kind: str
    rank: int = 0
    level_with_best: bool = False
    failing: tuple[str, ...] = ()

    @property
    def is_top(self) -> bool:
        """Ranked first, or level with it in every term."""
        return self.rank == 1 or (self.rank > 1 and self.level_with_best)


@dataclass(frozen=True)
class Facts:
    """The case as the rules see it: its requests under s.38(3), the pool chosen, and the settings consulted.

    `is_what_if`: the recommendation leaves settings out because whoever asked for it said so.
    """

    requests: tuple[Asked, ...] = ()
    chosen: Chosen | None = None
    consulted_urns: frozenset[int] = frozenset()
    is_what_if: bool = False

    def asked_for(self, urn: int) -> Asked | None:
        """The request for a setting, if the family made one."""
        return next((asked for asked in self.requests if asked.urn == urn), None)

    @property
    def chosen_is_requested(self) -> bool:
        """Whether the pool chosen is at a setting that the family requested under s.38(3)."""
        return self.chosen is not None and self.asked_for(self.chosen.urn) is not None


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold. `field` is the field to mend; "" where the state of things must change first."""

    field: str
    why: str


Rule = Callable[[Draft, Facts], Iterator[Breach]]


def a_place_is_chosen_where_one_is_given(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Agreeing and choosing name a pool; deferring and refusing name none."""
    if draft.kind in GIVES_PLACE and not draft.pool_id:
        yield Breach("pool_id", "name the pool that was chosen")
    if draft.kind not in GIVES_PLACE and draft.pool_id:
        yield Breach("pool_id", "leave it out: this kind of decision gives no place")


def only_a_ranked_option_is_agreed_with(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """To agree is to take one of the options that the recommendation ranked."""
    if draft.kind == Kind.AGREE and facts.chosen is not None and not facts.chosen.rank:
        yield Breach("pool_id", "is not ranked in the recommendation; choose_other decides for another pool")


def a_difference_has_a_reason(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Whoever differs from the option ranked first says why; so does whoever defers or refuses."""
    agreed = draft.kind == Kind.AGREE and facts.chosen is not None and facts.chosen.is_top
    if not agreed and not draft.reason.strip():
        yield Breach("reason", "say why: the decision differs from the option ranked first")


def a_what_if_has_a_reason(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """What is ranked first of a what-if is first of what was left in, so whoever decides on one says why."""
    if facts.is_what_if and not draft.reason.strip():
        yield Breach("reason", "say why: the ranking is a what-if that leaves settings out")


def only_a_deferral_has_a_day(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """A decision is put off until a day to come, and only by deferring."""
    if draft.deferred_until is None:
        return
    if draft.kind != Kind.DEFER:
        yield Breach("deferred_until", "leave it out: only a deferred decision has it")
    elif draft.deferred_until <= draft.today:
        yield Breach("deferred_until", "must be after today")


def only_a_requested_setting_is_named_over_number(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Places are a hard limit but for a setting requested under s.38(3), which must admit once it is named."""
    if draft.over_number and not facts.chosen_is_requested:
        yield Breach("over_number", "is only for a setting that the family requested under s.38(3)")


def a_deferral_refuses_nothing(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Nothing is decided yet, so nothing is refused; to refuse a request alone is a kind of its own, and names one."""
    if draft.kind == Kind.DEFER and draft.refusals:
        yield Breach("refusals", "leave them out: a deferred decision refuses nothing; refuse_request does")
    if draft.kind == Kind.REFUSE_REQUEST and not draft.refusals:
        yield Breach("refusals", "name the request that is refused, with its ground and evidence")


def a_refusal_is_of_a_request_that_stands(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Only a standing request under s.38(3) is refused, once, and never the setting that is chosen."""
    seen: set[int] = set()
    for refused in draft.refusals:
        asked = facts.asked_for(refused.urn)
        if asked is None:
            yield Breach("refusals", f"the family made no request under s.38(3) for URN {refused.urn}")
        elif asked.ground:
            yield Breach("refusals", f"a ground is recorded already against URN {refused.urn}; leave it out")
        elif refused.urn in seen:
            yield Breach("refusals", f"URN {refused.urn} is named twice")
        elif facts.chosen is not None and refused.urn == facts.chosen.urn:
            yield Breach("refusals", f"URN {refused.urn} is the setting chosen; it cannot be refused as well")
        seen.add(refused.urn)


def a_refusal_has_a_ground_and_evidence(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """A request is refused on a ground of s.39(4) alone, with the evidence for it. Being full is no ground."""
    for refused in draft.refusals:
        if refused.ground not in GROUNDS:
            yield Breach("refusals", f"URN {refused.urn}: the ground must be one of {', '.join(GROUNDS)} (s.39(4))")
        elif not refused.evidence.strip():
            yield Breach("refusals", f"URN {refused.urn}: give the evidence for the ground")


def every_request_before_the_choice_is_answered(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Where another setting is chosen, each standing request is refused on a ground; a lower choice is moot."""
    if facts.chosen is None:
        return
    own = facts.asked_for(facts.chosen.urn)
    refused = {refusal.urn for refusal in draft.refusals}
    for asked in facts.requests:
        stands_before = not asked.ground and (own is None or asked.rank < own.rank)
        if stands_before and asked.urn != facts.chosen.urn and asked.urn not in refused:
            yield Breach(
                "refusals",
                f"the family requested URN {asked.urn} under s.38(3): it must be named unless a ground of s.39(4) "
                "applies. Give the ground and its evidence",
            )


def mainstream_is_considered_first(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """Where no request is given, s.33 comes before a place outside mainstream: the record says what was considered."""
    outside = facts.chosen is not None and facts.chosen.kind in NON_MAINSTREAM
    if outside and not facts.chosen_is_requested and not draft.section_33_steps.strip():
        yield Breach("section_33_steps", "say what was considered to make a mainstream place work (s.33(2) to (5))")


def a_refused_setting_was_consulted(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """A setting that was never consulted is not refused in silence (s.39(2))."""
    for refused in draft.refusals:
        if refused.urn not in facts.consulted_urns and not refused.not_consulted_because.strip():
            yield Breach(
                "",
                f"URN {refused.urn} was requested and never consulted (s.39(2)). Consult it first with `inborough "
                "consult`, or say in not_consulted_because why it was not; the record will show it.",
            )


def the_place_is_there_and_for_the_child(draft: Draft, facts: Facts) -> Iterator[Breach]:
    """The rules hold of the pool as it is today, but for those that a panel may set aside knowingly.

    Whether a place is free is not asked of an option that was ranked: provision says so when it offers it.
    """
    if facts.chosen is None:
        return
    aside = set(KNOWINGLY) if facts.chosen_is_requested else set()
    if draft.kind == Kind.AGREE:
        aside.add("places")
    for code in facts.chosen.failing:
        if code not in aside:
            yield Breach(
                "",
                f"The pool chosen fails the rule {code} today; `inborough recommend` says why, among the pools "
                "refused. Choose another, or mend the facts first.",
            )


RULES: tuple[Rule, ...] = (
    a_place_is_chosen_where_one_is_given,
    only_a_ranked_option_is_agreed_with,
    a_difference_has_a_reason,
    a_what_if_has_a_reason,
    only_a_deferral_has_a_day,
    only_a_requested_setting_is_named_over_number,
    a_deferral_refuses_nothing,
    a_refusal_is_of_a_request_that_stands,
    a_refusal_has_a_ground_and_evidence,
    every_request_before_the_choice_is_answered,
    mainstream_is_considered_first,
    a_refused_setting_was_consulted,
    the_place_is_there_and_for_the_child,
)


def find_breach(draft: Draft, facts: Facts) -> Breach | None:
    """The first rule that does not hold; None when the decision can be recorded."""
    return next((breach for rule in RULES for breach in rule(draft, facts)), None)
