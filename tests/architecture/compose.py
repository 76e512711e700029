"""docker-compose.yml and what belongs to it, as the tests read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.architecture.source import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
REQUIRED = re.compile(r"\$\{(\w+):\?[^}]*\}")
WITH_DEFAULT = re.compile(r"\$\{(\w+):-([^}]*)\}")


def compose(values: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables replaced by `values` or their defaults."""
    filled = REQUIRED.sub(lambda found: values[found[1]], TEXT)
    filled = WITH_DEFAULT.sub(lambda found: values.get(found[1], found[2]), filled)
    loaded: dict[str, Any] = yaml.safe_load(filled)
    return loaded


def required_variables() -> set[str]:
    """Variables without which compose does not start."""
    return set(REQUIRED.findall(TEXT))


def our_processes(loaded: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers that run our code for as long as the system is up."""
    return {name: made for name, made in loaded["services"].items() if "build" in made and "profiles" not in made}
