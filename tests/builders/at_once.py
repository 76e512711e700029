"""Many clients ask for places at once, each request in several copies; a checker says whether anything was oversold."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from inborough.provision.v1 import provision_pb2
from shared.errors import AlreadyExists, ChangedMeanwhile, NeighbourDown, WrongState
from shared.ids import content_id
from tests.builders.provision import offer_request

ATTEMPTS = 20
Offer = Callable[[provision_pb2.OfferPlaceRequest], bytes]
"""Asks for a place; the answer's bytes, or one of our errors."""


@dataclass(frozen=True)
class Places:
    """Places left by pool id and by group id, and each pool's group ("" for none)."""

    of_pool: Mapping[str, int]
    of_group: Mapping[str, int]
    group: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What one copy of a request came to: the answer's bytes, or the name of the refusal."""

    request: provision_pb2.OfferPlaceRequest
    bytes: bytes | None
    refusal: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of everything. Each fault is a sentence; none means that all is well."""

    requests: int
    accepted: int
    refused: Mapping[str, int]
    oversold: int
    placed_twice: int
    copies_that_differ: int
    refused_beside_a_free_place: int

    @property
    def is_sound(self) -> bool:
        """Nothing oversold, nobody placed twice, every copy answered alike, and no free place refused."""
        return not (self.oversold or self.placed_twice or self.copies_that_differ or self.refused_beside_a_free_place)


def draw_requests(places: Places, how_many: int, children: int, seed: int) -> list[provision_pb2.OfferPlaceRequest]:
    """Requests for places in any of the pools, by fewer children than requests: some ask for two places."""
    draw, pools = random.Random(seed), sorted(places.of_pool)
    return [
        offer_request(
            f"case_{draw.randrange(children)}",
            request_id=content_id("req", str(seed), str(at)),
            pool_id=draw.choice(pools),
            decision_id=f"dec_{at}",
        )
        for at in range(how_many)
    ]


def ask_at_once(
    requests: Sequence[provision_pb2.OfferPlaceRequest], offer: Offer, *, clients: int, copies: int, seed: int = 1
) -> list[Answer]:
    """Every request in so many copies, in any order, from so many clients."""
    work = [request for request in requests for _ in range(copies)]
    random.Random(seed).shuffle(work)
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda request: _ask(offer, request), work))


def _ask(offer: Offer, request: provision_pb2.OfferPlaceRequest) -> Answer:
    """The answer, asked for again where another was quicker or a neighbour did not answer, as a decision does."""
    for _ in range(ATTEMPTS):
        try:
            return Answer(request, offer(request))
        except (ChangedMeanwhile, NeighbourDown):
            continue
        except (AlreadyExists, WrongState) as refused:
            return Answer(request, None, type(refused).__name__)
    return Answer(request, None, "GaveUp")


def check(answers: Iterable[Answer], places: Places) -> Outcome:
    """What was oversold, placed twice, answered unlike its copy, or refused although a place was free."""
    by_request: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_request[answer.request.request_id].append(answer)
    accepted = [copies[0].request for copies in by_request.values() if any(copy.bytes for copy in copies)]
    pools = Counter(request.pool_id for request in accepted)
    groups = Counter(places.group[request.pool_id] for request in accepted)
    full = {pool for pool, number in places.of_pool.items() if pools[pool] >= number}
    full_groups = {group for group, number in places.of_group.items() if groups[group] >= number}
    short = {copy.request.pool_id for copies in by_request.values() for copy in copies if copy.refusal == "WrongState"}
    return Outcome(
        requests=len(by_request),
        accepted=len(accepted),
        refused=Counter(copies[0].refusal for copies in by_request.values() if copies[0].refusal),
        oversold=sum(max(0, pools[pool] - number) for pool, number in places.of_pool.items())
        + sum(max(0, groups[group] - number) for group, number in places.of_group.items()),
        placed_twice=sum(times - 1 for times in Counter(request.case_id for request in accepted).values()),
        copies_that_differ=sum(len({copy.bytes for copy in copies}) > 1 for copies in by_request.values()),
        refused_beside_a_free_place=sum(pool not in full and places.group[pool] not in full_groups for pool in short),
    )
