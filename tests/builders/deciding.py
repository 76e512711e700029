"""A small authority about which panels decide: four children due for Year 7 and four settings.

Nearest first: Ash School (one special place), Birch School (five), Cedar High (mainstream, no fixed number), and
Dogwood (one special place, which another child holds). One child asks for nothing, two ask for Birch, one for Dogwood.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import grpc

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.placement.v1 import (
    consultations_pb2,
    consultations_pb2_grpc,
    decisions_pb2,
    decisions_pb2_grpc,
    panels_pb2,
    panels_pb2_grpc,
    placement_pb2,
    placement_pb2_grpc,
)
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from shared.days import to_wire
from shared.ids import new_id
from tests.builders import caseload, cost, provision
from tests.builders.identity import connect
from tests.builders.system import neighbours_of_placement, send

ASH, BIRCH, CEDAR, DOGWOOD = 100001, 100002, 100003, 100004
FREE, ASKS_BIRCH, ASKS_BIRCH_TOO, ASKS_DOGWOOD, SEATED = 1, 2, 3, 4, 5
"""Serial numbers of the children by what their families ask for; the last one holds Dogwood's place and is not due."""
SECONDS = 20.0
TODAY = "2024-02-01"


def write_files(folder: Path) -> None:
    """The authority's files, as its own systems would export them."""
    (folder / "sen2").mkdir(parents=True)
    for file in caseload.blade(*list_children()):
        (folder / "sen2" / file.name).write_bytes(file.content)
    settings = [_setting(ASH, "Ash School", 351200), _setting(BIRCH, "Birch School", 353000)]
    settings += [_setting(CEDAR, "Cedar High", 351000, "34", "Academy converter"), _setting(DOGWOOD, "Dogwood", 354000)]
    gias = provision.csv_bytes(settings, provision.GIAS_COLUMNS, "cp1252")
    (folder / "gias.csv").write_bytes(gias)
    pools = [_pool("ASH", ASH, 1), _pool("BIRCH", BIRCH, 5), _pool("DOGWOOD", DOGWOOD, 1)]
    pools.append(_pool("CEDAR", CEDAR, "", kind="mainstream", needs="ALL"))
    (folder / "pools.csv").write_bytes(provision.csv_bytes(pools, provision.POOL_COLUMNS))
    (folder / "rates.csv").write_bytes(cost.to_csv(cost.card_rows()))
    due = [{"upn": caseload.upn(at), "reason": "new_plan", "advised_kinds": "state_special"} for at in range(1, 5)]
    (folder / "due.csv").write_bytes(caseload.due(*due).content)
    asked = [(ASKS_BIRCH, BIRCH), (ASKS_BIRCH_TOO, BIRCH), (ASKS_DOGWOOD, DOGWOOD)]
    wishes = [{"upn": caseload.upn(at), "urn": str(urn)} for at, urn in asked]
    (folder / "preferences.csv").write_bytes(caseload.preferences(*wishes).content)


def list_children() -> list[caseload.Child]:
    """As their return has them, by serial number."""
    due = caseload.children(4)
    seat = caseload.Placed(urn=str(DOGWOOD))
    asked = caseload.Asked(active=(caseload.Active(placements=(seat,)),), plans=(caseload.Plan(details=(seat,)),))
    seated = caseload.Child(
        upn=caseload.upn(SEATED), surname="Inventedname5", personbirthdate="2012-03-17", requests=(asked,)
    )
    return [*due, seated]


def _setting(urn: int, name: str, easting: int, code: str = "7", kind: str = "Community special school") -> Any:
    cells = {"URN": str(urn), "EstablishmentName": name, "Easting": str(easting), "TypeOfEstablishment (code)": code}
    return provision.gias_row(**cells, **{"TypeOfEstablishment (name)": kind})


def _pool(ref: str, urn: int, places: int | str, **cells: str) -> dict[str, str]:
    return provision.pool_row(pool_ref=ref, urn=str(urn), places_commissioned=str(places), **cells)


