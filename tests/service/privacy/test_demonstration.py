"""No name, birth date, UPN or postcode of an invented child reaches a log, a metric, an id, an error or a database."""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from shared import logs
from shared.errors import InboroughError
from tests.builders.identity import connect
from tests.builders.system import channel_to, file_of, load_demonstration, neighbours_of_placement, running

SECONDS = 30.0


@pytest.fixture
def logged() -> None:
    logs.configure("canary", "DEBUG")


def canaries(folder: Path) -> set[str]:
    """What must appear nowhere, in each way that it might be written."""
    found: set[str] = set()
    with next((folder / "sen2").glob("*_person.csv")).open(encoding="utf-8") as lines:
        for person in csv.DictReader(lines):
            day = person["personbirthdate"].split(" ")[0]
            found |= {person["surname"], person["forename"], person["upn"], person["postcode"], day}
            found.add(person["postcode"].replace(" ", ""))
    return {canary for canary in found if len(canary) > 3}


def spoil(folder: Path) -> Path:
    """A return whose every person row is wrong in another column, so that problems hold personal values."""
    spoilt = folder / "spoilt_person.csv"
    original = next((folder / "sen2").glob("*_person.csv"))
    lines = original.read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(",")
    wrong = columns.index("personbirthdate")
    rows = [line.split(",") for line in lines[1:200]]
    for row in rows:
        row[wrong] = f"{row[columns.index('surname')]} {row[columns.index('postcode')]}"
    spoilt.write_text("\n".join([lines[0], *map(",".join, rows)]) + "\n", encoding="utf-8")
    return spoilt


def use_everything(addresses: dict[str, str], placement: placement_pb2_grpc.PlacementServiceStub, folder: Path) -> str:
    """Views, refusals, errors, recommendations and a plan; returns all that went back but an import's problems."""
    said: list[str] = []
    with connect("caseload", addresses["caseload_address"]) as channel:
        caseload = caseload_pb2_grpc.CaseloadServiceStub(channel)
        spoilt = common_pb2.ImportFile(name="Blade-Export_01-02-2024_person.csv", content=spoil(folder).read_bytes())
        request = caseload_pb2.ImportSen2Request(files=[spoilt], mode=common_pb2.IMPORT_MODE_ALL_OR_NOTHING)
        assert caseload.ImportSen2(request, timeout=SECONDS).report.problems
        due = caseload.ListCases(caseload_pb2.ListCasesRequest(only_due=True, page_size=500), timeout=SECONDS).cases
        said += [str(case) for case in due]
        for name in ("Marlow", "WA8 7HG", "A123456789012"):
            with pytest.raises(InboroughError) as refused:
                caseload.GetCase(caseload_pb2.GetCaseRequest(case_id=f"case_{name}"), timeout=SECONDS)
            said.append(refused.value.message)
    for case in due[:10]:
        asked = placement_pb2.RecommendOptionsRequest(case_id=case.case_id)
        said.append(str(placement.RecommendOptions(asked, timeout=SECONDS).recommendation))
    plan = placement.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan
    exported = placement.ExportProblem(placement_pb2.ExportProblemRequest(plan_id=plan.plan_id), timeout=SECONDS)
    return "\n".join([*said, str(plan), exported.problem_json.decode()])


def leaks(text: str, wanted: set[str]) -> list[str]:
    words = set(re.findall(r"[A-Za-z][A-Za-z'-]{3,}", text))
    return sorted(canary for canary in wanted if canary in words or (not canary.isalpha() and canary in text))


def test_nothing_personal_leaves_by_logs_metrics_errors_or_answers(
    tmp_path: Path, logged: None, capfd: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        addresses = stack.enter_context(neighbours_of_placement(tmp_path))
        server = stack.enter_context(running("placement", tmp_path, **addresses))
        placement = placement_pb2_grpc.PlacementServiceStub(stack.enter_context(channel_to(server, "placement")))
        load_demonstration(addresses, tmp_path / "demonstration", scale=200, due=40)
        wanted = canaries(tmp_path / "demonstration")
        answered = use_everything(addresses, placement, tmp_path / "demonstration")
    written = capfd.readouterr()
    assert "rpc_handled" in written.out
    assert len(wanted) > 500
    places = {"logs": written.out + written.err, "metrics": generate_latest().decode(), "answers": answered}
    found = {place: len(leaks(text, wanted)) for place, text in places.items()}
    assert found == {"logs": 0, "metrics": 0, "answers": 0}, "counts alone: a value must not reach test output either"


def test_the_databases_hold_no_name_upn_postcode_or_full_birth_date(tmp_path: Path) -> None:
    with neighbours_of_placement(tmp_path) as addresses:
        load_demonstration(addresses, tmp_path / "demonstration", scale=200, due=40)
        wanted = canaries(tmp_path / "demonstration")
    kept = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("caseload.db*"))).decode("latin-1")
    assert len(leaks(kept, wanted)) == 0


def test_the_canaries_themselves_would_be_found(tmp_path: Path) -> None:
    from services.cli.demo import write_demonstration

    write_demonstration(tmp_path, scale=200, due=40)
    wanted = canaries(tmp_path)
    person = file_of(next((tmp_path / "sen2").glob("*_person.csv"))).content.decode()
    assert len(leaks(person, wanted)) > 0.8 * len(wanted)
