"""docs/access.md as the tests read it: the words of the document are what is expected, not the protos again."""

from __future__ import annotations

from tests.architecture.source import ROOT

DOCUMENT = ROOT / "docs" / "access.md"


def written() -> dict[tuple[str, str], frozenset[str]]:
    """Roles that may call each (service, method)."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    service, roles = "", [""]
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            service = line.removeprefix("## ")
        elif line.startswith("| RPC |"):
            roles = [cell.strip().replace(" ", "_") for cell in line.strip("|").split("|")]
        elif line.startswith("| "):
            method, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[service, method] = frozenset(
                role for role, cell in zip(roles[1:], cells, strict=True) if cell == "yes"
            )
    return found
