"""Certificates under mutual TLS: whoever is not who they should be is refused, and both sides say why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.certificate_cases import CASES, Case
from tests.faults.certificates import Servers, serving


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers with certificates of every kind, in a process of their own."""
    folder: Path = tmp_path_factory.mktemp("certificates")
    with serving(folder) as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_caller_is_told_and_the_log_says_why(case: Case, servers: Servers) -> None:
    outcome = servers.try_out(case)
    assert outcome.sound, f"told: {outcome.told}\nlogged: {outcome.logged}"


def test_no_log_line_says_who_the_person_is(servers: Servers) -> None:
    for case in CASES:
        servers.try_out(case)
    log = servers.log.read_text(encoding="utf-8")
    assert "user_ada" not in log
    assert "eyJ" not in log, "a token was logged"
