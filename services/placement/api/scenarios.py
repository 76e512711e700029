"""ScenarioService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

import grpc

from inborough.placement.v1 import scenarios_pb2, scenarios_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id
from services.placement.operations import scenarios


class ScenarioServicer(scenarios_pb2_grpc.ScenarioServiceServicer):
    """Keeps and shows scenarios. See protos/inborough/placement/v1/scenarios.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def CreateScenario(
        self, request: scenarios_pb2.CreateScenarioRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.CreateScenarioResponse:
        if request.based_on:
            check_id(request.based_on, "based_on", "scen")
        return scenarios.create_scenario(self._context, request, context.is_active)

    def GetScenario(
        self, request: scenarios_pb2.GetScenarioRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.GetScenarioResponse:
        scenario_id = check_id(request.scenario_id, "scenario_id", "scen")
        return scenarios_pb2.GetScenarioResponse(scenario=scenarios.get_scenario(self._context, scenario_id))

    def ListScenarios(
        self, request: scenarios_pb2.ListScenariosRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.ListScenariosResponse:
        page = scenarios.list_scenarios(self._context, request.name, request.page_size, request.page_token)
        return scenarios_pb2.ListScenariosResponse(scenarios=page.scenarios, next_page_token=page.next_page_token)

    def CancelScenario(
        self, request: scenarios_pb2.CancelScenarioRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.CancelScenarioResponse:
        check_id(request.scenario_id, "scenario_id", "scen")
        return scenarios.cancel_scenario(self._context, request)

    def GetScenarioResult(
        self, request: scenarios_pb2.GetScenarioResultRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.GetScenarioResultResponse:
        scenario_id = check_id(request.scenario_id, "scenario_id", "scen")
        return scenarios.get_result(self._context, scenario_id, request.measures)

    def GetScenarioDemand(
        self, request: scenarios_pb2.GetScenarioDemandRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.GetScenarioDemandResponse:
        return scenarios.get_demand(self._context, check_id(request.scenario_id, "scenario_id", "scen"))

    def CompareScenarios(
        self, request: scenarios_pb2.CompareScenariosRequest, context: grpc.ServicerContext
    ) -> scenarios_pb2.CompareScenariosResponse:
        for scenario_id in request.scenario_ids:
            check_id(scenario_id, "scenario_ids", "scen")
        return scenarios.compare_scenarios(self._context, request.scenario_ids, request.measures)
