"""A provision service that knows a few settings and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import grpc

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from shared.grpc_server import Handled, start_server
from shared.settings import ServiceSettings

FULL_NAME = provision_pb2.DESCRIPTOR.services_by_name["ProvisionService"].full_name


class SmallProvision(provision_pb2_grpc.ProvisionServiceServicer):
    """Settings by URN with where they are, None for nowhere; a page holds two."""

    def __init__(self, settings: Mapping[int, tuple[int, int] | None]) -> None:
        self._settings = [_setting(urn, place) for urn, place in settings.items()]
        self.pages = 0

    def ListSettings(
        self, request: provision_pb2.ListSettingsRequest, context: grpc.ServicerContext
    ) -> provision_pb2.ListSettingsResponse:
        self.pages += 1
        start = int(request.page_token or 0)
        more = str(start + 2) if start + 2 < len(self._settings) else ""
        return provision_pb2.ListSettingsResponse(settings=self._settings[start : start + 2], next_page_token=more)


def _setting(urn: int, place: tuple[int, int] | None) -> provision_pb2.Setting:
    location = common_pb2.GridReference(easting=place[0], northing=place[1]) if place else None
    return provision_pb2.Setting(urn=urn, location=location)


@contextmanager
def small_provision(settings: Mapping[int, tuple[int, int] | None]) -> Iterator[str]:
    """The address of such a service on a free port."""
    servicer = SmallProvision(settings)  # type: ignore[abstract]
    register = partial(provision_pb2_grpc.add_ProvisionServiceServicer_to_server, servicer)
    server = start_server(ServiceSettings(), [Handled(FULL_NAME, register)])
    try:
        yield server.address
    finally:
        server.stop(0)
