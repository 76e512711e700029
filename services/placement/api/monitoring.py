"""MonitoringService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

import grpc

from inborough.placement.v1 import monitoring_pb2, monitoring_pb2_grpc
from services.placement import operations
from services.placement.operations.monitoring import get_quarterly_report


class MonitoringServicer(monitoring_pb2_grpc.MonitoringServiceServicer):
    """Counts by quarter. See protos/inborough/placement/v1/monitoring.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def GetQuarterlyReport(
        self, request: monitoring_pb2.GetQuarterlyReportRequest, context: grpc.ServicerContext
    ) -> monitoring_pb2.GetQuarterlyReportResponse:
        return get_quarterly_report(self._context, request.last_quarter, request.quarters)
