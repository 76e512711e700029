"""The licence of an installed library, as CycloneDX writes it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

LONGEST_NAME = 80
CLASSIFIER = "License :: "


def licences_of(distribution: str) -> list[dict[str, Any]]:
    """What a library's own metadata says; empty when it says nothing, or is for another platform than this."""
    try:
        said = metadata(distribution)
    except PackageNotFoundError:
        return []
    if expressions := said.get_all("License-Expression"):
        return [{"expression": str(expressions[0])}]
    classifiers = [each for each in said.get_all("Classifier") or [] if each.startswith(CLASSIFIER)]
    names = [each.rpartition(" :: ")[2] for each in classifiers] or said.get_all("License") or []
    return [{"license": {"name": name}} for name in names if name and "\n" not in name and len(name) <= LONGEST_NAME]
