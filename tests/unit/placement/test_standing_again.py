"""A standing plan brought up to date from changes is of the same facts, prices and bytes as one made whole."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from inborough.caseload.v1 import caseload_pb2 as cases_pb
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import facts_pb2
from inborough.provision.v1 import provision_pb2 as pools_pb
from services.placement import facts_wire
from services.placement.gather import Gathered, Neighbours
from services.placement.model.judge import Int32Array, Judgement, OpenOptions
from services.placement.operations.context import StandingPlan
from services.placement.operations.standing_again import FactsContent, judge_again
from services.placement.prices_again import quote_all
from services.placement.settings import Settings
from shared.days import to_wire
from tests.builders.placement import FIRST_DAY

URNS = (100001, 100002, 100003, 100004)
KINDS = ("mainstream", "state_special", "resource_base", "independent_special")
NEEDS = ("SEMH", "ASD", "SLCN")
REASONS = (cases_pb.DUE_REASON_NEW_PLAN, cases_pb.DUE_REASON_PHASE_TRANSFER, cases_pb.DUE_REASON_REVIEW_CHANGE)
STEPS = 7


@dataclass
class Town:
    """What caseload, provision and cost hold, as it changes, and as it was at each moment."""

    random: Random
    cases: dict[str, cases_pb.Case] = field(default_factory=dict)
    pools: dict[str, pools_pb.PlacePool] = field(default_factory=dict)
    moments: list[tuple[dict[str, cases_pb.Case], dict[str, pools_pb.PlacePool]]] = field(default_factory=list)
    prices: int = 1

    def __post_init__(self) -> None:
        for at in range(12):
            self.put_case(f"case_{at:016x}")
        for at in range(6):
            self.put_pool(f"pool_{at}")
        self.moments.append((dict(self.cases), dict(self.pools)))

    @property
    def now(self) -> int:
        return len(self.moments) - 1

    def put_case(self, case_id: str) -> None:
        pick = self.random.choice
        self.cases[case_id] = cases_pb.Case(
            case_id=case_id,
            year_group=pick((6, 7, 8)),
            age_years=12,
            sex=pick("FM"),
            needs=[cases_pb.Need(rank=1, code=pick(NEEDS))],
            stage=cases_pb.CASE_STAGE_OPEN_PLAN,
            current_placement=cases_pb.CurrentPlacement(urn=pick(URNS)),
            preferences=[cases_pb.Preference(urn=urn, rank=1) for urn in self.random.sample(URNS, pick((0, 1)))],
            decision_due=cases_pb.DecisionDue(
                reason=pick(REASONS), first_day=to_wire(FIRST_DAY), advised_kinds=[pick(KINDS)], top_up_band=pick("AB")
            ),
        )

    def put_pool(self, pool_id: str) -> None:
        pick, free = self.random.choice, self.random.choice((0, 0, 2, None))
        held = self.random.sample(sorted(self.cases), min(2, len(self.cases)))
        self.pools[pool_id] = pools_pb.PlacePool(
            pool_id=pool_id,
            setting=pools_pb.Setting(urn=pick(URNS), status="Open", s38_3=pick((True, False))),
            kind=pick(KINDS),
            needs=[pick(NEEDS)] if pick((True, False)) else [],
            year_group_low=6,
            year_group_high=8,
            admits_sex="mixed",
            places_commissioned=None if free is None else 2 + free,
            places_filled=2,
            places_free=free,
            confirmed=True,
            held_by=held,
        )

    def change(self) -> None:
        """One to three changes of a day."""
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice(("case", "case", "new case", "case gone", "pool", "pool", "new pool", "offer"))
            if kind.startswith("new"):
                name = f"{self.random.getrandbits(24):016x}"
                self.put_case(f"case_{name}") if kind == "new case" else self.put_pool(f"pool_{name}")
            elif kind == "case":
                self.put_case(self.random.choice(sorted(self.cases)))
            elif kind == "case gone" and len(self.cases) > 3:
                del self.cases[self.random.choice(sorted(self.cases))]
            elif kind == "pool":
                self.put_pool(self.random.choice(sorted(self.pools)))
            else:
                pool = pools_pb.PlacePool()
                pool.CopyFrom(self.pools[self.random.choice(sorted(self.pools))])
                pool.places_offered += 1
                self.pools[pool.pool_id] = pool
        if self.random.random() < 0.15:
            self.prices += 1
        self.moments.append((dict(self.cases), dict(self.pools)))


class Asking(Neighbours):
    """Neighbours that are a town. `remembers`: how often a town knows what changed since a moment."""

    def __init__(self, town: Town, remembers: float) -> None:
        super().__init__(Settings())
        self.town, self.remembers = town, remembers
        self.pairs_asked = 0

    def _since(self, known: str) -> int | None:
        remembers = known and self.town.random.random() < self.remembers
        return int(known.removeprefix("rev_")) if remembers else None

    def _ask_cases(self, first_day: date, known: str) -> cases_pb.ListCasesDueResponse:
        now = self.town.now
        if known == f"rev_{now}":
            return cases_pb.ListCasesDueResponse(revision=known, unchanged=True)
        since = self._since(known)
        sent, gone = _sent(self.town.cases, None if since is None else self.town.moments[since][0])
        return cases_pb.ListCasesDueResponse(
            revision=f"rev_{now}", cases=sent, gone_ids=gone, changes_only=since is not None
        )

    def _ask_pools(self, first_day: date, known: str) -> pools_pb.ListPlacePoolsResponse:
        now = self.town.now
        if known == f"rev_{now}":
            return pools_pb.ListPlacePoolsResponse(revision=known, unchanged=True, caseload_revision=known)
        since = self._since(known)
        sent, gone = _sent(self.town.pools, None if since is None else self.town.moments[since][1])
        group = pools_pb.PoolGroup(group_id="group_G", places_commissioned=9, pool_ids=sorted(self.town.pools)[:2])
        return pools_pb.ListPlacePoolsResponse(
            revision=f"rev_{now}",
            caseload_revision=f"rev_{now}",
            pools=sent,
            groups=[group],
            authority="E06000006",
            gone_ids=gone,
            changes_only=since is not None,
        )

    def price_revision(self, first_day: date) -> str:
        return f"rev_{self.town.prices}"

    def quote(
        self,
        gathered: Gathered,
        cases: Sequence[cases_pb.Case],
        pool_rows: Sequence[int],
        case_index: Int32Array,
        pool_index: Int32Array,
        **_: Any,
    ) -> cost_pb2.QuoteOptionsResponse:
        """Prices that follow from what is said of each pair, and lists in the order in which things first occur."""
        self.pairs_asked += case_index.size
        children = [facts_wire.quote_case(case).SerializeToString(deterministic=True) for case in cases]
        places = [
            facts_wire.quote_pool(gathered.pools[row], gathered.facts.pools[row]).SerializeToString(deterministic=True)
            for row in pool_rows
        ]
        pairs = zip(case_index.tolist(), pool_index.tolist(), strict=True)
        drawn = np.array([zlib.crc32(children[c] + places[p], self.town.prices) for c, p in pairs], dtype=np.int64)
        codes = list(dict.fromkeys((drawn % 5).tolist()))
        index = np.array([codes.index(code) for code in (drawn % 5).tolist()], dtype=np.uint8)
        return cost_pb2.QuoteOptionsResponse(
            rate_card_id="card_1",
            revision=self.price_revision(FIRST_DAY),
            distance_metres=(drawn % 9000).astype("<i4").tobytes(),
            travel_minutes=(drawn % 70).astype("<i4").tobytes(),
            annual_budget_cost_pence=drawn.astype("<i8").tobytes(),
            annual_marginal_cost_pence=(drawn // 2).astype("<i8").tobytes(),
            annual_transport_pence=(drawn // 3).astype("<i8").tobytes(),
            eligibility_index=index.tobytes(),
            eligibilities=[cost_pb2.TravelEligibility(code=f"code_{code}") for code in codes],
            travel_source_index=np.where(drawn % 2 == 0, 255, 0).astype(np.uint8).tobytes(),
            travel_sources=[cost_pb2.TravelSource(method="a line")],
        )


def _sent(now: dict[str, Any], before: dict[str, Any] | None) -> tuple[list[Any], list[str]]:
    """Messages of their own, as they come over the wire, in no order; and ids that are gone."""
    if before is None:
        return [_copy(one) for one in now.values()], []
    sent = [_copy(one) for key, one in now.items() if before.get(key) != one]
    return sent, [key for key in before if key not in now]


def _copy(message: Any) -> Any:
    return type(message).FromString(message.SerializeToString())


def made_whole(town: Town, decided: frozenset[str]) -> SimpleNamespace:
    """A standing plan's facts by neighbours that hold nothing yet."""
    neighbours = Asking(town, 0)
    gathered = neighbours.gather(FIRST_DAY, decided)
    judgement = Judgement(gathered.facts)
    quoted = quote_all(neighbours, gathered, judgement.open_options)
    neighbours.close()
    written = FactsContent(gathered, quoted, judgement.open_options, None)
    return SimpleNamespace(gathered=gathered, judgement=judgement, quoted=quoted, written=written)


