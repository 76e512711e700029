"""Options, verdicts and cost lines as messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.gather import column
from services.placement.model.facts import Request
from services.placement.model.judge import CodedVerdict
from services.placement.model.policy import Policy
from services.placement.model.problem import UNPLACED
from services.placement.model.ranking import CaseOptions
from services.placement.model.rules import JOURNEY, LeftOutOfQuestion, Outcome, judge_journey
from services.placement.packing import packed_field
from shared import days

_OUTCOMES = (common_pb2.OUTCOME_MEETS, common_pb2.OUTCOME_NEEDS_JUDGEMENT, common_pb2.OUTCOME_FAILS)
_NOT_APPLICABLE = 255
VERDICTS_KEPT = 20_000

ASKED_S38 = (
    "The family asked for this setting under s.38(3). It must be named unless the panel finds it unsuitable for the "
    "child's age, ability, aptitude or needs, or incompatible with the efficient education of others or the efficient "
    "use of resources (Children and Families Act 2014 s.39(4)). Consult it before deciding, and record any ground "
    "with its evidence."
)
ASKED_FULL = " Being full is not itself a ground."
ASKED_S9 = (
    "The family asked for this wholly independent setting. Have regard to their wishes so far as they are compatible "
    "with efficient instruction and without unreasonable public expenditure (Education Act 1996 s.9); it must agree "
    "to admit."
)

RECORDED = (
    "The family asked for this setting under s.38(3), and the panel has recorded a ground against it: {ground}. If "
    "that stands, with its evidence, s.33 comes next: mainstream, unless against the family's wishes or incompatible "
    "with the efficient education of others (Children and Families Act 2014 ss.33 and 40)."
)

_Unpacked = tuple[str, int, list[int], bytes]


def _unpacked(columns: Sequence[cost_pb2.CostColumn]) -> list[_Unpacked]:
    """Label and ledger of each line, with its pence and the places of its sources."""
    return [(line.label, line.ledger, column(line.annual_pence, "<i8").tolist(), line.source_index) for line in columns]


class QuotedLines:
    """Prices and cost lines of an answer, by the position of the pair."""

    def __init__(self, quoted: cost_pb2.QuoteOptionsResponse) -> None:
        self._quoted = quoted
        self._metres = column(quoted.distance_metres, "<i4")
        self._minutes = column(quoted.travel_minutes, "<i4")
        self._budget = column(quoted.annual_budget_cost_pence, "<i8")
        self._marginal = column(quoted.annual_marginal_cost_pence, "<i8")
        self._lines, self._alternatives = map(_unpacked, (quoted.lines, quoted.alternatives))
        self._sources = [(source.basis, source.source) for source in quoted.sources]

    def minutes(self, at: int) -> int | None:
        """One-way journey, None where not known."""
        return int(self._minutes[at]) if self._minutes[at] >= 0 else None

    def fill(self, option: placement_pb2.Option, at: int) -> None:
        """Put price, travel and lines of the pair `at` into an option."""
        if self._metres[at] >= 0:
            option.distance_metres = int(self._metres[at])
        if self._minutes[at] >= 0:
            option.travel_minutes = int(self._minutes[at])
        option.annual_budget_cost_pence = int(self._budget[at])
        option.annual_marginal_cost_pence = int(self._marginal[at])
        option.travel_eligibility.CopyFrom(self._quoted.eligibilities[self._quoted.eligibility_index[at]])
        self._add_lines(option.cost_lines.add, self._lines, at)
        self._add_lines(option.travel_alternatives.add, self._alternatives, at)

    def _add_lines(self, add: Callable[..., placement_pb2.CostLine], columns: Sequence[_Unpacked], at: int) -> None:
        for label, ledger, pence, source_index in columns:
            if source_index[at] != _NOT_APPLICABLE:
                basis, source = self._sources[source_index[at]]
                add(label=label, ledger=ledger, annual_pence=pence[at], basis=basis, source=source)


def travel_method(quoted: cost_pb2.QuoteOptionsResponse) -> str:
    """Who said how far the places of an answer are, each with its day where it has one."""
    said = (
        f"{source.method}, as of {days.in_words(days.from_wire(source.as_of_day, 'as_of_day'))}"
        if source.HasField("as_of_day")
        else source.method
        for source in quoted.travel_sources
    )
    return "; ".join(said) or quoted.travel_method


def fill_ranked(
    option: placement_pb2.Option, options: CaseOptions, row: int, policy: Policy, lines: QuotedLines, at: int
) -> None:
    """An option that no rule fails, priced as the pair `at`, with its knock-on cost where a place could be given."""
    _fill(option, options, int(options.pool[row]), lines, at)
    if options.possible[row]:
        names = (UNPLACED, *policy.terms)
        option.knock_on.terms.update(zip(names, options.on_others[:, row].tolist(), strict=True))
    else:
        option.no_knock_on = "no_free_place"
    if options.over_threshold[row]:
        option.flags.append("request_over_threshold")
    if option.requested and options.has_settled_nearer(row):
        option.flags.append("nearer_suitable_setting")


def fill_barred(option: placement_pb2.Option, options: CaseOptions, pool: int, lines: QuotedLines, at: int) -> None:
    """A requested option that some rule fails: unranked, it stays among the options, and the panel judges."""
    _fill(option, options, pool, lines, at)
    option.no_knock_on = "fails_a_rule"
    option.flags.append("request_fails_a_rule")


def option_without_pool(request: Request, setting: provision_pb2.Setting | None) -> placement_pb2.Option:
    """A requested setting with no place pool on file: neither ranked nor priced."""
    reason = "No place pool is on file for this setting, so it cannot be priced. Import its pool to see its cost."
    return placement_pb2.Option(
        urn=request.urn,
        setting_name=setting.name if setting else f"URN {request.urn}, not on file",
        in_borough=setting.in_borough if setting else False,
        verdicts=[
            common_pb2.Verdict(rule="pool_on_file", outcome=common_pb2.OUTCOME_NEEDS_JUDGEMENT, reason=reason),
        ],
        legal_note=legal_note(request, is_full=False),
        requested=True,
        flags=["request_without_pool"],
        no_knock_on="no_pool",
    )


def _fill(option: placement_pb2.Option, options: CaseOptions, pool_row: int, lines: QuotedLines, at: int) -> None:
    pool = options.judgement.facts.pools[pool_row]
    request = options.case.request_for(pool.urn)
    said = options.judgement.verdicts(options.case_row, pool_row)
    verdicts = [verdict for verdict in said if verdict.rule != LeftOutOfQuestion.code]  # an option is in the question
    verdicts.append(CodedVerdict(JOURNEY, judge_journey(options.case.year_group, lines.minutes(at))))
    option.MergeFromString(b"".join([_packed_verdict(said) for said in verdicts]))
    option.pool_id = pool.pool_id
    option.setting_name = pool.setting_name
    option.urn = pool.urn
    option.kind = pool.kind
    option.in_borough = pool.in_borough
    if pool.places_free is not None:
        option.places_free = pool.places_free
    if request is not None:
        option.requested = True
        option.legal_note = legal_note(request, is_full=pool.places_free == 0)
        option.flags.extend(["legal_class_differs_from_register"] if request.register_differs else [])
    lines.fill(option, at)


def legal_note(request: Request, *, is_full: bool) -> str:
    """What the law asks of the panel where the family asked for a setting."""
    if not request.s38_3:
        return ASKED_S9
    if request.ground:
        return RECORDED.format(ground=request.ground.replace("_", " "))
    return ASKED_S38 + (ASKED_FULL if is_full else "")


def verdict_messages(verdicts: Sequence[CodedVerdict]) -> list[common_pb2.Verdict]:
    """Verdicts as messages, in order."""
    return [
        common_pb2.Verdict(
            rule=verdict.rule,
            outcome=_OUTCOMES[verdict.judged.outcome],
            reason=verdict.judged.reason,
            evidence=verdict.judged.evidence,
        )
        for verdict in verdicts
    ]


def _packed_verdict(verdict: CodedVerdict) -> bytes:
    """`Option.verdicts` with one verdict."""
    judged = verdict.judged
    return _packed_once(verdict.rule, judged.outcome, judged.reason, judged.evidence)


@lru_cache(maxsize=VERDICTS_KEPT)
def _packed_once(rule: str, outcome: Outcome, reason: str, evidence: str) -> bytes:
    """Packed once for all the options of which the same is said."""
    message = common_pb2.Verdict(rule=rule, outcome=_OUTCOMES[outcome], reason=reason, evidence=evidence)
    return packed_field(placement_pb2.Option.VERDICTS_FIELD_NUMBER, message.SerializeToString(deterministic=True))
