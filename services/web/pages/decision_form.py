"""The form on which a panel's decision is written down: what it offers, what it lacks, the request that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import consultations_pb2, decisions_pb2, panels_pb2, placement_pb2
from services import words
from services.web.forms import REQUEST_ID, Answers
from services.words.decisions import GROUNDS
from services.words.options import about
from services.words.pool_names import PlanNames
from shared.days import to_wire

OTHER, DEFER, REFUSE = "other", "defer", "refuse"
OUTSIDE_A_PANEL = "none"
TEXTS = ("reason", "views_of_child", "views_of_parents", "section_33_steps", "urgency")
FIELDS = {"pool_id": "choice", "deferred_until": "until", "refusals": "refusals", "recommendation_id": "choice"}
"""Fields of the request whose answer stands elsewhere on the form."""


@dataclass(frozen=True)
class Papers:
    """What the decision is made on. `panels` are open ones with the case; `names` settings by URN; `places` pools."""

    case: caseload_pb2.Case
    ranking: placement_pb2.Recommendation
    panels: list[panels_pb2.Panel]
    consultations: list[consultations_pb2.Consultation]
    names: Mapping[int, str]
    places: PlanNames = field(default_factory=PlanNames)

    @property
    def ranked(self) -> list[placement_pb2.Option]:
        """Options with a place that can be chosen."""
        return [option for option in self.ranking.options if option.pool_id]

    def option(self, pool_id: str) -> placement_pb2.Option | None:
        """The option of a pool."""
        return next((option for option in self.ranked if option.pool_id == pool_id), None)

    def setting_of(self, pool_id: str) -> int:
        """URN of a pool's setting; 0 when it is not known. A refused pool has its setting's name alone."""
        option = self.option(pool_id)
        refused = next((each.setting_name for each in self.ranking.refused if each.pool_id == pool_id), "")
        named = next((urn for urn, name in self.names.items() if name == refused), 0)
        return option.urn if option else named

    @property
    def requests(self) -> list[caseload_pb2.Preference]:
        """Requests under s.38(3) that stand: no ground is recorded against them."""
        legal = caseload_pb2.LEGAL_CLASS_S38_3
        return [asked for asked in self.case.preferences if asked.legal_class == legal and not asked.ground_recorded]

    def name(self, urn: int) -> str:
        """A setting's name, or its URN."""
        return self.names.get(urn, f"URN {urn}")

    def consulted(self, urn: int) -> bool:
        """Whether a setting was consulted about the child and the consultation stands."""
        withdrawn = consultations_pb2.CONSULTATION_STATE_WITHDRAWN
        return any(asked.urn == urn and asked.state != withdrawn for asked in self.consultations)

    def choices(self) -> Iterator[dict[str, str]]:
        """What can be decided, for radios."""
        for option in self.ranked:
            rank = f"Option {option.rank}: " if option.rank else "Not ranked: "
            yield {"value": option.pool_id, "text": f"{rank}{option.setting_name}, {', '.join(about(option))}"}
        yield {"value": OTHER, "text": "Another place, which is not among these options"}
        yield {"value": DEFER, "text": "Put the decision off: more is needed first"}
        if self.requests:
            yield {"value": REFUSE, "text": "Refuse the family's request; nothing else is decided yet"}

    def other_places(self) -> list[dict[str, str]]:
        """Places that were refused as a proposal, for a list to choose from, by setting."""
        found = sorted(
            (self.places.pool(pool), pool) for pool in {each.pool_id for each in self.ranking.refused} if pool
        )
        return [{"value": "", "text": "Choose a place"}] + [{"value": pool, "text": name} for name, pool in found]


def chosen_pool(form: Answers) -> str:
    """The pool chosen; "" when none is."""
    choice = form.text("choice")
    return form.text("other_pool") if choice == OTHER else "" if choice in (DEFER, REFUSE) else choice


def refused_urns(form: Answers, papers: Papers) -> list[int]:
    """Requests that are not given by what is chosen."""
    if form.text("choice") == DEFER:
        return []
    if form.text("choice") == REFUSE:
        return [asked.urn for asked in papers.requests if form.text(f"ground-{asked.urn}")]
    given = papers.setting_of(chosen_pool(form))
    own = next((asked.rank for asked in papers.requests if asked.urn == given), 0)
    return [asked.urn for asked in papers.requests if asked.urn != given and (not own or asked.rank < own)]


