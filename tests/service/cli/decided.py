"""What `inborough decide` finds before it, and what it sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import decisions_pb2, panels_pb2, placement_pb2
from tests.builders.cli import a_case, a_recommendation, a_refusal, an_option
from tests.builders.panel_answers import a_decision, a_panel

if TYPE_CHECKING:
    from tests.service.cli.conftest import StandIns


def prepare(services: StandIns) -> None:
    """Two options are ranked, one open panel has the case on its agenda, and whatever is decided is offered."""
    far = an_option(2, pool_id="pool_FAR", setting_name="Far School", urn=2, in_borough=False)
    rank(services, a_recommendation(options=[an_option(), far], refused=[a_refusal("Small School")]))
    services.answer("GetCase", caseload_pb2.GetCaseResponse(case=a_case()))
    hold(services, a_panel())
    become(services, a_decision())


def rank(services: StandIns, given: placement_pb2.Recommendation) -> None:
    """What is ranked now, and was ranked before."""
    services.answer("RecommendOptions", placement_pb2.RecommendOptionsResponse(recommendation=given))
    services.answer("GetRecommendation", placement_pb2.GetRecommendationResponse(recommendation=given))


def hold(services: StandIns, *panels: panels_pb2.Panel) -> None:
    """The panels that are open."""
    by_id = {panel.panel_id: panel for panel in panels}
    services.answer("ListPanels", panels_pb2.ListPanelsResponse(panels=panels))
    services.answer("GetPanel", lambda asked: panels_pb2.GetPanelResponse(panel=by_id[asked.panel_id]))


def become(services: StandIns, decision: decisions_pb2.Decision) -> None:
    """What becomes of whatever is decided."""
    services.answer("RecordDecision", decisions_pb2.RecordDecisionResponse(decision=decision))


def sent(services: StandIns) -> decisions_pb2.RecordDecisionRequest:
    """The decision as it reached placement."""
    found = services.asked["RecordDecision"]
    assert isinstance(found, decisions_pb2.RecordDecisionRequest)
    return found
