"""Options, verdicts and cost lines as messages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.gather import column
from services.placement.model.facts import Request
from services.placement.model.judge import CodedVerdict, Int64Array
from services.placement.model.policy import Policy
from services.placement.model.problem import UNPLACED
from services.placement.model.ranking import CaseOptions
from services.placement.model.rules import FAILS, JOURNEY, LeftOutOfQuestion, judge_journey
from shared import days

_OUTCOMES = (common_pb2.OUTCOME_MEETS, common_pb2.OUTCOME_NEEDS_JUDGEMENT, common_pb2.OUTCOME_FAILS)
_NOT_APPLICABLE = 255
VERDICTS_KEPT, REFUSALS_KEPT = 20_000, 20_000

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

_Unpacked = tuple[cost_pb2.CostColumn, Int64Array, npt.NDArray[np.uint8]]


def _unpacked(columns: Sequence[cost_pb2.CostColumn]) -> list[_Unpacked]:
    """Each line with its pence and the places of its sources."""
    return [(line, column(line.annual_pence, "<i8"), column(line.source_index, "u1")) for line in columns]


class QuotedLines:
    """Prices and cost lines of an answer, by the position of the pair."""

    def __init__(self, quoted: cost_pb2.QuoteOptionsResponse) -> None:
        self._quoted = quoted
        self._metres = column(quoted.distance_metres, "<i4")
        self._minutes = column(quoted.travel_minutes, "<i4")
        self._budget = column(quoted.annual_budget_cost_pence, "<i8")
        self._marginal = column(quoted.annual_marginal_cost_pence, "<i8")
        self._lines, self._alternatives = map(_unpacked, (quoted.lines, quoted.alternatives))

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
        option.cost_lines.extend(self._cost_lines(self._lines, at))
        option.travel_alternatives.extend(self._cost_lines(self._alternatives, at))

    def _cost_lines(self, columns: Sequence[_Unpacked], at: int) -> list[placement_pb2.CostLine]:
        found = []
        for line, pence, source_index in columns:
            if source_index[at] == _NOT_APPLICABLE:
                continue
            source = self._quoted.sources[source_index[at]]
            found.append(
                placement_pb2.CostLine(
                    label=line.label,
                    ledger=line.ledger,
                    annual_pence=int(pence[at]),
                    basis=source.basis,
                    source=source.source,
                )
            )
        return found


def travel_method(quoted: cost_pb2.QuoteOptionsResponse) -> str:
    """Who said how far the places of an answer are, each with its day where it has one."""
    said = (
        f"{source.method}, as of {days.in_words(days.from_wire(source.as_of_day, 'as_of_day'))}"
        if source.HasField("as_of_day")
        else source.method
        for source in quoted.travel_sources
    )
    return "; ".join(said) or quoted.travel_method


def ranked_option(options: CaseOptions, row: int, policy: Policy, lines: QuotedLines, at: int) -> placement_pb2.Option:
    """An option that no rule fails, priced as the pair `at`, with its knock-on cost where a place could be given."""
    option = _option(options, int(options.pool[row]), lines, at)
    if options.possible[row]:
        names = (UNPLACED, *policy.terms)
        effects = zip(names, options.on_others[:, row].tolist(), strict=True)
        option.knock_on.CopyFrom(placement_pb2.KnockOn(terms=dict(effects)))
    else:
        option.no_knock_on = "no_free_place"
    if options.over_threshold[row]:
        option.flags.append("request_over_threshold")
    if option.requested and options.has_settled_nearer(row):
        option.flags.append("nearer_suitable_setting")
    return option


def barred_option(options: CaseOptions, pool: int, lines: QuotedLines, at: int) -> placement_pb2.Option:
    """A requested option that some rule fails: unranked, it stays among the options, and the panel judges."""
    option = _option(options, pool, lines, at)
    option.no_knock_on = "fails_a_rule"
    option.flags.append("request_fails_a_rule")
    return option


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


def _option(options: CaseOptions, pool_row: int, lines: QuotedLines, at: int) -> placement_pb2.Option:
    pool = options.judgement.facts.pools[pool_row]
    request = options.case.request_for(pool.urn)
    said = options.judgement.verdicts(options.case_row, pool_row)
    verdicts = [verdict for verdict in said if verdict.rule != LeftOutOfQuestion.code]  # an option is in the question
    journey = judge_journey(options.case.year_group, lines.minutes(at))
    option = placement_pb2.Option(
        pool_id=pool.pool_id,
        setting_name=pool.setting_name,
        urn=pool.urn,
        kind=pool.kind,
        in_borough=pool.in_borough,
        places_free=pool.places_free,
        verdicts=verdict_messages([*verdicts, CodedVerdict(JOURNEY, journey)]),
        legal_note=legal_note(request, is_full=pool.places_free == 0) if request else "",
        requested=request is not None,
        flags=["legal_class_differs_from_register"] if request and request.register_differs else [],
    )
    lines.fill(option, at)
    return option


def legal_note(request: Request, *, is_full: bool) -> str:
    """What the law asks of the panel where the family asked for a setting."""
    if not request.s38_3:
        return ASKED_S9
    if request.ground:
        return RECORDED.format(ground=request.ground.replace("_", " "))
    return ASKED_S38 + (ASKED_FULL if is_full else "")


def verdict_messages(verdicts: Sequence[CodedVerdict]) -> list[common_pb2.Verdict]:
    """Verdicts as messages, in order."""
    return [_verdict_message(verdict) for verdict in verdicts]


@lru_cache(maxsize=VERDICTS_KEPT)
def _verdict_message(verdict: CodedVerdict) -> common_pb2.Verdict:
    """One verdict as a message, made once for all the options of which it is said. Not to be changed."""
    return common_pb2.Verdict(
        rule=verdict.rule,
        outcome=_OUTCOMES[verdict.judged.outcome],
        reason=verdict.judged.reason,
        evidence=verdict.judged.evidence,
    )


def refused_options(options: CaseOptions, shown: set[int]) -> list[placement_pb2.RefusedOption]:
    """Pools that some rule fails and that are not shown, with the verdicts that do not say "meets".

    Ordered by how few rules fail, then pool id: the nearest misses first.
    """
    elsewhere = set(options.pool.tolist()) | shown
    refused = [
        _refused_option(pool.pool_id, pool.setting_name, tuple(verdicts))
        for row, (pool, verdicts) in enumerate(
            zip(options.judgement.facts.pools, options.judgement.unmet_verdicts(options.case_row), strict=True)
        )
        if row not in elsewhere
    ]
    refused.sort(key=lambda found: found[0])  # stable, and pools are in order of their ids
    return [message for _, message in refused]


@lru_cache(maxsize=REFUSALS_KEPT)
def _refused_option(
    pool_id: str, setting_name: str, verdicts: tuple[CodedVerdict, ...]
) -> tuple[int, placement_pb2.RefusedOption]:
    """How many verdicts fail, and the message, made once for all cases refused alike. Not to be changed."""
    fails = sum(verdict.judged.outcome == FAILS for verdict in verdicts)
    messages = verdict_messages(verdicts)
    return fails, placement_pb2.RefusedOption(pool_id=pool_id, setting_name=setting_name, verdicts=messages)
