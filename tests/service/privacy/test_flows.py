"""No name, birth date, UPN, postcode, home or free text reaches what is not made for it: every flow, every sink.

One authority works through a day (flows/); everything that was written, sent, kept and answered is looked through.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from inborough.placement.v1 import placement_pb2
from services.planning.exports.cells import Cell, is_count
from shared.identity import ADMINISTRATOR, PLANNER
from shared.identity.table import services
from shared.privacy import Holds
from tests.service.privacy.canaries import CASE_ID, RARE_NEED, found_in, homes, written
from tests.service.privacy.flows import FLOWS
from tests.service.privacy.kept import differing, too_much, wrong_columns, wrong_fields
from tests.service.privacy.office import Office, office
from tests.service.privacy.recording import Call

SINKS = ("logs", "metrics", "events", "errors", "addresses", "headers", "broker", "planners' exports")
WITHOUT_IDS = ("logs", "metrics", "headers", "broker", "planners' exports")
"""Sinks that hold no case id either: opaque as it is, it leads to a child's record."""
KEEPING = "keeping.v1.KeepingService/"
"""An administrator erases cases by their ids, which say nothing to whoever may not read the case."""


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """After a day on which everything happened."""
    with office(tmp_path_factory.mktemp("office")) as found:
        for name, flow in FLOWS.items():
            with found.recording.during(name):
                flow(found)
                found.finish()
        yield found


@pytest.mark.parametrize(
    ("what", "text", "kinds"),
    [
        (Holds.NOTHING_PERSONAL, "case_0123456789abcdef", {"ids of records"}),
        (Holds.STAFF, "Zephyrine", {"free text"}),
        (Holds.PSEUDONYM, f"case_0123456789abcdef {RARE_NEED}", {"a child's need"}),
        (Holds.COUNTS, RARE_NEED, set()),
        (Holds.PERSONAL, "29 November 2012, WA86BS", {"birth dates", "postcodes"}),
        (Holds.NOTHING_PERSONAL, "easting: {0}\nnorthing: {1}", {"homes"}),
        (Holds.SPECIAL_CATEGORY, f"{RARE_NEED} {{0}} {{1}}", set()),
        (Holds.FREE_TEXT, "Quillfeathera", set()),
    ],
)
def test_a_value_that_tells_more_than_is_said_of_it_is_found(what: Holds, text: str, kinds: set[str]) -> None:
    assert too_much(what, text.format(*min(homes()))) == kinds


def test_a_field_that_differs_from_child_to_child_is_found() -> None:
    def answered(child: str, version: str) -> Call:
        given = placement_pb2.Recommendation(rules_version=version, as_of_time=child, case_id=child)
        asked = placement_pb2.RecommendOptionsRequest(case_id=child)
        return Call("/inborough.x", frozenset(), asked, (placement_pb2.RecommendOptionsResponse(recommendation=given),))

    assert differing([answered("case_1", "1"), answered("case_2", "1")]) == set()
    found = differing([answered("case_1", "1"), answered("case_2", "2")])
    assert found == {"x: inborough.placement.v1.Recommendation.rules_version"}


@pytest.mark.parametrize("flow", ["first import", *FLOWS])
@pytest.mark.parametrize("sink", SINKS)
def test_nothing_of_a_child_is_in(sink: str, flow: str, worked: Office) -> None:
    assert found_in(worked.recording.text(flow, sink)) == {}, "counts alone: a value must not reach test output either"


@pytest.mark.parametrize("sink", WITHOUT_IDS)
def test_no_case_id_is_in(sink: str, worked: Office) -> None:
    found = {flow: len(CASE_ID.findall(worked.recording.text(flow, sink))) for flow in FLOWS}
    assert not any(found.values()), found


def test_the_sinks_were_there_to_be_written_to(worked: Office) -> None:
    whole = {sink: "".join(worked.recording.text(flow, sink) for flow in FLOWS) for sink in SINKS}
    assert "rpc_handled" in whole["logs"]
    assert "page_served" in whole["logs"]
    assert "grpc_server_handled_total" in whole["metrics"]
    assert "consultation_replied" in whole["events"]
    assert "There is no" in whole["errors"]
    assert "/decide/confirm" in whole["addresses"]
    assert "sequence" in whole["broker"]
    assert "inborough-problem/1" in whole["planners' exports"]


