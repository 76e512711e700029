"""What decisions settle stays settled, whatever file is read again: RecordGround, WithdrawDecisionDue, re-imports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from shared.errors import AlreadyExists, ChangedMeanwhile, InvalidInput, NotFound
from tests.builders import caseload as build
from tests.builders.caseload import Child
from tests.builders.caseload_requests import ground, naming, withdrawal
from tests.service.caseload.conftest import Caseload

ANOTHER = "dec_00000000000000ff"


@pytest.fixture
def case_id(caseload: Caseload) -> str:
    """One child with a decision due, whose family asked for 900002."""
    caseload.import_sen2(build.blade(Child()))
    caseload.import_due(build.due({}))
    caseload.import_preferences(build.preferences({}))
    return caseload.only_case().case_id


def grounds(caseload: Caseload) -> dict[int, str]:
    """The ground against each setting asked for, by URN."""
    return {one.urn: one.ground_recorded for one in caseload.only_case().preferences}


def test_a_decided_row_does_not_make_its_case_due_again_and_says_so(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    before = caseload.revision()
    report = caseload.import_due(build.due({}))
    assert (report.created, report.updated, report.unchanged, report.accepted) == (0, 0, 1, True)
    assert [(one.row, one.reason.partition(",")[0]) for one in report.warnings] == [(2, "decided already")]
    assert (caseload.revision(), caseload.get(case_id).HasField("decision_due")) == (before, False)


@pytest.mark.parametrize(
    "change", [{"reason": "breakdown"}, {"first_day": "2025-01-06"}, {"advised_kinds": "sen_unit"}]
)
def test_a_changed_row_is_due_again(caseload: Caseload, case_id: str, change: dict[str, str]) -> None:
    caseload.record_placement(naming(case_id))
    report = caseload.import_due(build.due(change))
    assert (report.created, list(report.warnings)) == (1, [])
    assert caseload.get(case_id).HasField("decision_due")


def test_another_deadline_alone_is_no_other_decision(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    assert caseload.import_due(build.due({"deadline": "2024-03-01"})).unchanged == 1
    assert not caseload.get(case_id).HasField("decision_due")


def test_an_older_row_stays_settled_after_a_newer_one_is_decided(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    caseload.import_due(build.due({"reason": "breakdown"}))
    caseload.record_placement(naming(case_id, 2))
    caseload.import_due(build.due({}))
    assert not caseload.get(case_id).HasField("decision_due")


def test_a_settled_row_leaves_the_decision_that_is_due_now_alone(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    caseload.import_due(build.due({"reason": "breakdown"}))
    assert caseload.import_due(build.due({})).unchanged == 1
    assert caseload.get(case_id).decision_due.reason == pb.DUE_REASON_BREAKDOWN


def test_the_row_of_another_child_is_due_as_ever(caseload: Caseload, case_id: str) -> None:
    caseload.record_placement(naming(case_id))
    caseload.import_sen2(build.blade(*build.children(2)))
    report = caseload.import_due(build.due({}, {"upn": build.upn(2)}))
    assert (report.created, report.unchanged, len(report.warnings)) == (1, 1, 1)


def test_a_decision_due_is_withdrawn_and_the_same_row_does_not_bring_it_back(caseload: Caseload, case_id: str) -> None:
    etag = caseload.withdraw(withdrawal(case_id))
    case = caseload.get(case_id)
    assert (case.etag, case.HasField("decision_due"), list(caseload.first_days())) == (etag, False, [])
    report = caseload.import_due(build.due({}))
    assert [one.reason.partition(",")[0] for one in report.warnings] == ["withdrawn already"]
    assert not caseload.get(case_id).HasField("decision_due")


def test_a_withdrawal_of_a_case_as_last_read_is_done(caseload: Caseload, case_id: str) -> None:
    caseload.withdraw(withdrawal(case_id, etag=caseload.get(case_id).etag))
    assert not caseload.get(case_id).HasField("decision_due")


def test_the_same_withdrawal_again_gives_the_same_answer(caseload: Caseload, case_id: str) -> None:
    etag = caseload.withdraw(withdrawal(case_id))
    caseload.import_due(build.due({"reason": "breakdown"}))
    assert caseload.withdraw(withdrawal(case_id)) == etag
    assert caseload.get(case_id).HasField("decision_due")


def test_a_request_id_of_another_withdrawal_is_refused(caseload: Caseload, case_id: str) -> None:
    caseload.withdraw(withdrawal(case_id))
    with pytest.raises(AlreadyExists):
        caseload.withdraw(withdrawal(case_id, reason_code="plan_ceased"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c, _: c.import_sen2(build.blade(Child(sex="F"))), "a SEN2 return was read"),
        (lambda c, _: c.import_due(build.due({"reason": "breakdown"})), "its decision due was imported"),
        (lambda c, _: c.import_preferences(build.preferences({"urn": "900003"})), "its preferences were imported"),
        (lambda c, _: c.import_travel_needs(build.travel_needs({})), "its travel needs were imported"),
        (lambda c, case_id: c.record_ground(ground(case_id)), "a decision recorded or took back a ground"),
        (lambda c, case_id: c.record_placement(naming(case_id)), "a decision named its placement"),
        (lambda c, case_id: c.withdraw(withdrawal(case_id)), "its decision due was withdrawn"),
    ],
    ids=["return", "due", "preferences", "travel needs", "ground", "placement", "withdrawal"],
)
def test_a_stale_etag_is_refused_with_what_changed(
    caseload: Caseload, case_id: str, change: Callable[[Caseload, str], object], said: str
) -> None:
    etag = caseload.get(case_id).etag
    change(caseload, case_id)
    with pytest.raises(ChangedMeanwhile, match=said):
        caseload.withdraw(withdrawal(case_id, 2, etag=etag))


def test_what_is_not_there_cannot_be_withdrawn(caseload: Caseload, case_id: str) -> None:
    with pytest.raises(NotFound, match="There is no case"):
        caseload.withdraw(withdrawal("case_0123456789abcdef"))
    caseload.withdraw(withdrawal(case_id))
    with pytest.raises(NotFound, match="no decision due"):
        caseload.withdraw(withdrawal(case_id, 2))


@pytest.mark.parametrize(
    ("field", "value"), [("reason_code", ""), ("reason_code", "named"), ("request_id", ""), ("case_id", "x")]
)
def test_a_withdrawal_that_breaks_a_rule_is_refused_by_name(shared_caseload: Caseload, field: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}"):
        shared_caseload.withdraw(withdrawal("case_0123456789abcdef", **{field: value}))


def test_a_ground_is_recorded_and_taken_back(caseload: Caseload, case_id: str) -> None:
    etag = caseload.record_ground(ground(case_id))
    assert (grounds(caseload), caseload.get(case_id).etag) == ({900002: "unsuitable"}, etag)
    assert caseload.record_ground(ground(case_id, 2, ground="")) != etag
    assert grounds(caseload) == {900002: ""}


def test_a_ground_taken_back_leaves_the_one_in_the_file(caseload: Caseload, case_id: str) -> None:
    caseload.import_preferences(build.preferences({"ground_recorded": "incompatible_with_others"}))
    caseload.record_ground(ground(case_id))
    assert grounds(caseload) == {900002: "unsuitable"}
    caseload.record_ground(ground(case_id, 2, ground=""))
    assert grounds(caseload) == {900002: "incompatible_with_others"}


def test_a_decision_takes_back_no_ground_but_its_own(caseload: Caseload, case_id: str) -> None:
    caseload.record_ground(ground(case_id))
    caseload.record_ground(ground(case_id, 2, ground="", decision_id=ANOTHER))
    assert grounds(caseload) == {900002: "unsuitable"}


def test_to_take_back_what_is_gone_is_no_error(caseload: Caseload, case_id: str) -> None:
    caseload.record_ground(ground(case_id))
    caseload.import_preferences(build.preferences({"urn": "900003"}))
    before = caseload.get(case_id).etag
    assert caseload.record_ground(ground(case_id, 2, ground="")) == before


def test_the_same_ground_again_changes_nothing(caseload: Caseload, case_id: str) -> None:
    etag = caseload.record_ground(ground(case_id))
    assert caseload.record_ground(ground(case_id)) == etag
    assert caseload.record_ground(ground(case_id, 2)) == etag
    with pytest.raises(AlreadyExists):
        caseload.record_ground(ground(case_id, ground="incompatible_with_others"))


@pytest.mark.parametrize("said", ["", "incompatible_with_resources"])
def test_a_file_read_later_does_not_change_a_decisions_ground_and_says_so(
    caseload: Caseload, case_id: str, said: str
) -> None:
    caseload.record_ground(ground(case_id))
    report = caseload.import_preferences(build.preferences({"ground_recorded": said}))
    assert [(one.row, one.column) for one in report.warnings] == [(2, "ground_recorded")]
    assert "which stays until the decision is withdrawn" in report.warnings[0].reason
    assert grounds(caseload) == {900002: "unsuitable"}


def test_the_same_preferences_again_change_nothing_beside_a_decisions_ground(caseload: Caseload, case_id: str) -> None:
    caseload.record_ground(ground(case_id))
    before = caseload.revision()
    report = caseload.import_preferences(build.preferences({}))
    assert (report.updated, report.unchanged, caseload.revision()) == (0, 1, before)


def test_a_ground_follows_its_setting_to_another_rank(caseload: Caseload, case_id: str) -> None:
    caseload.record_ground(ground(case_id))
    caseload.import_preferences(build.preferences({"urn": "900003"}, {"rank": "2"}))
    assert grounds(caseload) == {900003: "", 900002: "unsuitable"}


def test_a_refused_request_that_a_file_leaves_out_is_gone_and_the_report_says_so(
    caseload: Caseload, case_id: str
) -> None:
    caseload.record_ground(ground(case_id))
    report = caseload.import_preferences(build.preferences({"urn": "900003"}))
    assert [(one.column, one.value) for one in report.warnings] == [("urn", "900002")]
    assert grounds(caseload) == {900003: ""}


def test_a_ground_against_what_nobody_asked_for_is_not_found(caseload: Caseload, case_id: str) -> None:
    with pytest.raises(NotFound, match="no preference of this case for setting 900009"):
        caseload.record_ground(ground(case_id, urn=900009))
    with pytest.raises(NotFound, match="There is no case"):
        caseload.record_ground(ground("case_0123456789abcdef", 2))


@pytest.mark.parametrize(
    ("field", "value"), [("ground", "full"), ("urn", 0), ("decision_id", ""), ("case_id", ""), ("request_id", "x")]
)
def test_a_ground_that_breaks_a_rule_is_refused_by_name(shared_caseload: Caseload, field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}"):
        shared_caseload.record_ground(ground("case_0123456789abcdef", **{field: value}))
