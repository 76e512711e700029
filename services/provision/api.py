"""The servicer: wire -> operation -> wire, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from sqlalchemy import Engine

from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.provision import operations, wire
from services.provision.gather import CaseloadReader
from services.provision.kept_answers import KeptAnswers
from shared.days import from_wire
from shared.imports.report import files_from_wire, options_from_wire, report_to_wire


@dataclass(frozen=True)
class ProvisionServicer(provision_pb2_grpc.ProvisionServiceServicer):
    """Serves settings and places. `authority` and `la_code` are the two codes of the authority planned for."""

    engine: Engine
    caseload: CaseloadReader
    kept: KeptAnswers
    authority: str
    la_code: int

    def ImportSettings(
        self, request: provision_pb2.ImportSettingsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ImportSettingsResponse:
        """Read a GIAS establishment file."""
        [file] = files_from_wire([request.file])
        report = operations.import_settings(self.engine, file, options_from_wire(request.mode, request.preview))
        return provision_pb2.ImportSettingsResponse(report=report_to_wire(report))

    def ImportPlacePools(
        self, request: provision_pb2.ImportPlacePoolsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ImportPlacePoolsResponse:
        """Read a place pools file."""
        [file] = files_from_wire([request.file])
        report = operations.import_place_pools(self.engine, file, options_from_wire(request.mode, request.preview))
        return provision_pb2.ImportPlacePoolsResponse(report=report_to_wire(report))

    def GetSetting(
        self, request: provision_pb2.GetSettingRequest, context: grpc.ServicerContext
    ) -> provision_pb2.GetSettingResponse:
        """One setting."""
        setting = operations.get_setting(self.engine, request.urn)
        return provision_pb2.GetSettingResponse(setting=wire.setting_to_wire(setting, self.la_code))

    def ListSettings(
        self, request: provision_pb2.ListSettingsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListSettingsResponse:
        """A page of settings."""
        most, after_urn = wire.page_size(request.page_size), wire.urn_of_page_token(request.page_token)
        found, total = operations.list_settings(self.engine, after_urn, most + 1)
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
        answer = operations.list_place_pools(
            self.engine, self.caseload, self.kept, self.la_code, first_day, request.known_revision
        )
        if answer.places is None:
            return provision_pb2.ListPlacePoolsResponse(
                revision=answer.revision,
                unchanged=True,
                authority=self.authority,
                caseload_revision=answer.caseload_revision,
            )
        message = wire.places_to_wire(answer.revision, answer.places, self.authority, self.la_code)
        message.caseload_revision = answer.caseload_revision
        return message