@dataclass(frozen=True)
class Panel:
    """People and the services they call. `case_ids` by the serial numbers above."""

    chair: grpc.Channel
    addresses: dict[str, str]
    case_ids: dict[int, str]

    @property
    def decisions(self) -> decisions_pb2_grpc.DecisionServiceStub:
        return decisions_pb2_grpc.DecisionServiceStub(self.chair)

    @property
    def panels(self) -> panels_pb2_grpc.PanelServiceStub:
        return panels_pb2_grpc.PanelServiceStub(self.chair)

    def recommend(self, child: int, **fields: Any) -> placement_pb2.Recommendation:
        """Options for a child, as many as there are."""
        request = placement_pb2.RecommendOptionsRequest(case_id=self.case_ids[child], top=50, **fields)
        return (
            placement_pb2_grpc.PlacementServiceStub(self.chair)
            .RecommendOptions(request, timeout=SECONDS)
            .recommendation
        )

    def asking(self, child: int, **fields: Any) -> decisions_pb2.RecordDecisionRequest:
        """A chair's request outside a panel, to agree with the option ranked first; `fields` say what differs."""
        advice = fields.pop("advice", None) or self.recommend(child)
        kind = fields.pop("kind", decisions_pb2.DECISION_KIND_AGREE)
        gives = kind in (decisions_pb2.DECISION_KIND_AGREE, decisions_pb2.DECISION_KIND_CHOOSE_OTHER)
        best = next((option for option in advice.options if option.rank == 1), placement_pb2.Option())
        usual: dict[str, Any] = {
            "request_id": new_id("req"),
            "case_id": self.case_ids[child],
            "recommendation_id": advice.recommendation_id,
            "pool_id": best.pool_id if gives else "",
            "urgency": "" if fields.get("panel_id") else "Invented urgency.",
            "section_33_steps": "Invented steps.",
            "reason": "Invented reason.",
        }
        return decisions_pb2.RecordDecisionRequest(kind=kind, **{**usual, **fields})

    def record(self, child: int, **fields: Any) -> decisions_pb2.Decision:
        """Record a decision and return it as answered."""
        return self.decisions.RecordDecision(self.asking(child, **fields), timeout=SECONDS).decision

    def name(self, decision: decisions_pb2.Decision, **fields: Any) -> decisions_pb2.Decision:
        """Name the place of a decision."""
        request = decisions_pb2.NamePlacementRequest(
            request_id=new_id("req"), decision_id=decision.decision_id, **fields
        )
        return self.decisions.NamePlacement(request, timeout=SECONDS).decision

    def withdraw(self, decision: decisions_pb2.Decision, **fields: Any) -> decisions_pb2.Decision:
        """Take a decision back."""
        usual = {"request_id": new_id("req"), "reason": "Invented reason."}
        request = decisions_pb2.WithdrawDecisionRequest(decision_id=decision.decision_id, **{**usual, **fields})
        return self.decisions.WithdrawDecision(request, timeout=SECONDS).decision

    def read(self, decision_id: str) -> decisions_pb2.DecisionRecord:
        """The whole record."""
        request = decisions_pb2.GetDecisionRequest(decision_id=decision_id)
        return self.decisions.GetDecision(request, timeout=SECONDS).record

    def consult(self, child: int, urn: int) -> None:
        """Record that a setting was consulted about a child."""
        request = consultations_pb2.SendConsultationRequest(
            request_id=new_id("req"), case_id=self.case_ids[child], urn=urn
        )
        consultations_pb2_grpc.ConsultationServiceStub(self.chair).SendConsultation(request, timeout=SECONDS)

    def case(self, child: int) -> caseload_pb2.Case:
        """The case as caseload has it now."""
        with connect("caseload", self.addresses["caseload_address"]) as channel:
            request = caseload_pb2.GetCaseRequest(case_id=self.case_ids[child])
            return caseload_pb2_grpc.CaseloadServiceStub(channel).GetCase(request, timeout=SECONDS).case

    def offers(self, **fields: Any) -> list[provision_pb2.Offer]:
        """Offers as provision has them now."""
        with connect("provision", self.addresses["provision_address"]) as channel:
            request = provision_pb2.ListOffersRequest(**fields)
            return list(provision_pb2_grpc.ProvisionServiceStub(channel).ListOffers(request, timeout=SECONDS).offers)

    def open(self, *children: int, meets_on: date = date(2024, 2, 6)) -> panels_pb2.Panel:
        """Open a panel with these children on its agenda."""
        opening = panels_pb2.OpenPanelRequest(request_id=new_id("req"), meets_on=to_wire(meets_on))
        panel = self.panels.OpenPanel(opening, timeout=SECONDS).panel
        if not children:
            return panel
        adding = panels_pb2.AddToAgendaRequest(
            request_id=new_id("req"), panel_id=panel.panel_id, case_ids=[self.case_ids[child] for child in children]
        )
        return self.panels.AddToAgenda(adding, timeout=SECONDS).panel

    def close(self, panel: panels_pb2.Panel, *carried_over: int, **fields: Any) -> panels_pb2.Panel:
        """Close a panel; the chair sat with a psychologist."""
        sat = [("user_panel_chair", "chair"), ("user_invented", "educational_psychologist")]
        usual: dict[str, Any] = {
            "attendance": [panels_pb2.Attendance(user_id=who, capacity=what) for who, what in sat],
            "carried_over_case_ids": [self.case_ids[child] for child in carried_over],
        }
        request = panels_pb2.ClosePanelRequest(request_id=new_id("req"), panel_id=panel.panel_id, **{**usual, **fields})
        return self.panels.ClosePanel(request, timeout=SECONDS).panel


