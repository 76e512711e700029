"""One trace and one reference for all that a page asks of every process, and nothing of a child in either."""

from __future__ import annotations

import re

from shared.tracing.facts import NAMES, WITHHELD
from tests.service.tracing.conftest import Seen

ASKED = [
    "here: GET /cases/{case_id}/options",
    "here: PlacementService/RecommendOptions",
    "placement: PlacementService/RecommendOptions",
]


def test_a_recommendation_is_one_trace_from_its_page_to_every_service(seen: Seen) -> None:
    paths = [seen.spans.path_to(span) for span in seen.spans.found]
    pools = [*ASKED, "placement: ProvisionService/ListPlacePools", "here: ProvisionService/ListPlacePools"]
    assert pools in paths
    assert any(path[: len(pools)] == pools and path[-1].startswith("here: CaseloadService/") for path in paths)
    assert [*ASKED, "placement: CaseloadService/ListCasesDue", "here: CaseloadService/ListCasesDue"] in paths
    assert [*ASKED, "placement: CostService/QuoteOptions", "here: CostService/QuoteOptions"] in paths


def test_the_optimisers_process_has_its_part_in_the_trace(seen: Seen) -> None:
    paths = [seen.spans.path_to(span) for span in seen.spans.called("work on ToPlan")]
    assert [*ASKED, "placement-solver: work on ToPlan"] in paths


def test_a_decision_leads_to_the_journal_by_a_link(seen: Seen) -> None:
    (recorded,) = seen.spans.called("DecisionService/RecordDecision", "SERVER")
    applied = seen.spans.called("apply decision_recorded")[0]
    assert applied["attributes"]["inborough.request_id"] == "test_decides"
    (read,) = [each for each in seen.spans.found if each["context"]["span_id"] == applied["parent_id"]]
    (link,) = read["links"]
    assert seen.spans.path_to(applied)[0] == "journal-events: read placement"
    assert link["context"] == recorded["context"]
    assert read["context"]["trace_id"] != recorded["context"]["trace_id"]


def test_what_is_asked_by_the_clock_is_no_trace(seen: Seen) -> None:
    asked = [seen.spans.path_to(span) for span in seen.spans.called("EventService/ListEvents", "SERVER")]
    assert asked
    assert all(path[0] == "journal-events: read placement" for path in asked)


def test_each_line_of_a_traced_request_names_its_trace(seen: Seen) -> None:
    (asked,) = seen.spans.called("PlacementService/RecommendOptions", "SERVER")[:1]
    handled = [line for line in seen.placement.lines("rpc_handled") if line["grpc_method"] == "RecommendOptions"]
    assert asked["context"]["trace_id"] == f"0x{handled[0]['trace_id']}"
    assert asked["context"]["span_id"] == f"0x{handled[0]['span_id']}"
    assert asked["attributes"]["inborough.request_id"] == handled[0]["request_id"]


def test_no_child_is_in_a_trace(seen: Seen) -> None:
    assert len(seen.personal) > 15
    assert sum(value in seen.written for value in seen.personal) == 0, "a count: a value must not reach test output"
    assert "Inventedname" not in seen.written


def test_spans_tell_what_is_allowed_and_no_error_text(seen: Seen) -> None:
    told = {name for span in seen.spans.found for name in span["attributes"]}
    assert told <= set(NAMES.values())
    assert WITHHELD not in told
    assert not [span["events"] for span in seen.spans.found if span["events"]]
    assert {tuple(span["status"]) for span in seen.spans.found} == {("status_code",)}
    assert "no such table" not in seen.written


def test_a_fault_is_seen_at_every_span_that_it_went_through(seen: Seen) -> None:
    failed = [span for span in seen.spans.found if span["status"]["status_code"] == "ERROR"]
    paths = [seen.spans.path_to(span) for span in failed]
    assert max(paths, key=len) == [
        "here: GET /cases/{case_id}/options",
        "here: PlacementService/RecommendOptions",
        "placement: PlacementService/RecommendOptions",
    ]
    assert sorted(map(len, paths)) == [1, 1, 2, 3], "and the command's own trace"


def quoted(text: str) -> str:
    """The reference on a page."""
    (found,) = re.findall(r"quote reference <strong>([0-9a-z]{10})</strong>", text)
    return str(found)


def test_one_reference_finds_the_lines_of_both_processes(seen: Seen) -> None:
    assert seen.status == 502
    reference = quoted(seen.failed)
    at_pages = [line for line in seen.here if line.get("request_id") == f"page_{reference}"]
    assert ("page_served", 502) in [(line["event"], line.get("status")) for line in at_pages]
    in_placement = [line for line in seen.placement.lines() if line.get("request_id") == f"page_{reference}"]
    assert {"rpc_failed", "rpc_handled"} <= {line["event"] for line in in_placement}
    (failed,) = [line for line in in_placement if line["event"] == "rpc_failed"]
    assert (failed["reference"], failed["error_type"]) == (reference, "OperationalError")


def test_what_the_error_said_is_on_no_page_and_in_no_log(seen: Seen) -> None:
    assert "Traceback" not in seen.failed
    everything = seen.failed + str(seen.here) + seen.placement.output.read_text()
    assert "no such table" not in everything
    assert "INSERT" not in everything


def test_each_process_writes_nothing_but_json_lines(seen: Seen) -> None:
    for process in (seen.placement, seen.journal):
        written = process.output.read_text().splitlines()
        assert written
        assert [line for line in written if not line.startswith('{"')] == []
        assert all(line["event"] and line["service"] for line in process.lines())


def test_a_page_that_is_not_there_has_a_reference_too(seen: Seen) -> None:
    served = [line for line in seen.here if line.get("request_id") == f"page_{quoted(seen.missing)}"]
    assert [(line["event"], line["status"]) for line in served] == [("page_served", 404)]


def test_the_command_quotes_what_finds_its_request(seen: Seen) -> None:
    (reference,) = re.findall(r"Quote reference ([0-9a-z]{10})\.", seen.said_by_command)
    failed = [line for line in seen.placement.lines("rpc_failed") if line["request_id"] == f"cli_{reference}"]
    assert [line["reference"] for line in failed] == [reference]
