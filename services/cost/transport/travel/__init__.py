"""How far and how long, behind one seam: a straight line, an imported matrix, or a router that the council runs itself.

Walking and driving are different questions: the statute asks the first, a fare and a run the second.
"""

from services.cost.transport.travel.seam import UNKNOWN, Journeys, Points, Travel, TravelSource
from services.cost.transport.travel.straight_line import StraightLine

__all__ = ["UNKNOWN", "Journeys", "Points", "StraightLine", "Travel", "TravelSource"]