@contextmanager
def small_authority(folder: Path) -> Iterator[tuple[dict[str, str], dict[int, str]]]:
    """Placement's neighbours with the authority in them; their addresses, and case ids by the serial numbers above."""
    kept, case_ids = _brought_in()
    for path in kept.glob("*.db*"):
        shutil.copy(path, folder)
    with neighbours_of_placement(folder) as addresses:
        yield addresses, case_ids


@cache
def _brought_in() -> tuple[Path, dict[int, str]]:
    """The databases after their files were brought in, once a process: to copy them is quicker."""
    folder = Path(tempfile.mkdtemp(prefix="inborough-authority-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with neighbours_of_placement(folder) as addresses:
        return folder, load(addresses, folder / "files")


def load(addresses: dict[str, str], folder: Path) -> dict[int, str]:
    """Write the files and bring them in; case ids by the children's serial numbers."""
    write_files(folder)
    send(addresses, folder, "gias", "pools", "rates", "sen2", "preferences", "due")
    found: dict[int, str] = {}
    with connect("caseload", addresses["caseload_address"]) as channel:
        stub = caseload_pb2_grpc.CaseloadServiceStub(channel)
        cases = stub.ListCases(caseload_pb2.ListCasesRequest(page_size=500), timeout=SECONDS).cases
    free = [case.case_id for case in cases if case.HasField("decision_due") and not case.preferences]
    birch = [case.case_id for case in cases if [p.urn for p in case.preferences] == [BIRCH]]
    dogwood = [case.case_id for case in cases if [p.urn for p in case.preferences] == [DOGWOOD]]
    seated = [case.case_id for case in cases if not case.HasField("decision_due")]
    found[FREE], found[ASKS_DOGWOOD], found[SEATED] = free[0], dogwood[0], seated[0]
    found[ASKS_BIRCH], found[ASKS_BIRCH_TOO] = birch
    return found


@contextmanager
def sitting(address: str, addresses: dict[str, str], case_ids: dict[int, str]) -> Iterator[Panel]:
    """A chair, who is also a caseworker, at work with placement at `address`."""
    with connect("placement", address, "panel_chair", "caseworker") as channel:
        yield Panel(channel, addresses, case_ids)
