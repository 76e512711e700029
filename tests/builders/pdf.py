"""What a PDF says and how it is built, as a screen reader would find it."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader


@dataclass(frozen=True)
class ReadPdf:
    """`pages` their texts, header and footer included; `tags` how many elements there are of each kind."""

    title: str
    language: str
    marked: bool
    shows_title: bool
    claims: str
    pages: list[str]
    tags: Counter[str]
    header_scopes: list[str]

    @property
    def text(self) -> str:
        """All of it without its white space and without what each page repeats at its top and bottom."""
        return "".join("".join("".join(page.splitlines()[1:-1]).split()) for page in self.pages)


def read_pdf(content: bytes) -> ReadPdf:
    """A PDF of ours, read."""
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    elements = list(_elements(root["/StructTreeRoot"]["/K"]))
    return ReadPdf(
        title=str(reader.metadata.title if reader.metadata else ""),
        language=str(root["/Lang"]),
        marked=bool(root["/MarkInfo"]["/Marked"]),
        shows_title=bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
        claims=root["/Metadata"].get_object().get_data().decode(),
        pages=[page.extract_text() for page in reader.pages],
        tags=Counter(str(each["/S"]).removeprefix("/") for each in elements),
        header_scopes=[scope for each in elements if each["/S"] == "/TH" for scope in _scopes(each.get("/A", []))],
    )


def _elements(node: Any) -> Any:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        yield from _elements(node.get("/K"))


def _scopes(attributes: Any) -> list[str]:
    attributes = attributes.get_object()
    each = attributes if isinstance(attributes, list) else [attributes]
    return [str(found.get_object()["/Scope"]) for found in each if "/Scope" in found.get_object()]
