"""Offers, placements, imports and time in any order, each step predicted by tests/builders/offers_model.py."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import grpc
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Engine

from inborough.provision.v1 import provision_pb2
from services.provision.api import ProvisionServicer
from services.provision.gather import CaseloadReader
from services.provision.kept_answers import Kept
from services.provision.operations.by_itself import expire_offers, hand_over_confirmed
from services.provision.operations.imports import import_place_pools
from services.provision.storage import repository
from services.provision.storage.tables import METADATA
from shared.database import writing
from shared.days import to_wire
from shared.errors import AlreadyExists, ChangedMeanwhile, InboroughError, InvalidInput, WrongState
from shared.identity import SERVICE, Identity, acting_as
from shared.ids import new_id
from shared.imports.report import ImportOptions
from tests.builders.offers_model import Child, Held
from tests.builders.provision import LONG_AGO, a_setting, offer_request, pool_row, pools_file
from tests.service.provision.machine_start import CASES, DAYS, POOLS, URNS, ModelCaseload, pools, start

PLACEMENT = Identity("service_placement", frozenset({SERVICE}))
CONTEXT = cast(grpc.ServicerContext, None)
Outcome = type[InboroughError] | None


class OffersMachine(RuleBasedStateMachine):
    """One run: every answer, refusal and count is what the model says. `engine` has a migrated database."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine, self.model = engine, start()
        self.caseload = ModelCaseload(self.model)
        reader = cast(CaseloadReader, self.caseload)
        self.servicer = ProvisionServicer(engine, reader, Kept(), "E06000006", 876, 28)
        self.asked: list[tuple[provision_pb2.OfferPlaceRequest, bytes]] = []
        self._set_day()
        with writing(engine) as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())
            repository.record_settings(connection, [a_setting(urn) for urn in sorted(set(URNS.values()))], [])
            repository.replace_pools(connection, pools(), ())
            repository.record_change(connection)

    @rule(
        case=st.sampled_from(CASES),
        pool=st.sampled_from(POOLS),
        first=st.integers(0, len(DAYS) - 1),
        length=st.none() | st.integers(0, 300),
        over=st.sampled_from([False, False, False, True]),
        gives_up=st.booleans(),
        stands=st.integers(0, 30),
    )
    def offer(
        self, case: str, pool: str, first: int, length: int | None, over: bool, gives_up: bool, stands: int
    ) -> None:
        """Ask for a place."""
        last = None if length is None else DAYS[first] + timedelta(days=length)
        held = Held(case, pool, DAYS[first], last, self.model.today + timedelta(days=stands), over, gives_up)
        request = offer_request(
            case, pool_id=pool, first_day=held.first, expires_on=held.expires, over_number=over, gives_up_place=gives_up
        )
        if last:
            request.last_day.CopyFrom(to_wire(last))
        expected = self._predict(held)
        answer = self._ask(self.servicer.OfferPlace, request, expected)
        if answer is not None:
            assert answer.offer.over_number == held.over
            self.model.offers[answer.offer.offer_id] = held
            self.asked.append((request, answer.SerializeToString(deterministic=True)))

    def _predict(self, held: Held) -> Outcome:
        """What should come of an offer; when it is made, what has run out has ended and `over` says if it was full."""
        for present in self.model.offers.values():
            if present.case == held.case:
                self.model.hand_over(present)
        then = deepcopy(self.model)
        then.expire(then.members(held.pool), held.case)
        if then.live_of(held.case) is not None:
            return AlreadyExists
        if not then.pools[held.pool].is_open(held.first):
            return WrongState
        fits = then.fits_from(held.case, held.pool, held.first, held.last)
        if not fits and not held.over:
            return WrongState
        held.over = not fits
        self.model.offers = then.offers
        return None

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99), other_body=st.booleans())
    def repeat(self, which: int, other_body: bool) -> None:
        """Send an answered request again, as it was or with another body."""
        request, answered = self.asked[which % len(self.asked)]
        if other_body:
            changed = offer_request(request.case_id, request_id=request.request_id, pool_id="pool_NONE")
            self._ask(self.servicer.OfferPlace, changed, AlreadyExists)
        else:
            again = self._ask(self.servicer.OfferPlace, request, None)
            assert again.SerializeToString(deterministic=True) == answered

    @precondition(lambda self: self.model.offers)
    @rule(which=st.integers(0, 99), stale=st.booleans())
    def confirm(self, which: int, stale: bool) -> None:
        """Confirm an offer."""
        offer_id, held = self._pick(which)
        expected: Outcome = None
        if held.state != "confirmed":
            overdue = held.expires < self.model.today
            expected = ChangedMeanwhile if stale else WrongState if held.state != "offered" or overdue else None
        request = provision_pb2.ConfirmPlaceRequest(request_id=new_id("req"), offer_id=offer_id, etag=_etag(stale))
        if self._ask(self.servicer.ConfirmPlace, request, expected) is not None:
            held.state = "confirmed"

    @precondition(lambda self: self.model.offers)
    @rule(which=st.integers(0, 99), stale=st.booleans())
    def release(self, which: int, stale: bool) -> None:
        """Give a place back."""
        offer_id, held = self._pick(which)
        holds = held.state in ("offered", "confirmed")
        request = provision_pb2.ReleasePlaceRequest(
            request_id=new_id("req"), offer_id=offer_id, etag=_etag(stale), reason_code="withdrawn"
        )
        answer = self._ask(self.servicer.ReleasePlace, request, ChangedMeanwhile if holds and stale else None)
        if holds and answer is not None:
            held.state = "released"

    @precondition(lambda self: self.model.offers)
    @rule(which=st.integers(0, 99), days=st.integers(-5, 190), stale=st.booleans())
    def extend(self, which: int, days: int, stale: bool) -> None:
        """Let an offer stand longer."""
        offer_id, held = self._pick(which)
        until = self.model.today + timedelta(days=days)
        expected: Outcome = InvalidInput if until <= held.expires or not 0 <= days <= 180 else None
        expected = ChangedMeanwhile if stale else WrongState if held.state != "offered" else expected
        request = provision_pb2.ExtendOfferRequest(
            request_id=new_id("req"), offer_id=offer_id, etag=_etag(stale), expires_on=to_wire(until)
        )
        if self._ask(self.servicer.ExtendOffer, request, expected) is not None:
            held.expires = until

    @precondition(lambda self: any(held.state == "confirmed" for held in self.model.offers.values()))
    @rule(which=st.integers(0, 99))
    def record(self, which: int) -> None:
        """Caseload records a confirmed place."""
        confirmed = [held for held in self.model.offers.values() if held.state == "confirmed"]
        held = confirmed[which % len(confirmed)]
        child = self.model.children.setdefault(held.case, Child())
        if held.first not in [first for first, _ in child.named]:
            child.named.append((held.first, held.pool))
            self.caseload.revision += 1

    @rule(case=st.sampled_from(CASES), pool=st.sampled_from(POOLS), until=st.none() | st.sampled_from(DAYS))
    def arrive(self, case: str, pool: str, until: date | None) -> None:
        """A return says where a child is."""
        child = self.model.children.setdefault(case, Child())
        child.pool, child.until = pool, until
        self.caseload.revision += 1

    @rule(case=st.sampled_from(CASES))
    def leave(self, case: str) -> None:
        """A return no longer has a child."""
        self.model.children.pop(case, None)
        self.caseload.revision += 1

    @rule(pool=st.sampled_from(["pool_A", "pool_LOW"]), places=st.integers(0, 3), day=st.sampled_from(DAYS))
    def import_number(self, pool: str, places: int, day: date) -> None:
        """A file gives a pool another number from a day."""
        numbers: dict[date, int | None] = {LONG_AGO: 1, day: places}
        facts = {"kind": "resource_base", "group_ref": "G", "group_places": "2"} if pool == "pool_LOW" else {}
        rows = [
            pool_row(
                pool_ref=pool.removeprefix("pool_"),
                urn=str(URNS[pool]),
                needs="ALL",
                year_group_low="-1",
                year_group_high="20",
                places_commissioned=str(number),
                first_day=first.isoformat(),
                **facts,
            )
            for first, number in numbers.items()
        ]
        report = import_place_pools(self.engine, pools_file(*rows), ImportOptions())
        assert report.accepted, report.problems
        self.model.pools[pool] = replace(self.model.pools[pool], places=numbers)

    @rule(days=st.integers(1, 40))
    def pass_time(self, days: int) -> None:
        """Days pass."""
        self.model.today += timedelta(days=days)
        self._set_day()

    @rule()
    def run_timers(self) -> None:
        """The events process does its work."""
        expire_offers(self.engine, self.model.today)
        self.model.expire()
        hand_over_confirmed(self.engine, cast(CaseloadReader, self.caseload))
        for held in self.model.offers.values():
            self.model.hand_over(held)

    @rule(day=st.sampled_from(DAYS))
    def look(self, day: date) -> None:
        """Every count on a day is the model's, by either RPC, and no child is in two places."""
        with acting_as(PLACEMENT):
            request = provision_pb2.ListPlacePoolsRequest(first_day=to_wire(day))
            on_day = self.servicer.ListPlacePools(request, CONTEXT).pools
            places = self.servicer.ListPlaces(provision_pb2.ListPlacesRequest(first_day=to_wire(day)), CONTEXT).places
        for pool, step in zip(on_day, places, strict=True):
            filled, offered = self.model.filled(pool.pool_id, day), self.model.offered(pool.pool_id, day)
            assert (list(pool.held_by), list(pool.offered_to)) == (sorted(filled), sorted(offered)), pool.pool_id
            assert pool.places_over_number == step.places_over_number == self.model.over(pool.pool_id, day)
            assert (step.places_filled, step.places_offered) == (len(filled), len(offered))
            number = self.model.pools[pool.pool_id].on(day)
            if number is not None:
                assert pool.places_free == max(0, number - len(filled) - len(offered))
        held_by = [case for pool in on_day for case in pool.held_by]
        assert len(held_by) == len(set(held_by))

    def teardown(self) -> None:
        """At the end every day is looked at."""
        for day in DAYS:
            self.look(day)

    def _ask(self, method: Callable[[Any, grpc.ServicerContext], Any], request: Any, expected: Outcome) -> Any:
        """The answer, or None when it is refused as expected. Fails the test when anything else happens."""
        if expected is not None:
            with acting_as(PLACEMENT), pytest.raises(expected):
                method(request, CONTEXT)
            return None
        with acting_as(PLACEMENT):
            return method(request, CONTEXT)

    def _pick(self, which: int) -> tuple[str, Held]:
        return list(self.model.offers.items())[which % len(self.model.offers)]

    def _set_day(self) -> None:
        os.environ["INBOROUGH_TODAY"] = self.model.today.isoformat()


def _etag(stale: bool) -> str:
    return "etag_0" if stale else ""
