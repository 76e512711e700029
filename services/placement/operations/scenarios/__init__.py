"""What placement does with scenarios, one function for each RPC."""

from services.placement.operations.scenarios.cancelling import cancel_scenario
from services.placement.operations.scenarios.comparing import compare_scenarios, get_demand, get_result
from services.placement.operations.scenarios.creating import create_scenario
from services.placement.operations.scenarios.reading import get_scenario, list_scenarios

__all__ = [
    "cancel_scenario",
    "compare_scenarios",
    "create_scenario",
    "get_demand",
    "get_result",
    "get_scenario",
    "list_scenarios",
]
