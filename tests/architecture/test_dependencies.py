"""Each process declares every library that it imports, so that an image holds what it needs and no more."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import grimp
import pytest

from tests.architecture.source import ROOT, SERVICES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PROCESSES = [(f"services.{service}.main", [service, "events"]) for service in SERVICES] + [
    ("services.cli.main", ["cli"]),
    ("services.web.main", ["web"]),
    ("services.web.papers.process", ["web"]),
    ("services.web.outline.process", ["web"]),
    ("services.provision.events", ["provision", "events"]),
    ("services.placement.events", ["placement", "events"]),
    ("services.journal.events", ["journal", "events"]),
]


@cache
def import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "services",
        "shared",
        "inborough",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def libraries_of(module: str) -> set[str]:
    """Top-level names of the libraries that a process imports, directly or through our modules."""
    graph = import_graph()
    upstream = {
        name.partition(".")[0] for name in graph.find_upstream_modules(module) if graph.is_module_squashed(name)
    }
    return upstream - sys.stdlib_module_names


def declared(extras: list[str]) -> set[str]:
    """Distributions that pyproject.toml gives to every process and to these extras."""
    lines = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return {normalised(re.split(r"[\[=<>~ ]", line)[0]) for line in lines}


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@pytest.mark.parametrize(("module", "extras"), PROCESSES, ids=[module for module, _ in PROCESSES])
def test_a_process_declares_every_library_that_it_imports(module: str, extras: list[str]) -> None:
    homes = packages_distributions()
    given = declared(extras)
    missing = {name for name in libraries_of(module) if not {normalised(home) for home in homes.get(name, [])} & given}
    assert missing == set()


def test_only_placement_and_the_command_line_carry_the_solver() -> None:
    carriers = {extra for extra in PROJECT["optional-dependencies"] if "ortools" in declared([extra])}
    assert carriers == {"placement", "cli"}
