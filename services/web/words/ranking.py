"""What pages say of a ranked option, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services import words
from services.words.options import about, needs_judgement

OUTCOMES = {
    common_pb2.OUTCOME_MEETS: "Meets",
    common_pb2.OUTCOME_FAILS: "Fails",
    common_pb2.OUTCOME_NEEDS_JUDGEMENT: "For the panel to judge",
}
MAINSTREAM = "mainstream"


def outcome(verdict: common_pb2.Verdict) -> str:
    """What a rule said."""
    return OUTCOMES.get(verdict.outcome, "Not known")


def rule(code: str) -> str:
    """A rule's code as a heading."""
    return code.replace("_", " ").capitalize()


def ledger(line: placement_pb2.CostLine) -> str:
    """Which ledger a line is of."""
    return "marginal" if line.ledger == cost_pb2.LEDGER_MARGINAL else "budget"


def totals(option: placement_pb2.Option) -> Iterator[tuple[str, int]]:
    """Name and pence a year of each ledger that is priced."""
    if option.HasField("annual_budget_cost_pence"):
        yield "budget", option.annual_budget_cost_pence
    if option.HasField("annual_marginal_cost_pence"):
        yield "marginal", option.annual_marginal_cost_pence


def journey(option: placement_pb2.Option) -> str:
    """ "1.4 miles, 10 minutes"."""
    known = [words.miles(option.distance_metres)] if option.HasField("distance_metres") else []
    if option.HasField("travel_minutes"):
        known.append(words.counted(option.travel_minutes, "minute"))
    return ", ".join(known) or "not known"


def free(option: placement_pb2.Option) -> str:
    """Places free on the first day."""
    if not option.pool_id:
        return "no pool on file"
    return str(option.places_free) if option.HasField("places_free") else "no fixed number"


def title(option: placement_pb2.Option) -> str:
    """ "1. The Raise Academy", or without a number when it is not ranked."""
    return f"{option.rank}. {option.setting_name}" if option.rank else option.setting_name


def marks(option: placement_pb2.Option) -> list[str]:
    """What a panel sees of it first, beside its name."""
    found = {
        "requested by the family": option.requested,
        "not ranked": not option.rank,
        "level with option 1": option.level_with_best and option.rank > 1,
        "needs judgement": needs_judgement(option),
        "a nearer setting is suitable": "nearer_suitable_setting" in option.flags,
    }
    return [*about(option), *(mark for mark, holds in found.items() if holds)]


def judged(option: placement_pb2.Option) -> list[common_pb2.Verdict]:
    """Rules that fail or leave it to the panel."""
    return [each for each in option.verdicts if each.outcome != common_pb2.OUTCOME_MEETS]


def criteria(options: Sequence[placement_pb2.Option]) -> Iterator[tuple[str, list[str]]]:
    """Each rule with what it says of each option, in the rules' order."""
    said = [{each.rule: outcome(each) for each in option.verdicts} for option in options]
    for code in dict.fromkeys(code for rules in said for code in rules):
        yield rule(code), [rules.get(code, "Not judged") for rules in said]


@dataclass(frozen=True)
class RefusedBy:
    """Pools that one rule refused, with the reason of each."""

    rule: str
    pools: list[tuple[str, str]]

    @property
    def count(self) -> int:
        """How many pools."""
        return len(self.pools)


def refused(pools: Sequence[placement_pb2.RefusedOption]) -> list[RefusedBy]:
    """Refused pools by the first rule that fails, the rule that refused most first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for pool in pools:
        fails = [each for each in pool.verdicts if each.outcome == common_pb2.OUTCOME_FAILS]
        first = fails[0] if fails else common_pb2.Verdict(rule="not open")
        groups.setdefault(first.rule, []).append((pool.setting_name, " ".join(each.reason for each in fails)))
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [RefusedBy(rule(code), found) for code, found in ordered]
