"""Messages of the neighbours -> the facts that the rules look at, and the messages that cost is asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.model.facts import CaseFacts, GroupFacts, PlacementFacts, PoolFacts, Request
from shared import days

_REASONS = {
    caseload_pb2.DUE_REASON_NEW_PLAN: "new_plan",
    caseload_pb2.DUE_REASON_PHASE_TRANSFER: "phase_transfer",
    caseload_pb2.DUE_REASON_BREAKDOWN: "breakdown",
    caseload_pb2.DUE_REASON_REVIEW_CHANGE: "review_change",
}
_RISKS = {
    caseload_pb2.EXCLUSION_RISK_NONE: "none",
    caseload_pb2.EXCLUSION_RISK_AT_RISK: "at_risk",
    caseload_pb2.EXCLUSION_RISK_SUSPENDED: "suspended",
    caseload_pb2.EXCLUSION_RISK_PERMANENTLY_EXCLUDED: "permanently_excluded",
}


def placement_facts(
    first_day: date,
    cases: Sequence[caseload_pb2.Case],
    pools: Sequence[provision_pb2.PlacePool],
    groups: Sequence[provision_pb2.PoolGroup],
    revisions: tuple[str, str] = ("", ""),
    before: FactsBefore | None = None,
) -> PlacementFacts:
    """The facts of one first day. Cases and pools are in order of their ids.

    Of messages that are those of `before`, facts are taken over where nothing else that they are made from changed.

    A child whose phase transfer is being decided holds no place on the first day, also where a school goes on into the
    next phase: the decision gives one, and counting both would use two (decision 4).
    """
    at_urn = pools_at_urn(pools)
    known_cases, known_pools = _taken_over(before, pools, at_urn) if before else ({}, {})
    found = tuple(known_cases.get(id(case)) or case_facts(case, at_urn) for case in cases)
    moving_on = {facts.case_id for facts in found if facts.reason == "phase_transfer"}
    given_up = {pool.pool_id: sum(case_id in moving_on for case_id in pool.held_by) for pool in pools}
    return PlacementFacts(
        first_day=first_day,
        cases=found,
        pools=tuple(
            known
            if (known := known_pools.get(id(pool))) and known.given_up == given_up[pool.pool_id]
            else pool_facts(pool, given_up[pool.pool_id])
            for pool in pools
        ),
        groups=tuple(_group_facts(group, given_up) for group in groups),
        as_of_time=days.in_rfc3339(days.now_utc()),
        revisions=revisions,
    )


class FactsBefore(Protocol):
    """Facts made before, and the messages that they were made from, row for row."""

    @property
    def facts(self) -> PlacementFacts: ...

    @property
    def cases(self) -> Sequence[caseload_pb2.Case]: ...

    @property
    def pools(self) -> Sequence[provision_pb2.PlacePool]: ...


def _taken_over(
    before: FactsBefore, pools: Sequence[provision_pb2.PlacePool], at_urn: PoolsAtUrn
) -> tuple[dict[int, CaseFacts], dict[int, PoolFacts]]:
    """Facts made before, by the identity of their message; of a case only where its settings say what they did.

    Whether places are given up is left to be looked at. `before` holds the messages, so that none has the identity of
    another.
    """
    known_pools = {id(message): facts for message, facts in zip(before.pools, before.facts.pools, strict=True)}
    settings_changed: set[int] = set()
    if len(pools) != len(known_pools) or any(id(pool) not in known_pools for pool in pools):
        were = pools_at_urn(before.pools)
        settings_changed = {
            urn for urn in {*at_urn, *were} if _of_setting(at_urn.get(urn, ())) != _of_setting(were.get(urn, ()))
        }
    known_cases = {
        id(message): facts
        for message, facts in zip(before.cases, before.facts.cases, strict=True)
        if not settings_changed or settings_changed.isdisjoint([request.urn for request in facts.requests])
    }
    return known_cases, known_pools


def _of_setting(pools: Sequence[provision_pb2.PlacePool]) -> tuple[bool, frozenset[str]] | None:
    """What a request is told by the pools at its setting: see `_request`."""
    return (pools[0].setting.s38_3, frozenset(pool.kind for pool in pools)) if pools else None


PoolsAtUrn = Mapping[int, Sequence[provision_pb2.PlacePool]]


def pools_at_urn(pools: Sequence[provision_pb2.PlacePool]) -> PoolsAtUrn:
    """Pools by the URN of their setting."""
    found: dict[int, list[provision_pb2.PlacePool]] = {}
    for pool in pools:
        found.setdefault(pool.setting.urn, []).append(pool)
    return found


def case_facts(case: caseload_pb2.Case, at_urn: PoolsAtUrn) -> CaseFacts:
    """One case; the pools at each URN say what a request asks for and which duty it engages."""
    due, evidence = case.decision_due, case.unit_evidence
    has_review = evidence.HasField("review_says_mainstream_cannot")
    return CaseFacts(
        case_id=case.case_id,
        year_group=case.year_group,
        age_years=case.age_years,
        sex=case.sex,
        needs=tuple(need.code for need in case.needs),
        has_home=case.HasField("home"),
        current_urn=case.current_placement.urn,
        reason=_REASONS.get(due.reason, ""),
        deadline=days.from_wire(due.deadline, "deadline") if due.HasField("deadline") else None,
        advised_kinds=tuple(due.advised_kinds),
        requests=tuple(_request(preference, at_urn.get(preference.urn, ())) for preference in case.preferences),
        wheelchair=case.travel_needs.wheelchair,
        has_plan=case.stage == caseload_pb2.CASE_STAGE_OPEN_PLAN,
        exclusion_risk=_RISKS.get(evidence.exclusion_risk, ""),
        review_says_mainstream_cannot=evidence.review_says_mainstream_cannot if has_review else None,
    )


def _request(preference: caseload_pb2.Preference, pools: Sequence[provision_pb2.PlacePool]) -> Request:
    """A request. Which duty it engages is a fact of the setting: the register's word counts, else the file's."""
    stated = preference.legal_class == caseload_pb2.LEGAL_CLASS_S38_3
    registered = pools[0].setting.s38_3 if pools else stated
    return Request(
        urn=preference.urn,
        rank=preference.rank,
        s38_3=registered,
        ground=preference.ground_recorded,
        kinds=tuple(sorted({pool.kind for pool in pools})),
        register_differs=registered != stated,
    )


def _group_facts(group: provision_pb2.PoolGroup, given_up: dict[str, int]) -> GroupFacts:
    held = group.places_filled + group.places_offered
    filled = held - sum(given_up[pool_id] for pool_id in group.pool_ids)
    return GroupFacts(group.group_id, max(0, group.places_commissioned - filled), tuple(group.pool_ids))


def pool_facts(pool: provision_pb2.PlacePool, given_up: int = 0) -> PoolFacts:
    """One pool with its places on the first day, less those that children whose move is being decided give up.

    A place held by an offer counts as filled.
    """
    filled = pool.places_filled + pool.places_offered - given_up
    fixed = pool.HasField("places_free") and pool.confirmed
    free = max(0, pool.places_commissioned - filled) if fixed else pool.places_free
    return PoolFacts(
        pool_id=pool.pool_id,
        urn=pool.setting.urn,
        kind=pool.kind,
        setting_name=pool.setting.name,
        needs=tuple(pool.needs),
        year_group_low=pool.year_group_low,
        year_group_high=pool.year_group_high,
        admits_sex=pool.admits_sex,
        places_commissioned=pool.places_commissioned if pool.HasField("places_commissioned") else None,
        places_filled=filled,
        places_free=free if pool.HasField("places_free") else None,
        given_up=given_up,
        confirmed=pool.confirmed,
        opens_on=days.from_wire(pool.opens_on, "opens_on") if pool.HasField("opens_on") else None,
        wheelchair_accessible=pool.wheelchair_accessible if pool.HasField("wheelchair_accessible") else None,
        in_borough=pool.setting.in_borough,
        s38_3=pool.setting.s38_3,
        status=pool.setting.status,
        group_id=pool.group_id,
    )


def quote_case(case: caseload_pb2.Case) -> cost_pb2.QuoteCase:
    """A case as far as pricing needs to know."""
    return cost_pb2.QuoteCase(
        case_id=case.case_id,
        home=case.home if case.HasField("home") else None,
        year_group=case.year_group,
        age_years=case.age_years,
        primary_need=case.needs[0].code if case.needs else "",
        top_up_band=case.decision_due.top_up_band,
        wheelchair=case.travel_needs.wheelchair,
        passenger_assistant=case.travel_needs.passenger_assistant,
        solo=case.travel_needs.solo,
    )


def quote_pool(pool: provision_pb2.PlacePool, facts: PoolFacts) -> cost_pb2.QuotePool:
    """A pool as far as pricing needs to know."""
    return cost_pb2.QuotePool(
        pool_id=pool.pool_id,
        kind=pool.kind,
        urn=pool.setting.urn,
        location=pool.setting.location if pool.setting.HasField("location") else None,
        places_commissioned=pool.places_commissioned,
        no_vacancy=facts.places_free == 0,
    )
