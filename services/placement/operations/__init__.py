"""What placement does, one function for each RPC."""

from services.placement.operations.context import Context
from services.placement.operations.later_arrivals import later_arrivals_shown
from services.placement.operations.plans import (
    export_problem,
    get_plan,
    list_plans,
    propose_plan,
    refresh_standing_plan,
)
from services.placement.operations.recommendations import get_recommendation, recommend_options

__all__ = [
    "Context",
    "export_problem",
    "get_plan",
    "get_recommendation",
    "later_arrivals_shown",
    "list_plans",
    "propose_plan",
    "recommend_options",
    "refresh_standing_plan",
]
