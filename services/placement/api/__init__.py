"""The servicers of placement: wire -> operation -> wire, nothing else. One file a service of the wire."""

from services.placement.api.advice import PlacementServicer
from services.placement.api.consulting import ConsultationServicer

__all__ = ["ConsultationServicer", "PlacementServicer"]
