"""Ranked options in words: what a place is, what taking it does to others, and what a request raises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services import words
from shared.pence import pounds

REGISTER_DIFFERS = (
    "The preferences file and the register of settings differ on the law that applies; the register's is used. "
    "Check it."
)
LEAST_TOLD_THOUSANDTHS = 50
ADDED_TO_A_RUN = "Transport: added to a run"
"""The label of cost's lines of transport while a run plan is in force."""
PRICED_BY_RUNS = (
    "Transport is what the child would add to the runs that are planned: little where a vehicle with room passes, "
    "a vehicle more where none does."
)
NO_KNOCK_ON = {
    "no_free_place": "not known: no place is free",
    "fails_a_rule": "not worked out: a rule fails",
    "no_pool": "not known: no pool on file",
}


def about(option: placement_pb2.Option) -> list[str]:
    """ "state special", "in borough": its kind, where it has a pool, and on which side of the border it lies."""
    where = "in borough" if option.in_borough else "out of borough"
    return [words.kind(option.kind), where] if option.kind else [where]


def travel_owed(option: placement_pb2.Option) -> str:
    """Whether travel is owed and why, with the law; "" where nothing is known of it."""
    said = option.travel_eligibility
    return (
        f"Travel: {said.reason} ({said.legal_basis})" if said.legal_basis else said.reason and f"Travel: {said.reason}"
    )


def transport_priced(options: Iterable[placement_pb2.Option]) -> str:
    """How transport was priced where a run plan is in force; "" where it is average fares, or none is paid."""
    by_runs = any(line.label == ADDED_TO_A_RUN for option in options for line in option.cost_lines)
    return PRICED_BY_RUNS if by_runs else ""


def offered_instead(option: placement_pb2.Option) -> str:
    """What could be offered in place of transport, with each one's pence and source; "" where there is nothing."""
    offered = (f"{x.label} {pounds(x.annual_pence)} a year ({x.source})" for x in option.travel_alternatives)
    said = "; ".join(offered)
    return f"Could be offered in place of transport, in no total: {said}." if said else ""


def effect(option: placement_pb2.Option) -> str:
    """What taking it does to the other children due, or why that is not known."""
    if option.HasField("knock_on"):
        return words.knock_on(option.knock_on.terms)
    return NO_KNOCK_ON.get(option.no_knock_on, "not known")


def effect_later(pool: placement_pb2.LaterArrivals.Pool) -> str:
    """What taking a place is expected to do to children who come later in the year: means, so parts of a child."""
    said = [
        _expected(pool.unsettled_thousandths, "without a place, or in one that needs judgement"),
        _expected(pool.away_thousandths, "in INMSS, out of borough or not where asked"),
    ]
    if pence := pool.annual_cost_pence:
        said.append(f"{pounds(abs(pence))} a year {'more' if pence > 0 else 'less'}")
    return "; ".join(filter(None, said)) or "none"


def expected_later(later: placement_pb2.LaterArrivals) -> dict[str, str]:
    """The same by pool id, of every pool of which it was worked out."""
    return {pool.pool_id: effect_later(pool) for pool in later.pools}


def keeps_places(policy: placement_pb2.Policy | None) -> bool:
    """Whether a policy weighs what later arrivals would lose; where it does not, that is only shown."""
    return policy is not None and any("later_arrivals" in term for term in policy.terms)


def _expected(thousandths: int, where: str) -> str:
    """ "0.3 children more in INMSS"; "" for less than a twentieth of a child."""
    if abs(thousandths) < LEAST_TOLD_THOUSANDTHS:
        return ""
    return f"{abs(thousandths) / 1000:.1f} children {'more' if thousandths > 0 else 'fewer'} {where}"


def over_threshold(
    option: placement_pb2.Option,
    options: Sequence[placement_pb2.Option],
    policy: placement_pb2.Policy | None,
) -> str:
    """By how much a request is dearer at the margin, and what the policy lets pass. The options shown need not hold
    the cheapest suitable one, so the excess is said to be at least that."""
    said = [f"Its marginal cost is {pounds(option.annual_marginal_cost_pence)} a year"]
    suitable = [other.annual_marginal_cost_pence for other in options if other.rank and not needs_judgement(other)]
    excess = option.annual_marginal_cost_pence - min(suitable, default=option.annual_marginal_cost_pence)
    if excess > 0:
        said.append(f"at least {pounds(excess)} more than the cheapest suitable place's")
    passes = f"the {pounds(policy.request_threshold_pence)} the policy allows" if policy else "the policy allows"
    return f"{', '.join(said)}: the difference is more than {passes}, so the panel weighs it."


def needs_judgement(option: placement_pb2.Option) -> bool:
    """Whether some rule leaves the option to the panel."""
    return any(verdict.outcome == common_pb2.OUTCOME_NEEDS_JUDGEMENT for verdict in option.verdicts)


def policy_used(
    given: placement_pb2.Recommendation, policies: Iterable[placement_pb2.Policy]
) -> placement_pb2.Policy | None:
    """The policy that the ranking names as "name/version"; None when it has changed since."""
    return next((policy for policy in policies if f"{policy.name}/{policy.version}" == given.policy), None)


def order(policy: placement_pb2.Policy) -> str:
    """What a policy compares, the heaviest term first."""
    return "; ".join(words.term_in_line(term) for term in ("unplaced", *policy.terms))