def test_every_page_keeps_its_address_to_itself(worked: Office) -> None:
    """An address has ids of cases: another site is not told where somebody came from, and nothing stores the page."""
    headers = "".join(worked.recording.text(flow, "headers") for flow in FLOWS).lower()
    assert "('referrer-policy', 'same-origin')" in headers
    assert headers.count("('cache-control', 'no-store')") == headers.count("('referrer-policy'")


def test_the_command_never_fails_with_a_traceback(worked: Office) -> None:
    said = worked.recording.text("the command", "terminal")
    assert "case_" in said, "what somebody asks for on their own terminal is shown"
    assert "Traceback" not in said


def test_every_call_that_there_is_was_made(worked: Office) -> None:
    there = {f"{name}/{method}".removeprefix("inborough.") for name, access in services() for method in access}
    refused = {f"{KEEPING}PruneLog", f"{KEEPING}RemovePastTerm"}  # a day is too short for anything to be past its term
    assert there - {call.rpc for call in worked.recording.calls} <= refused


def test_no_field_held_more_than_is_said_beside_it(worked: Office) -> None:
    assert wrong_fields(worked.recording.calls) == {}


def test_a_field_said_to_hold_nothing_personal_is_the_same_for_every_child(worked: Office) -> None:
    assert differing(worked.recording.calls) == set()


def test_no_column_held_more_than_is_said_beside_it(worked: Office) -> None:
    assert wrong_columns(worked.folder) == {}


def test_free_text_is_where_it_belongs(worked: Office) -> None:
    """The search finds what is there: words in the record, homes and needs in a case."""
    kept = b"".join(path.read_bytes() for path in worked.folder.glob("placement.db*")).decode("latin-1")
    assert found_in(kept)["free text"] > 5
    case = next(call for call in worked.recording.calls if call.rpc.endswith("/GetCase"))
    assert set(found_in(str(case.answers))) == {"homes"}
    sent = next(call for call in worked.recording.calls if call.rpc.endswith("/ImportSen2"))
    assert {"names", "UPNs", "postcodes"} <= set(found_in(str(sent.request)))


def test_what_a_planner_or_administrator_is_told_names_nobody(worked: Office) -> None:
    told = [call for call in worked.recording.calls if _works_without_cases(call)]
    assert len({call.rpc for call in told}) > 20
    leads = {call.rpc for call in told for answer in call.answers if CASE_ID.search(str(answer))}
    assert leads == set()
    nobody = [pattern for kind, pattern in written().items() if kind != "free text"]
    assert {call.rpc for call in told for answer in call.answers if any(p.search(str(answer)) for p in nobody)} == set()


def _works_without_cases(call: Call) -> bool:
    rows = "/Import" in call.rpc  # a refused row is told to whoever sent it
    return call.roles <= {PLANNER, ADMINISTRATOR} and bool(call.roles) and not rows and not call.rpc.startswith(KEEPING)


def test_a_planners_file_has_no_count_from_1_to_4_and_none_by_subtraction(worked: Office) -> None:
    """Five children make every count small; prices count nobody. Harder tables: tests/unit/placement/suppression."""
    saved = worked.recording.text("planners' exports", "saved as CSV")
    counted = (row for row in csv.DictReader(saved.splitlines()) if row["unit"] == "children")
    rows = [row for row in counted if is_count(Cell(row["measure"]))]
    cells = [row[name] for row in rows for name in row if name.startswith(("value_", "baseline_", "difference_"))]
    assert "c" in cells
    assert {cell for cell in cells if cell not in ("c", "") and 0 < abs(float(cell)) < 5} == set()
    for measure, year in {(row["measure"], row["academic_year"]) for row in rows}:
        of_year = [row for row in rows if (row["measure"], row["academic_year"]) == (measure, year)]
        whole = [row["value_mean"] for row in of_year if broken_down_by(row) == set()]
        for by in ("need", "phase"):
            hidden = [row for row in of_year if broken_down_by(row) == {by} and row["value_mean"] == "c"]
            assert len(hidden) != 1 or whole == ["c"], (
                f"the one {by} left out of {measure} is the whole less the others"
            )


def broken_down_by(row: dict[str, str]) -> set[str]:
    return {name for name in ("need", "phase", "area", "kind", "pool_id", "line") if row[name]}
