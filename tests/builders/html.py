"""A page as a browser without JavaScript reads it: its forms, links and headings. Nothing of ours is needed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form as a page has it: what it would send, and what its radios, checkboxes and lists offer."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """Forms, links, headings and ids of a page. `beside`: what checkboxes offer that stand outside their form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.sources: list[str] = []
        self.headings: list[str] = []
        self.beside: dict[str, list[str]] = {}
        self._form: Form | None = None
        self._select = self._area = self._link = ""
        self._in_heading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if "id" in found:
            self.ids.append(found["id"])
        self.sources += [found[name] for name in ("src", "href", "action") if found.get(name)]
        if tag == "h1":
            self._in_heading = True
            self.headings.append("")
        elif tag == "a" and "href" in found:
            self._link = found["href"]
            self.links.append((found["href"], ""))
        elif tag == "form":
            self._form = Form(found.get("action", ""), found.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, found)
        elif tag == "input" and "form" in found:
            self.beside.setdefault(found.get("name", ""), []).append(found.get("value", ""))

    def _field(self, tag: str, found: Mapping[str, str]) -> None:
        assert self._form is not None
        name = found.get("name", "")
        if tag == "select":
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "option":
            self._form.offered.setdefault(self._select, []).append(found.get("value", ""))
            if "selected" in found or not self._form.fields[self._select]:
                self._form.fields[self._select] = [found.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = [""]
        elif tag == "input" and found.get("type") in ("radio", "checkbox"):
            self._form.offered.setdefault(name, []).append(found["value"])
            if "checked" in found:
                self._form.fields.setdefault(name, []).append(found["value"])
        elif tag == "input":
            self._form.fields[name] = [found.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._link = ""
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area][0] += data
        if self._link:
            href, text = self.links[-1]
            self.links[-1] = href, text + data
        if self._in_heading:
            self.headings[-1] += data
