"""`inborough erase` and `inborough retention`, against stand-ins; on real databases: tests/service/recovery."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from inborough.keeping.v1 import keeping_pb2
from shared.errors import InvalidInput, NeighbourDown, TooMuch
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
CASE = "case_0123456789abcdef"
ERASE = ("erase", CASE, "--reason", "court_order", "--yes")


@pytest.fixture
def keepers(services: StandIns) -> StandIns:
    """Each service holds one row of the case, and nothing is past its term."""
    removed = [keeping_pb2.Removed(what="rows", rows=1)]
    services.answer("EraseCase", keeping_pb2.EraseCaseResponse(removed=removed))
    services.answer("ListPastTerm", keeping_pb2.ListPastTermResponse())
    services.answer("ListErasedCases", keeping_pb2.ListErasedCasesResponse())
    services.answer("RemovePastTerm", keeping_pb2.RemovePastTermResponse())
    return services


def test_every_service_is_asked_and_what_it_removed_is_shown(keepers: StandIns, inborough: Inborough) -> None:
    ran = inborough(*ERASE)
    assert (ran.status, ran.out.count("rows"), "is erased" in ran.out) == (0, 5, True)
    request = keepers.asked_of["cost.EraseCase"]
    assert (request.case_id, request.reason_code) == (CASE, "court_order")


@pytest.mark.parametrize("away", ["caseload", "provision"])
def test_a_service_that_is_down_holds_up_no_other_and_is_named(
    away: str, keepers: StandIns, inborough: Inborough
) -> None:
    keepers.answer(f"{away}.EraseCase", NeighbourDown(away))
    ran = inborough(*ERASE, "--json")
    told = json.loads(ran.out)
    assert (ran.status, told["not_done"], told["rows"]) == (3, [away], 4)
    assert "Run the same command again" in inborough(*ERASE).out


def test_a_reason_in_words_is_refused_before_anything_is_removed(keepers: StandIns, inborough: Inborough) -> None:
    keepers.answer("caseload.EraseCase", InvalidInput("reason_code", "must be a code"))
    assert inborough(*ERASE).status == 2
    assert "placement.EraseCase" not in keepers.asked_of


def test_nobody_is_erased_unasked_where_nobody_can_answer(keepers: StandIns, inborough: Inborough) -> None:
    assert inborough("erase", CASE, "--reason", "court_order").status == 2
    assert "EraseCase" not in keepers.asked


def test_it_waits_as_long_as_a_service_says_when_there_are_many(
    keepers: StandIns, inborough: Inborough, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = list[float]()
    monkeypatch.setattr("time.sleep", waited.append)

    def busy_once(_: object) -> keeping_pb2.EraseCaseResponse:
        if not waited:
            raise TooMuch("Too often.", reason="rate", retry_in_seconds="7")
        return keeping_pb2.EraseCaseResponse()

    keepers.answer("placement.EraseCase", busy_once)
    assert inborough(*ERASE).status == 0
    assert waited == [7]


def test_what_is_past_its_term_is_shown_with_why_it_stays(keepers: StandIns, inborough: Inborough) -> None:
    term = keeping_pb2.Term(what="events", kept_for="1 year", rows=12, stays_because="cost does not answer")
    keepers.answer("journal.ListPastTerm", keeping_pb2.ListPastTermResponse(terms=[term]))
    ran = inborough("retention")
    said = " ".join(ran.out.split())
    assert ran.status == 0
    assert "journal events 1 year 12 stays: cost does not answer" in said.replace("  ", " ")
    assert "RemovePastTerm" not in keepers.asked


def test_an_erasure_that_one_service_has_yet_to_do_is_finished(keepers: StandIns, inborough: Inborough) -> None:
    begun = keeping_pb2.ErasedCase(case_id=CASE, reason_code="court_order", erased_time="2024-02-01T10:00:00Z")
    keepers.answer("caseload.ListErasedCases", keeping_pb2.ListErasedCasesResponse(erased=[begun]))
    assert "begun and not finished in every service: 1 case" in " ".join(inborough("retention").out.split())
    assert inborough("retention", "--apply", "--yes").status == 0
    assert keepers.asked_of["provision.EraseCase"].reason_code == "court_order"


def test_nothing_is_removed_as_of_another_day(keepers: StandIns, inborough: Inborough) -> None:
    assert inborough("retention", "--apply", "--as-of", "2060-01-01", "--yes").status == 2
    assert "RemovePastTerm" not in keepers.asked
