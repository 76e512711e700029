"""Ask provision which settings there are, and where. The only file of the cost service that calls another."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from shared.grpc_client import connect
from shared.identity import callers
from shared.settings import ServiceSettings

ASK_SECONDS = 10.0
PAGE = 500


class Neighbours:
    """The one service that cost asks."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._channel = connect("provision", settings.address("provision"), callers.service(settings, "cost"))
        self._provision = provision_pb2_grpc.ProvisionServiceStub(self._channel)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def locate_settings(self, urns: Collection[int]) -> dict[int, tuple[int, int]]:
        """Easting and northing of settings by URN; one that is not on file, or has no place there, is left out.

        Raises NeighbourDown.
        """
        found = self._settings(set(urns))
        return {
            each.urn: (each.location.easting, each.location.northing) for each in found if each.HasField("location")
        }

    def list_known(self, urns: Collection[int]) -> set[int]:
        """Those of the URNs that are settings on file. Raises NeighbourDown."""
        return {setting.urn for setting in self._settings(set(urns))}

    def _settings(self, wanted: Collection[int]) -> Iterator[provision_pb2.Setting]:
        token, more = "", bool(wanted)
        while more:
            request = provision_pb2.ListSettingsRequest(page_size=PAGE, page_token=token)
            answer = self._provision.ListSettings(request, timeout=ASK_SECONDS)
            yield from (setting for setting in answer.settings if setting.urn in wanted)
            token = answer.next_page_token
            more = bool(token)
