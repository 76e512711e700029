"""The servicers of placement: wire -> operation -> wire, nothing else. One file a service of the wire."""

from services.placement.api.advice import PlacementServicer
from services.placement.api.consulting import ConsultationServicer
from services.placement.api.deciding import DecisionServicer
from services.placement.api.monitoring import MonitoringServicer
from services.placement.api.panels import PanelServicer
from services.placement.api.scenarios import ScenarioServicer
from services.placement.api.travel import TravelServicer

__all__ = [
    "ConsultationServicer",
    "DecisionServicer",
    "MonitoringServicer",
    "PanelServicer",
    "PlacementServicer",
    "ScenarioServicer",
    "TravelServicer",
]