def content_of(gathered: Gathered, quoted: cost_pb2.QuoteOptionsResponse, options: OpenOptions) -> bytes:
    """The whole message, written in one go."""
    prices = cost_pb2.QuoteOptionsResponse()
    prices.CopyFrom(quoted)
    prices.ClearField("revision")
    return facts_pb2.GatheredFacts(
        first_day=to_wire(gathered.facts.first_day),
        cases=gathered.cases,
        pools=gathered.pools,
        groups=gathered.groups,
        case_index=options.case.astype("<i4").tobytes(),
        pool_index=options.pool.astype("<i4").tobytes(),
        quotes=prices,
    ).SerializeToString(deterministic=True)


def assert_equal_but_for_time(found: Gathered, whole: Gathered) -> None:
    assert (found.cases, found.pools, found.groups) == (whole.cases, whole.pools, whole.groups)
    assert replace(found.facts, as_of_time="") == replace(whole.facts, as_of_time="")
    assert found.facts.case_rows == whole.facts.case_rows
    assert found.authority == whole.authority


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("remembers", [1.0, 0.5])
def test_facts_prices_and_bytes_are_those_of_a_whole_gathering(seed: int, remembers: float) -> None:
    town = Town(Random(seed))
    following, standing = Asking(town, remembers), made_whole(town, frozenset())
    following.gather(FIRST_DAY)
    for _ in range(STEPS):
        town.change()
        decided = frozenset(town.random.sample(sorted(town.cases), 2))
        gathered = following.gather(FIRST_DAY, decided)
        revision = following.price_revision(FIRST_DAY)
        again = judge_again(following, cast(StandingPlan, standing), gathered, partial(str, revision))
        options = again.judgement.open_options
        written = FactsContent(gathered, again.quoted, options, None, standing.written)
        whole = made_whole(town, decided)
        assert_equal_but_for_time(gathered, whole.gathered)
        assert again.quoted == whole.quoted
        assert written.content == whole.written.content
        assert written.content == content_of(gathered, again.quoted, options)
        assert written.hash() == hashlib.sha256(written.content).hexdigest()
        standing = SimpleNamespace(gathered=gathered, judgement=again.judgement, quoted=again.quoted, written=written)
    following.close()


def after_one_change(ids: Iterable[str] = ()) -> tuple[int, int]:
    """Pairs asked for once these pools were offered from, and those open."""
    town = Town(Random(5))
    for pool_id in sorted(town.pools):
        town.pools[pool_id].MergeFrom(pools_pb.PlacePool(places_commissioned=20, places_free=18))
    following, standing = Asking(town, 1.0), made_whole(town, frozenset())
    following.gather(FIRST_DAY)
    town.moments.append((dict(town.cases), dict(town.pools)))
    for pool_id in ids:
        town.pools[pool_id] = _copy(town.pools[pool_id])
        town.pools[pool_id].places_offered += 1
    gathered = following.gather(FIRST_DAY)
    again = judge_again(following, cast(StandingPlan, standing), gathered, lambda: "rev_1")
    return following.pairs_asked, int(again.judgement.open_options.case.size)


def test_an_offer_that_leaves_places_free_asks_for_no_price() -> None:
    asked, open_pairs = after_one_change(["pool_0", "pool_1"])
    assert asked == 0
    assert open_pairs > 0
