"""A panel's papers to keep: they hold what the page to print holds, and reading them is journalled."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from inborough.events.v1 import events_pb2, events_pb2_grpc
from services.web.papers import pdf
from tests.builders.deciding import ASKS_BIRCH, ASKS_DOGWOOD
from tests.builders.identity import connect
from tests.builders.pages import Authority, Somebody
from tests.builders.pdf import read_pdf

SHOWN = {"h1", "h2", "h3", "p", "dt", "dd", "caption", "th", "td"}
NO_END = {"br", "img", "input", "link", "meta"}


class Printed(HTMLParser):
    """Texts of the page's main part that are printed, one an element that has text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._above: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in NO_END:
            return
        left_out = "app-not-printed" in (dict(attributes).get("class") or "")
        self._above.append((tag, left_out))
        if tag in SHOWN:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._above and self._above.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._above}
        if "main" in tags and tags & SHOWN and not any(left_out for _, left_out in self._above):
            self.texts[-1] += data


def printed(page: str) -> list[str]:
    """Without white space, and without when it was ranked and the ranking's id, which each view has its own of."""
    texts = ["".join(text.split()) for text in Printed(page).texts]
    return [_own_left_out(text) for text in texts if text and "Rankedas" not in text]


def _own_left_out(text: str) -> str:
    return re.sub(r"rec_[0-9a-z]+", "", text)


def panel_of(chair: Somebody, services: Authority) -> str:
    """A panel with two cases; its path."""
    chair.open("/panels/open").send()
    chair.send(on=[services.case_ids[ASKS_BIRCH], services.case_ids[ASKS_DOGWOOD]])
    return chair.path


def test_the_file_holds_what_the_page_to_print_holds(chair: Somebody, services: Authority) -> None:
    panel = panel_of(chair, services)
    page = printed(chair.follow("Papers to print").text)
    answer = chair.client.get(f"{panel}/pack.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="panel-papers-2024-02-01.pdf"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    found = read_pdf(answer.content)
    said = _own_left_out(found.text)
    assert len(page) > 100
    assert [text for text in page if text not in said] == []
    assert found.tags["H2"] == 2


def test_looking_at_the_file_is_journalled_as_looking_at_the_page_is(chair: Somebody, services: Authority) -> None:
    panel = panel_of(chair, services)
    before = seen(services)
    chair.open(f"{panel}/pack")
    by_page = seen(services)
    chair.client.get(f"{panel}/pack.pdf")
    by_file = seen(services)
    assert by_file - by_page == by_page - before
    assert {(name, actor) for _, name, actor, _ in by_file - by_page} == {
        ("case_viewed", "user_demo_panel_chair"),
        ("options_ranked", "user_demo_panel_chair"),
    }


def seen(services: Authority) -> Counter[tuple[str, str, str, tuple[str, ...]]]:
    """How often the logs of caseload and placement tell that somebody looked at a case or had it ranked."""
    found: list[tuple[str, str, str, tuple[str, ...]]] = []
    for service in ("caseload", "placement"):
        with connect(service, services.addresses[f"{service}_address"]) as channel:
            stub = events_pb2_grpc.EventServiceStub(channel)
            events = stub.ListEvents(events_pb2.ListEventsRequest(most=1000), timeout=5).events
        found += [(service, each.name, each.on_behalf_of or each.actor, tuple(each.case_ids)) for each in events]
    return Counter(each for each in found if each[1] in ("case_viewed", "options_ranked"))


def test_papers_that_cannot_be_set_say_nothing_of_the_children(
    chair: Somebody, services: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = panel_of(chair, services)
    monkeypatch.setattr(pdf, "PROCESS", "services.web.papers.no_such_process")
    chair.open(f"{panel}/pack.pdf")
    assert chair.status == 500
    assert "It is a fault of ours" in chair.text
