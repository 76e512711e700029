"""What runs are made from, and runs."""

from __future__ import annotations

import grpc

from inborough.cost.v1 import transport_pb2, transport_pb2_grpc
from services.cost import operations
from services.cost.api.runs import RunCalls
from services.cost.gather import Neighbours
from services.cost.operations import fleets
from services.cost.operations.runs_office import RunsOffice
from shared.imports.report import files_from_wire, options_from_wire, report_to_wire


class TransportServicer(RunCalls, transport_pb2_grpc.TransportServiceServicer):
    """inborough.cost.v1.TransportService over one database."""

    def __init__(self, neighbours: Neighbours, office: RunsOffice) -> None:
        super().__init__(office)
        self._neighbours = neighbours

    def ImportBellTimes(
        self, request: transport_pb2.ImportBellTimesRequest, context: grpc.ServicerContext
    ) -> transport_pb2.ImportBellTimesResponse:
        (file,) = files_from_wire([request.file])
        options = options_from_wire(request.mode, request.preview)
        report = fleets.import_bell_times(self._office.engine, self._neighbours.list_known, file, options)
        return transport_pb2.ImportBellTimesResponse(report=report_to_wire(report))

    def ImportTravelMatrix(
        self, request: transport_pb2.ImportTravelMatrixRequest, context: grpc.ServicerContext
    ) -> transport_pb2.ImportTravelMatrixResponse:
        (file,) = files_from_wire([request.file])
        options = options_from_wire(request.mode, request.preview)
        report = operations.import_travel_matrix(self._office.engine, self._neighbours.locate_settings, file, options)
        return transport_pb2.ImportTravelMatrixResponse(report=report_to_wire(report))
