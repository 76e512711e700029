"""What others may ask, one file a family of calls: wire -> operation -> wire, nothing else."""

from services.cost.api.cards import CostServicer, quotes
from services.cost.api.transport import TransportServicer

__all__ = ["CostServicer", "TransportServicer", "quotes"]
