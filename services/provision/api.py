"""The servicer: wire -> operation -> wire, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from sqlalchemy import Connection, Engine

from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.provision import offer_wire, wire
from services.provision.gather import CaseloadReader
from services.provision.kept_answers import Kept
from services.provision.operations import change_offer, imports, offer_place, places, places_over_time, settings
from services.provision.operations.list_offers import list_offers
from shared import identity
from shared.clock import today
from shared.database import reading
from shared.days import from_wire
from shared.event_log.requests import answer_once, find_answer
from shared.failpoints import failpoint
from shared.imports.report import files_from_wire, options_from_wire, report_to_wire


@dataclass(frozen=True)
class ProvisionServicer(provision_pb2_grpc.ProvisionServiceServicer):
    """Serves settings, places and offers. `authority` and `la_code` are the two codes of the authority planned for.

    An offer stands `offer_days` from today unless the caller says otherwise.
    """

    engine: Engine
    caseload: CaseloadReader
    kept: Kept
    authority: str
    la_code: int
    offer_days: int

    def ImportSettings(
        self, request: provision_pb2.ImportSettingsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ImportSettingsResponse:
        """Read a GIAS establishment file."""
        [file] = files_from_wire([request.file])
        report = imports.import_settings(self.engine, file, options_from_wire(request.mode, request.preview))
        return provision_pb2.ImportSettingsResponse(report=report_to_wire(report))

    def ImportPlacePools(
        self, request: provision_pb2.ImportPlacePoolsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ImportPlacePoolsResponse:
        """Read a place pools file."""
        [file] = files_from_wire([request.file])
        report = imports.import_place_pools(self.engine, file, options_from_wire(request.mode, request.preview))
        return provision_pb2.ImportPlacePoolsResponse(report=report_to_wire(report))

    def GetSetting(
        self, request: provision_pb2.GetSettingRequest, context: grpc.ServicerContext
    ) -> provision_pb2.GetSettingResponse:
        """One setting."""
        setting = settings.get_setting(self.engine, request.urn)
        return provision_pb2.GetSettingResponse(setting=wire.setting_to_wire(setting, self.la_code))

    def ListSettings(
        self, request: provision_pb2.ListSettingsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListSettingsResponse:
        """A page of settings."""
        most, after_urn = wire.page_size(request.page_size), wire.urn_of_page_token(request.page_token)
        found, total = settings.list_settings(self.engine, after_urn, most + 1)
        page = found[:most]
        return provision_pb2.ListSettingsResponse(
            settings=[wire.setting_to_wire(setting, self.la_code) for setting in page],
            next_page_token=wire.page_token(page[-1].urn) if len(found) > most else "",
            total=total,
        )

    def ListPlacePools(
        self, request: provision_pb2.ListPlacePoolsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListPlacePoolsResponse:
        """The places on a first day."""
        first_day = from_wire(request.first_day, "first_day")
        known = self.kept.places.find(request.known_revision) if request.changes_only else None
        answer = places.list_place_pools(
            self.engine, self.caseload, self.kept, self.la_code, first_day, request.known_revision
        )
        if answer.places is None:
            return provision_pb2.ListPlacePoolsResponse(
                revision=answer.revision,
                unchanged=True,
                authority=self.authority,
                caseload_revision=answer.caseload_revision,
            )
        shows_cases = identity.current().sees_cases
        message = wire.places_to_wire(
            answer.revision, answer.places, self.authority, self.la_code, known, shows_cases=shows_cases
        )
        message.caseload_revision = answer.caseload_revision
        return message

    def ListPlaces(
        self, request: provision_pb2.ListPlacesRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListPlacesResponse:
        """Places over a period, counts alone."""
        pool_ids, period = wire.pool_ids_from_wire(request.pool_ids), wire.period_from_wire(request)
        steps = places_over_time.list_places(self.engine, self.caseload, pool_ids, period)
        return provision_pb2.ListPlacesResponse(places=map(wire.step_to_wire, steps))

    def OfferPlace(
        self, request: provision_pb2.OfferPlaceRequest, context: grpc.ServicerContext
    ) -> provision_pb2.OfferPlaceResponse:
        """Hold a place for a case. A copy of a request is answered without asking caseload anew."""
        with reading(self.engine) as connection:
            known = find_answer(connection, request, provision_pb2.OfferPlaceResponse)
        if known is not None:
            return known
        day = today()
        wish = offer_wire.wish_from_wire(request, day, self.offer_days)
        facts = offer_place.prepare_offer(self.engine, self.caseload, wish, day)

        def offer(connection: Connection) -> provision_pb2.OfferPlaceResponse:
            made = offer_place.offer_place(connection, facts, wish, day)
            return provision_pb2.OfferPlaceResponse(offer=offer_wire.offer_to_wire(made))

        answer = answer_once(self.engine, request, provision_pb2.OfferPlaceResponse, offer)
        if __debug__:
            failpoint("provision.offer_place.after_commit")
        return answer

    def ConfirmPlace(
        self, request: provision_pb2.ConfirmPlaceRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ConfirmPlaceResponse:
        """Make an offer a confirmed place."""
        offer_id = offer_wire.need_offer_id(request.offer_id)

        def confirm(connection: Connection) -> provision_pb2.ConfirmPlaceResponse:
            confirmed = change_offer.confirm_place(connection, offer_id, request.etag, today())
            return provision_pb2.ConfirmPlaceResponse(offer=offer_wire.offer_to_wire(confirmed))

        answer = answer_once(self.engine, request, provision_pb2.ConfirmPlaceResponse, confirm)
        if __debug__:
            failpoint("provision.confirm_place.after_commit")
        return answer

    def ReleasePlace(
        self, request: provision_pb2.ReleasePlaceRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ReleasePlaceResponse:
        """Give a held place back."""
        offer_id = offer_wire.need_offer_id(request.offer_id)
        reason = offer_wire.need_reason_code(request.reason_code)

        def release(connection: Connection) -> provision_pb2.ReleasePlaceResponse:
            released = change_offer.release_place(connection, offer_id, request.etag, reason)
            return provision_pb2.ReleasePlaceResponse(offer=offer_wire.offer_to_wire(released))

        return answer_once(self.engine, request, provision_pb2.ReleasePlaceResponse, release)

    def ExtendOffer(
        self, request: provision_pb2.ExtendOfferRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ExtendOfferResponse:
        """Let an offer stand until a later day."""
        offer_id = offer_wire.need_offer_id(request.offer_id)
        expires_on = from_wire(request.expires_on, "expires_on")

        def extend(connection: Connection) -> provision_pb2.ExtendOfferResponse:
            extended = change_offer.extend_offer(connection, offer_id, request.etag, expires_on, today())
            return provision_pb2.ExtendOfferResponse(offer=offer_wire.offer_to_wire(extended))

        return answer_once(self.engine, request, provision_pb2.ExtendOfferResponse, extend)

    def ListOffers(
        self, request: provision_pb2.ListOffersRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListOffersResponse:
        """A page of offers."""
        chosen, after = offer_wire.filter_from_wire(request), offer_wire.after_from_token(request.page_token)
        page, more_follow = list_offers(self.engine, chosen, after, wire.page_size(request.page_size))
        return offer_wire.offers_to_wire(page, more_follow)
