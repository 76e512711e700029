"""Every page at several widths: axe finds nothing, nothing scrolls sideways, nothing is asked for from elsewhere."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.builders.deciding import ASKS_BIRCH, ASKS_DOGWOOD, BIRCH, FREE
from tests.pages.conftest import AXE, Seat

WIDTHS = (320, 768, 1280, 1920) if os.environ.get("INBOROUGH_TEST_EVERY_WIDTH") else (320, 1280)
"""Narrow and usual in every run of the tests; `make pages` looks at all four."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "() => axe.run(document, {runOnly: %s, resultTypes: ['violations']}).then(found => found.violations)"


def check(page: Page, what: str) -> list[str]:
    """What is wrong with a page, at each width; [] for nothing."""
    wrong = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found: list[dict[str, Any]] = page.evaluate(RUN % list(RULES))
        wrong += [f"{what} at {width}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{what} at {width}: scrolls sideways")
    return wrong


def test_the_pages_of_a_chair(seat: Seat) -> None:
    cases = seat.site.authority.case_ids
    wrong: list[str] = []

    def look(what: str) -> None:
        wrong.extend(check(seat.page, what))

    seat.open("/sign-in")
    look("sign-in")
    seat.sign_in("panel_chair")
    look("start, with nothing open")
    for path in ("/panels", "/consultations", "/decisions", "/cases", "/cases?need=HI", f"/cases/{cases[ASKS_BIRCH]}"):
        seat.open(path)
        look(path)
    seat.open("/panels/open")
    look("open a panel")
    seat.press("Open the panel")
    look("agenda to change")
    panel = seat.open_panel(cases[ASKS_BIRCH])
    look("panel")
    seat.press("Papers to print")
    look("papers")
    seat.open(f"{panel}/close")
    look("close a panel")
    seat.press("Close and sign")
    look("close a panel, refused")
    seat.open(f"/cases/{cases[ASKS_BIRCH]}/consult")
    look("consult")
    seat.page.locator("#urn").select_option(str(BIRCH))
    seat.press("Record it")
    seat.press("Record the reply")
    look("reply")
    seat.press("Record the reply")
    look("reply, refused")
    seat.open("/consultations")
    look("consultations")
    seat.press("Take back")
    look("take a consultation back")
    seat.open(f"/cases/{cases[ASKS_BIRCH]}/options")
    look("options")
    seat.open(f"/cases/{cases[ASKS_BIRCH]}/options?without={BIRCH}")
    look("options of a what-if that leaves out what the family asked for")
    seat.press("Choose")
    look("decide")
    seat.press("Continue")
    look("decide, refused or to confirm")
    assert wrong == [], "\n".join(wrong)


def test_the_pages_about_a_decision(seat: Seat) -> None:
    cases = seat.site.authority.case_ids
    seat.sign_in("panel_chair")
    panel = seat.open_panel(cases[FREE], cases[ASKS_DOGWOOD])
    seat.open(f"/cases/{cases[FREE]}/options")
    seat.press("Choose")
    seat.page.locator("#section_33_steps").fill("Invented steps.")
    seat.page.locator(f"input[value={panel.split('/')[-1]}]").check()
    seat.press("Continue")
    wrong = check(seat.page, "confirm")
    seat.press("Record this decision")
    wrong += check(seat.page, "decision")
    decision = seat.path
    seat.press("Take it back")
    wrong += check(seat.page, "take a decision back")
    seat.open(panel)
    wrong += check(seat.page, "panel with a decision")
    seat.open(f"{panel}/close")
    seat.page.locator(f"input[value={cases[ASKS_DOGWOOD]}]").check()
    seat.press("Close and sign")
    wrong += check(seat.page, "closed panel")
    seat.open(f"{decision}/name")
    wrong += check(seat.page, "name a placement")
    wrong += appeal_pages(seat, decision)
    assert wrong == [], "\n".join(wrong)


def appeal_pages(seat: Seat, decision: str) -> list[str]:
    """The form of representation and appeal: empty, refused, correcting; and the decision with a step and its clock."""
    seat.open(f"{decision}/appeal")
    wrong = check(seat.page, "record a step of appeal")
    seat.press("Record it")
    wrong += check(seat.page, "record a step of appeal, refused")
    seat.page.locator("input[value=draft_sent]").check()
    for part, value in (("day", "8"), ("month", "1"), ("year", "2024")):
        seat.page.locator(f"#happened_on-{part}").fill(value)
    seat.press("Record it")
    wrong += check(seat.page, "decision with a step of appeal")
    seat.press("Correct")
    return wrong + check(seat.page, "correct a step of appeal")


@pytest.mark.parametrize("role", ["planner", "administrator", "auditor"])
def test_the_pages_of_others(seat: Seat, role: str) -> None:
    seat.sign_in(role)
    wrong = check(seat.page, "start")
    for path in {"auditor": ("/journal", "/journal/verify", "/decisions", "/panels")}.get(role, ()):
        seat.open(path)
        wrong += check(seat.page, path)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("path", ["/journal", "/no-such-page", "/cases/case_0000000000000000"])
def test_pages_about_what_went_wrong(seat: Seat, path: str) -> None:
    seat.sign_in("panel_chair")
    seat.open(path)
    assert check(seat.page, path) == []
