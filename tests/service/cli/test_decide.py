"""`inborough decide`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import decisions_pb2
from tests.builders.cli import CASE_ID, a_recommendation, a_verdict, an_option
from tests.builders.panel_answers import DECISION_ID, PANEL_ID, a_decision
from tests.service.cli.conftest import Ran, StandIns
from tests.service.cli.decided import become, rank, sent

Inborough = Callable[..., Ran]
REC_ID = "rec_0000000000000001"
OTHER_PANEL = "panel_0000000000000002"


def test_what_is_decided_is_shown_before_it_is_recorded(deciding: StandIns, inborough: Inborough) -> None:
    ran = inborough("decide", CASE_ID, "--option", "1", "--yes")
    assert ran.status == 0
    said = " ".join(ran.out.split())
    for words in (
        "SEMH then ASD, Year 7, phase transfer for 2 September 2024, decide by 15 February 2024",
        "To be recorded: option 1, Astmoor Primary School, resource base, in borough",
        "£18,500; £12,500 at the margin",
        f"Decided by {PANEL_ID}, which meets on 1 February 2024.",
        "Not on the record: the child's views, the parents' views.",
        f"{DECISION_ID}: recorded. A place at Astmoor Primary School is held until 29 February 2024",
        f"Next: inborough panel show {PANEL_ID}",
    ):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80


def test_agreeing_names_the_ranking_the_panel_and_the_pool(deciding: StandIns, inborough: Inborough) -> None:
    inborough("decide", CASE_ID, "--option", "1", "--yes")
    request = sent(deciding)
    assert (request.kind, request.pool_id) == (decisions_pb2.DECISION_KIND_AGREE, "pool_ASTMOOR-SEMH")
    assert (request.case_id, request.recommendation_id, request.panel_id) == (CASE_ID, REC_ID, PANEL_ID)
    assert request.request_id.startswith("req_")


def test_another_option_is_shown_beside_the_one_ranked_first(deciding: StandIns, inborough: Inborough) -> None:
    ran = inborough("decide", CASE_ID, "--option", "2", "--reason", "His sister goes there.", "--yes")
    said = " ".join(ran.out.split())
    assert "To be recorded: option 2, Far School, resource base, out of borough" in said
    assert "Ranked first: Astmoor Primary School" in said
    assert "On the record: reason." in said
    assert "sister" not in said
    assert sent(deciding).reason == "His sister goes there."


def test_a_pool_that_is_ranked_is_agreed_with(deciding: StandIns, inborough: Inborough) -> None:
    inborough("decide", CASE_ID, "--pool", "pool_FAR", "--reason", "Why.", "--yes")
    assert sent(deciding).kind == decisions_pb2.DECISION_KIND_AGREE
    assert deciding.asked["RecommendOptions"].top == 50


def test_a_pool_that_is_not_ranked_is_another_choice_and_its_failing_rule_is_shown(
    deciding: StandIns, inborough: Inborough
) -> None:
    ran = inborough("decide", CASE_ID, "--pool", "pool_Small School", "--reason", "Why.", "--over-number", "--yes")
    assert sent(deciding).kind == decisions_pb2.DECISION_KIND_CHOOSE_OTHER
    assert sent(deciding).over_number
    said = " ".join(ran.out.split())
    assert "a place that is not ranked, Small School. A rule fails: Takes Reception to Year 6." in said
    assert "beyond its number of places" in said


def test_what_the_panel_must_judge_of_the_choice_is_shown(deciding: StandIns, inborough: Inborough) -> None:
    doubt = a_verdict("wheelchair", common_pb2.OUTCOME_NEEDS_JUDGEMENT, "Access is not recorded.")
    rank(deciding, a_recommendation(options=[an_option(verdicts=[doubt])]))
    assert "For the panel to judge: Access is not recorded." in inborough("decide", CASE_ID, "--option", "1", "-y").out


def test_a_decision_can_be_put_off_until_a_day(deciding: StandIns, inborough: Inborough) -> None:
    deferred = a_decision(
        state=decisions_pb2.DECISION_STATE_DEFERRED, deferred_until=common_pb2.Date(year=2024, month=3, day=1)
    )
    become(deciding, deferred)
    ran = inborough("decide", CASE_ID, "--defer", "--until", "2024-03-01", "--reason", "Advice is awaited.", "--yes")
    assert sent(deciding).kind == decisions_pb2.DECISION_KIND_DEFER
    assert sent(deciding).deferred_until.month == 3
    assert "put off until 1 Mar 2024" in ran.out


def test_a_request_is_refused_with_its_ground_and_evidence_from_a_file(
    deciding: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    (tmp_path / "advice.txt").write_text("The advice says so.\n")
    ran = inborough(
        *("decide", CASE_ID, "--option", "1", "--refuse-request", "2", "--ground", "unsuitable"),
        *("--evidence", f"@{tmp_path / 'advice.txt'}", "--not-consulted", "It has closed.", "--yes"),
    )
    (refusal,) = sent(deciding).refusals
    assert (refusal.urn, refusal.ground, refusal.evidence) == (2, "unsuitable", "The advice says so.")
    assert refusal.not_consulted_because == "It has closed."
    said = " ".join(ran.out.split())
    assert "Refused: Far School, unsuitable for the child's age, ability, aptitude" in said
    assert "never consulted" in said
    assert "It has closed." not in ran.out + ran.err


def test_requests_alone_can_be_refused_each_with_its_own_ground(deciding: StandIns, inborough: Inborough) -> None:
    inborough(
        *("decide", CASE_ID, "--refuse-request", "100001", "--ground", "unsuitable", "--evidence", "One."),
        *("--refuse-request", "100002", "--ground", "incompatible_with_others", "--evidence", "Two."),
        *("--not-consulted", "100002=It has closed.", "--yes"),
    )
    assert sent(deciding).kind == decisions_pb2.DECISION_KIND_REFUSE_REQUEST
    assert [(each.urn, each.ground, each.evidence, each.not_consulted_because) for each in sent(deciding).refusals] == [
        (100001, "unsuitable", "One.", ""),
        (100002, "incompatible_with_others", "Two.", "It has closed."),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Say what was decided"),
        (["--option", "1", "--pool", "pool_FAR"], "say one of"),
        (["--option", "1", "--until", "2024-03-01"], "is for --defer"),
        (["--defer", "--until", "30 February 2024"], "no such day"),
        (["--option", "1", "--panel", PANEL_ID, "--urgent", "Why."], "--urgent"),
        (["--refuse-request", "2", "--ground", "unsuitable"], "one --ground and one --evidence"),
        (["--refuse-request", "2", "--ground", "full", "--evidence", "x"], "unsuitable"),
        (["--option", "1", "--not-consulted", "Closed."], "is for --refuse-request"),
        (["--option", "0"], "greater than or equal to 1"),
        (["--option", "1", "--reason", "@/nowhere/why.txt"], "cannot read /nowhere/why.txt"),
    ],
)
def test_a_slip_of_typing_is_a_usage_error_before_anything_is_asked(
    deciding: StandIns, inborough: Inborough, options: list[str], said: str
) -> None:
    ran = inborough("decide", CASE_ID, *options, "--yes")
    assert ran.status == 2
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert not deciding.asked
