"""A case decided with the keyboard alone, and with JavaScript off."""

from __future__ import annotations

from tests.builders.deciding import ASKS_DOGWOOD, FREE
from tests.pages.conftest import Seat

MOST_PRESSES = 120
FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.id ? document.querySelector(`label[for="${CSS.escape(at.id)}"]`) : null;
  return ((label || at).innerText || "").replace(/\\s+/g, " ").trim();
}"""
OUTLINED = """() => {
  const seen = getComputedStyle(document.activeElement);
  return [seen.outlineStyle, seen.outlineWidth, seen.boxShadow, seen.backgroundColor].join(" ");
}"""


class Keyboard:
    """Nobody touches a mouse."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._page = seat, seat.page

    def to(self, words: str) -> None:
        """Tab until what is focused says so, and shows that it is."""
        seen = []
        for _ in range(MOST_PRESSES):
            self._page.keyboard.press("Tab")
            seen.append(self._page.evaluate(FOCUSED))
            if words in seen[-1]:
                assert self._page.evaluate(OUTLINED) != "none 0px none rgba(0, 0, 0, 0)"
                return
        raise AssertionError(f"{words!r} is not reached by Tab: {seen}")

    def press(self, words: str) -> None:
        """Enter on a link or a button."""
        self.to(words)
        before = self._page.url
        self._page.keyboard.press("Enter")
        self._page.wait_for_url(lambda url: url != before)
        self._page.wait_for_load_state()

    def choose(self, words: str) -> None:
        """Space on a radio or a checkbox."""
        self.to(words)
        self._page.keyboard.press("Space")

    def type(self, words: str, text: str) -> None:
        """Text in a field."""
        self.to(words)
        self._page.keyboard.type(text)


def test_a_case_is_decided_with_the_keyboard_alone(seat: Seat) -> None:
    seat.open("/sign-in")
    keys = Keyboard(seat)
    keys.press("Sign in as Demo panel chair")
    keys.press("Open a panel")
    keys.press("Open the panel")
    keys.choose(seat.site.authority.case_ids[FREE])
    keys.press("Change the agenda")
    keys.press("Options for the next case")
    keys.press("Choose")
    keys.type("Steps considered", "Invented steps.")
    keys.press("Continue")
    keys.press("Record this decision")
    assert "is held until" in seat.page.inner_text("main")


def test_the_first_tab_skips_to_the_content(seat: Seat) -> None:
    seat.sign_in("panel_chair")
    keys = Keyboard(seat)
    keys.to("Skip to main content")
    seat.page.keyboard.press("Enter")
    assert seat.page.evaluate("document.activeElement.id") == "main-content"


def test_an_error_takes_the_focus_and_leads_to_its_field(seat: Seat) -> None:
    seat.sign_in("panel_chair")
    seat.open(f"/cases/{seat.site.authority.case_ids[ASKS_DOGWOOD]}/options")
    keys = Keyboard(seat)
    keys.press("Put the decision off")
    keys.to("Continue")
    seat.page.keyboard.press("Enter")
    seat.page.wait_for_selector(".govuk-error-summary:focus")
    keys.to("Say why")
    seat.page.keyboard.press("Enter")
    assert seat.page.evaluate("document.activeElement.id") == "reason"


def test_a_setting_is_left_out_and_put_back_with_javascript_off(seat_without_javascript: Seat) -> None:
    seat = seat_without_javascript
    seat.sign_in("panel_chair")
    seat.open(f"/cases/{seat.site.authority.case_ids[ASKS_DOGWOOD]}/options")
    usual = seat.path
    seat.page.get_by_label("Leave this setting out Birch School").check()
    seat.press("Leave out and rank again")
    assert "What-if: Birch School (100002) left out" in seat.page.inner_text("main")
    seat.page.go_back()
    assert seat.path == usual
    seat.page.go_forward()
    seat.press("Rank again with everything")
    assert seat.path == usual


def test_a_case_is_decided_with_javascript_off(seat_without_javascript: Seat) -> None:
    seat = seat_without_javascript
    seat.sign_in("panel_chair")
    seat.open_panel(seat.site.authority.case_ids[ASKS_DOGWOOD])
    seat.press("Options for the next case")
    seat.press("Put the decision off")
    seat.fill("Why", "Invented reason.")
    seat.press("Continue")
    seat.press("Record this decision")
    assert "Put off." in seat.page.inner_text("main")