def check(form: Answers, papers: Papers) -> None:
    """Whether the form is whole; what is lawful is for the services to say when it is recorded."""
    choices = [each["value"] for each in papers.choices()]
    choice = form.one_of("choice", choices, "Say what was decided")
    if choice == OTHER:
        form.need("other_pool", "Choose the place")
    option = papers.option(choice)
    if papers.ranking.left_out:
        form.need("reason", "Say why: the ranking is a what-if that leaves settings out")
    elif choice and choice != REFUSE and (option is None or option.rank != 1):
        form.need("reason", "Say why: it differs from the option ranked first")
    for name in TEXTS:
        form.fitting(name)
    if choice == DEFER:
        form.day("until")
    _check_panel(form, papers)
    _check_refusals(form, papers)


def _check_panel(form: Answers, papers: Papers) -> None:
    allowed = [panel.panel_id for panel in papers.panels] + [OUTSIDE_A_PANEL]
    if form.one_of("panel_id", allowed, "Say which panel decided") == OUTSIDE_A_PANEL:
        form.need("urgency", "Say why it could not wait for a panel")


def _check_refusals(form: Answers, papers: Papers) -> None:
    refused = refused_urns(form, papers)
    if form.text("choice") == REFUSE and not refused:
        form.wrong("refusals", "Choose the ground on which the request is refused")
    for urn in refused:
        setting = papers.name(urn)
        form.one_of(f"ground-{urn}", GROUNDS, f"Choose the ground on which {setting} is not given")
        form.need(f"evidence-{urn}", f"Give the evidence for the ground against {setting}")
        if not papers.consulted(urn):
            form.need(f"not_consulted-{urn}", f"Say why {setting} was never consulted, or consult it first")


def kind_of(form: Answers, papers: Papers) -> decisions_pb2.DecisionKind.ValueType:
    """A place that is ranked is agreed with, however it was chosen."""
    choice = form.text("choice")
    if choice == DEFER:
        return decisions_pb2.DECISION_KIND_DEFER
    if choice == REFUSE:
        return decisions_pb2.DECISION_KIND_REFUSE_REQUEST
    option = papers.option(chosen_pool(form))
    return decisions_pb2.DECISION_KIND_AGREE if option and option.rank else decisions_pb2.DECISION_KIND_CHOOSE_OTHER


def to_request(form: Answers, papers: Papers) -> decisions_pb2.RecordDecisionRequest:
    """The decision as it is sent. The same form makes the same request, so that it counts once."""
    panel_id = form.text("panel_id")
    until = form.day("until") if form.text("choice") == DEFER else None
    return decisions_pb2.RecordDecisionRequest(
        request_id=form.text(REQUEST_ID),
        case_id=papers.ranking.case_id,
        panel_id="" if panel_id == OUTSIDE_A_PANEL else panel_id,
        recommendation_id=papers.ranking.recommendation_id,
        kind=kind_of(form, papers),
        pool_id=chosen_pool(form),
        over_number=form.has("over_number", "yes") and bool(chosen_pool(form)),
        refusals=[_refusal(form, papers, urn) for urn in refused_urns(form, papers)],
        reason=form.text("reason"),
        views_of_child=form.text("views_of_child"),
        views_of_parents=form.text("views_of_parents"),
        section_33_steps=form.text("section_33_steps"),
        urgency=form.text("urgency") if panel_id == OUTSIDE_A_PANEL else "",
        deferred_until=to_wire(until) if until else None,
    )


def _refusal(form: Answers, papers: Papers, urn: int) -> decisions_pb2.RequestRefusal:
    return decisions_pb2.RequestRefusal(
        urn=urn,
        ground=form.text(f"ground-{urn}"),
        evidence=form.text(f"evidence-{urn}"),
        not_consulted_because="" if papers.consulted(urn) else form.text(f"not_consulted-{urn}"),
    )


def headline(form: Answers, papers: Papers) -> str:
    """What is about to be recorded, in a line."""
    choice = form.text("choice")
    if choice == DEFER:
        until = form.day("until")
        return f"Put off{f' until {words.day(to_wire(until))}' if until else ''}"
    if choice == REFUSE:
        return "The request is refused; nothing else is decided yet"
    pool = chosen_pool(form)
    option = papers.option(pool)
    if option is None:
        return f"A place that is not ranked: {papers.places.pool(pool)}"
    which = f"Option {option.rank}" if option.rank else "A place that is not ranked"
    return f"{which}: {option.setting_name}, {', '.join(about(option))}"
