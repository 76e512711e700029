"""A panel's papers, as a process of its own: `python -m services.web.papers.process`.

In: the JSON of services/web/papers/document.py. Out: the file, PDF 1.7 that claims PDF/UA-1. A process, so that no page
waits for it and nothing of the children stays in memory: the typesetter keeps what it set for the next time.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("pack.typ")
FONTS = "font_source_sans_pro"


def main() -> None:
    """Read the document, write the file."""
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode()))


def typeset(document: str) -> bytes:
    """The file. Raises typst.TypstError for what PDF/UA-1 does not allow, such as a letter that no font has."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[_font_folder()])
    content = typst.compile(
        TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"pack": document}, pdf_standards=["ua-1"]
    )
    assert content is not None
    return content


def _font_folder() -> str:
    """Where the package of fonts has them; it is found and not imported, for it would list them all."""
    spec = find_spec(FONTS)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{FONTS} is not installed; make setup")
    return str(Path(spec.submodule_search_locations[0]) / "files")


if __name__ == "__main__":
    main()
