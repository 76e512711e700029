"""What a decision is made on: the case, the ranking before the panel, and the panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2, placement_pb2
from services.cli.calls import Services, ask, started
from services.cli.deciding.asked import Asked
from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn
from services.cli.typed import typed

MOST_PANELS = 500


@dataclass(frozen=True)
class Papers:
    """`panel` is None when the chair decides outside one."""

    case: caseload_pb2.Case
    ranking: placement_pb2.Recommendation
    panel: panels_pb2.Panel | None


def read_papers(services: Services, case_id: str, asked: Asked) -> Papers:
    """The papers of one case; places are ranked now unless a ranking is named. Raises shared.errors, CannotGoOn."""
    case = started(services.caseload.GetCase, caseload_pb2.GetCaseRequest(case_id=case_id), "Reading the case")
    panel = None if asked.outside_panel else _panel(services, case_id, asked.panel_id)
    return Papers(case().case, _ranking(services, case_id, asked), panel)


def _ranking(services: Services, case_id: str, asked: Asked) -> placement_pb2.Recommendation:
    if not asked.recommendation_id:
        request = placement_pb2.RecommendOptionsRequest(case_id=case_id, top=asked.options_needed)
        return ask(services.placement.RecommendOptions, request, "Ranking places").recommendation
    given = placement_pb2.GetRecommendationRequest(recommendation_id=asked.recommendation_id)
    ranking = ask(services.placement.GetRecommendation, given, "Reading the ranking").recommendation
    if ranking.case_id != case_id:
        raise CannotGoOn(
            f"{asked.recommendation_id} is about another case.", f"Rank again with `{typed(f'recommend {case_id}')}`."
        )
    return ranking


def _panel(services: Services, case_id: str, panel_id: str) -> panels_pb2.Panel:
    """The panel named, or the only open one that has the case on its agenda."""
    if panel_id:
        return _started(services, panel_id)()
    found = _open_panels(services, case_id=case_id, page_size=MOST_PANELS)
    if len(found) == 1:
        return _started(services, found[0].panel_id)()
    if found:
        several = ", ".join(panel.panel_id for panel in found)
        raise CannotGoOn(f"Several open panels have this case on their agenda: {several}.", "Say which with --panel.")
    raise CannotGoOn("No open panel has this case on its agenda.", _how_to_get_one(services, case_id), ANSWER_IS_NO)


def _open_panels(services: Services, **fields: Any) -> Sequence[panels_pb2.Panel]:
    request = panels_pb2.ListPanelsRequest(only_open=True, **fields)
    return ask(services.panels.ListPanels, request, "Reading panels").panels


def _how_to_get_one(services: Services, case_id: str) -> str:
    first = f"Put it on one: `{typed(f'panel add PANEL_ID {case_id}')}`"
    opening = "" if _open_panels(services, page_size=1) else f", after `{typed('panel open --on DAY')}`"
    return f"{first}{opening}. A chair who decides outside a panel says --urgent REASON."


def _started(services: Services, panel_id: str) -> Callable[[], panels_pb2.Panel]:
    answer = started(services.panels.GetPanel, panels_pb2.GetPanelRequest(panel_id=panel_id), "Reading the panel")
    return lambda: answer().panel
