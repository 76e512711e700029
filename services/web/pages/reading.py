"""What several pages read of a case."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import READ_SECONDS
from services.web.visit import Visit
from shared.errors import NotFound

MOST_PANELS = 500


async def read_case(visit: Visit, case_id: str) -> caseload_pb2.Case:
    """The case as it stands. Raises NotFound."""
    request = caseload_pb2.GetCaseRequest(case_id=case_id)
    return (await visit.services.caseload.GetCase(request, timeout=READ_SECONDS)).case


async def read_names(visit: Visit, urns: Iterable[int]) -> dict[int, str]:
    """Names of settings by URN, as far as they are known."""
    wanted = sorted({urn for urn in urns if urn})
    found = await asyncio.gather(*(_name(visit, urn) for urn in wanted))
    return {urn: name for urn, name in zip(wanted, found, strict=True) if name}


async def _name(visit: Visit, urn: int) -> str:
    request = provision_pb2.GetSettingRequest(urn=urn)
    try:
        return (await visit.services.provision.GetSetting(request, timeout=READ_SECONDS)).setting.name
    except NotFound:
        return ""


def urns_of(case: caseload_pb2.Case) -> list[int]:
    """Settings that a case speaks of: where the child is, and what was asked for."""
    return [case.current_placement.urn, *(asked.urn for asked in case.preferences)]


async def panels_with(visit: Visit, case_id: str) -> list[panels_pb2.Panel]:
    """Open panels that have a case on their agenda, without the agendas."""
    request = panels_pb2.ListPanelsRequest(only_open=True, page_size=MOST_PANELS, case_id=case_id)
    return list((await visit.services.panels.ListPanels(request, timeout=READ_SECONDS)).panels)


async def read_panel(visit: Visit, panel_id: str) -> panels_pb2.Panel:
    """A panel with its agenda. Raises NotFound."""
    request = panels_pb2.GetPanelRequest(panel_id=panel_id)
    return (await visit.services.panels.GetPanel(request, timeout=READ_SECONDS)).panel
