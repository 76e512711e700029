"""Somebody at the pages: reads, thinks, follows a link, fills a form in. Nobody types an address but the first."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from tests.builders.html import Form, Page

Sent = Mapping[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """A page, or what came in its place. `path` is where redirects ended, with its query."""

    status: int
    path: str
    text: str

    @cached_property
    def page(self) -> Page:
        """The page, read once."""
        return Page(self.text)


class Send(Protocol):
    """How a request travels. `sent` is a form's fields; None for a page that is only asked for."""

    def __call__(self, method: str, path: str, sent: Sent | None = None) -> Answer: ...


class NoWayOn(Exception):
    """The page does not offer what this person was about to do, such as when others did it first. Carries its words."""


class CameBack(NoWayOn):
    """A page that was not done as asked: it is counted where it was answered."""


@dataclass(frozen=True)
class Deed:
    """Something that a page said was done: `what` is recorded, withdrawn or named."""

    what: str
    decision_id: str


class Person:
    """One browser. `thinks` is least and most seconds before each click; `pause` waits, and may end it all by raising.

    `deeds` are what pages said was done, `counts` how often each kind of work came to its end.
    """

    def __init__(
        self, send: Send, pause: Callable[[float], None], chance: random.Random, thinks: tuple[float, float]
    ) -> None:
        self._send, self.pause, self.chance, self._thinks = send, pause, chance, thinks
        self.answer = Answer(200, "/", "")
        self.deeds: list[Deed] = []
        self.counts: Counter[str] = Counter()

    @property
    def path(self) -> str:
        """Where this person is, without a query."""
        return self.answer.path.partition("?")[0]

    def does(self, share: float) -> bool:
        """Whether they do now what people do in this share of cases."""
        return self.chance.random() < share

    def open(self, path: str) -> None:
        """A page by its address. Raises CameBack when it cannot be shown."""
        self._go("GET", path)

    def look_again(self, seconds: float) -> None:
        """The same page, as its own script asks for it while something is under way."""
        self.pause(seconds)
        self._see("GET", self.answer.path)

    def ways(self, words: str) -> list[str]:
        """Addresses of the links that say so."""
        return [href for href, text in self.answer.page.links if words in " ".join(text.split())]

    def leading(self, start: str) -> list[str]:
        """Addresses of links to pages whose address begins so."""
        return list(dict.fromkeys(href for href, _ in self.answer.page.links if href.startswith(start)))

    def follow(self, words: str, anywhere: bool = False) -> None:
        """The first link that says so, or any one of them. Raises NoWayOn."""
        found = self.ways(words)
        if not found:
            raise NoWayOn(words)
        self.open(self.chance.choice(found) if anywhere else found[0])

    def form(self, action: str = "") -> Form:
        """The form that goes to an address that ends so; without one the form of the page itself. Raises NoWayOn."""
        for each in self.answer.page.forms:
            if each.action.endswith(action) and (action or each.action != "/sign-out"):
                return each
        raise NoWayOn(f"a form {action}".strip())

    def send(self, action: str = "", **values: str | list[str]) -> None:
        """Fill a form in (a name's "__" stands for "-") and send it. Raises NoWayOn, CameBack."""
        form = self.form(action)
        given = {name.replace("__", "-"): value for name, value in values.items()}
        self.fill_in(form, {name: [value] if isinstance(value, str) else value for name, value in given.items()})

    def fill_in(self, form: Form, values: Sent) -> None:
        """Send a form with these values in place of its own. Raises CameBack."""
        self._go(form.method.upper(), form.action or self.answer.path, form.fields | dict(values))

    def _go(self, method: str, path: str, sent: Sent | None = None) -> None:
        self.pause(self.chance.uniform(*self._thinks))
        self._see(method, path, sent)
        if self.answer.status >= 400:
            raise CameBack(f"status {self.answer.status}")

    def _see(self, method: str, path: str, sent: Sent | None = None) -> None:
        self.answer = self._send(method, path, sent)
