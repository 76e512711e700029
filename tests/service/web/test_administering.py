"""An administrator's work at the pages: files previewed and written, and the system looked after; no case is seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.web import files as held_files
from tests.builders import caseload, cost, provision
from tests.builders.deciding import ASH
from tests.builders.pages import Authority, Somebody, somebody

POOL = provision.pool_row(pool_ref="NEW", urn=str(ASH), places_commissioned="4")


@pytest.fixture
def administrator(visitor: Somebody) -> Somebody:
    return visitor.sign_in("administrator")


def choose(somebody: Somebody, kind: str, *files: tuple[str, bytes], how: str = "all") -> Somebody:
    """Choose files of a kind on its page, and see what would happen."""
    somebody.open(f"/imports/{kind}")
    token = somebody.form().fields["form_token"]
    sent = [("files", (name, content)) for name, content in files]
    return somebody._see(
        somebody.client.post(f"/imports/{kind}", data={"form_token": token, "how": how}, files=sent or {"no": b""})
    )


def pools(*rows: dict[str, str]) -> tuple[str, bytes]:
    return "pools.csv", provision.csv_bytes(list(rows), provision.POOL_COLUMNS)


def test_a_file_is_previewed_and_then_written_once(administrator: Somebody) -> None:
    choose(administrator, "pools", pools(POOL))
    assert "Nothing is written yet." in administrator.text
    assert "Place pools would be new" in administrator.text
    preview = administrator.path
    administrator.send()
    assert "It is written." in administrator.text
    administrator.open(preview)
    assert "Nothing is written yet." not in administrator.text
    assert "written already" in administrator.text
    assert "Write it" not in administrator.text
    token = administrator.form("/sign-out").fields["form_token"]
    administrator._see(administrator.client.post(preview, data={"form_token": token}))
    assert "is not here any more. Choose it again." in administrator.text
    choose(administrator, "pools", pools(POOL))
    assert "Nothing would change: all of it is there already." in administrator.text
    assert "Write it" not in administrator.text


def test_a_refused_row_is_named_with_file_row_column_value_and_reason(administrator: Somebody) -> None:
    bad = {**POOL, "pool_ref": "BAD", "kind": "castle"}
    choose(administrator, "pools", pools({**POOL, "pool_ref": "GOOD"}, bad))
    assert "Nothing was written. Correct the rows below" in administrator.text
    cells = re.findall(r'__cell(?:[^"]*)">([^<]*)</td>', administrator.text)
    assert cells[:4] == ["pools.csv", "3", "kind", "castle"]
    assert cells[4].startswith("not one of")
    assert "Write it" not in administrator.text
    choose(administrator, "pools", pools({**POOL, "pool_ref": "GOOD"}, bad), how="good")
    administrator.send()
    assert "It is written." in administrator.text
    assert "castle" in administrator.text


def test_no_file_and_no_choice_are_said_beside_their_fields(administrator: Somebody) -> None:
    choose(administrator, "gias", how="")
    assert administrator.status == 422
    assert [href for href, _ in administrator.page.links if href in ("#files", "#how")] == ["#how", "#files"]


def test_the_files_of_a_return_come_together(administrator: Somebody) -> None:
    blade = [(file.name, file.content) for file in caseload.blade(*caseload.children(1))]
    choose(administrator, "sen2", *blade)
    assert "Cases unchanged" in administrator.text


def test_a_rate_card_is_brought_and_read(administrator: Somebody) -> None:
    choose(administrator, "rates", ("rates.csv", cost.to_csv(cost.card_rows())))
    assert "all of it is there already" in administrator.text
    administrator.open("/rate-cards")
    card = next(href for href, _ in administrator.page.links if href.startswith("/rate-cards/card_"))
    administrator.open(card)
    assert "In force from" in administrator.text
    assert "£" in administrator.text


def test_a_file_that_was_held_too_long_is_asked_for_again(
    administrator: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_files, "MINUTES", 0)
    choose(administrator, "pools", pools(POOL))
    assert "Choose it again" in administrator.text


def test_a_caseworker_brings_preferences_decisions_due_and_travel_needs_alone(visitor: Somebody) -> None:
    visitor.sign_in("caseworker").open("/imports")
    brought = {href for href, _ in visitor.page.links if href.startswith("/imports/")}
    assert brought == {"/imports/preferences", "/imports/due", "/imports/travel-needs"}
    due = caseload.due({"upn": caseload.upn(1), "reason": "new_plan", "advised_kinds": "state_special"})
    choose(visitor, "due", (due.name, due.content))
    assert "all of it is there already" in visitor.text


def test_templates_are_given_with_what_their_columns_mean(administrator: Somebody) -> None:
    administrator.open("/imports/pools")
    assert "places_commissioned" in administrator.text
    answer = administrator.client.get("/templates/pools")
    assert answer.headers["content-disposition"] == 'attachment; filename="pools-template.csv"'
    assert answer.text.startswith("pool_ref,")


def test_the_system_says_how_it_is(administrator: Somebody) -> None:
    administrator.open("/services")
    assert administrator.text.count(">serving</strong>") == 5
    administrator.open("/event-logs")
    assert "none is set aside" in administrator.text
    assert "Behind" not in administrator.text, "an administrator may not read logs to know their ends"
    token = administrator.form("/sign-out").fields["form_token"]
    administrator._see(administrator.client.post("/event-logs", data={"form_token": token}))
    assert administrator.status == 422
    administrator._see(administrator.client.post("/event-logs", data={"form_token": token, "every": "yes"}))
    assert "0 events will be applied again within seconds." in administrator.text
    administrator.open("/policies")
    assert "used when none is named" in administrator.text
    administrator.open("/roles")
    assert "close panel" in administrator.text


def test_a_service_that_is_away_is_named_and_the_others_are_shown(services: Authority, tmp_path: Path) -> None:
    away = {"INBOROUGH_JOURNAL_ADDRESS": "127.0.0.1:1"}
    with somebody(services, tmp_path, **away) as administrator:
        administrator.sign_in("administrator").open("/services")
        assert administrator.text.count(">serving</strong>") == 4
        assert "does not answer" in administrator.text
        administrator.open("/event-logs")
        assert "Journal does not answer" in administrator.text


def test_no_page_of_an_administrator_shows_a_case(administrator: Somebody, services: Authority) -> None:
    for path in ("/", "/imports", "/rate-cards", "/policies", "/roles", "/event-logs", "/services", "/scenarios"):
        administrator.open(path)
        assert administrator.status == 200, path
        assert re.search(r"case_[0-9a-f]{16}", administrator.text) is None, path
