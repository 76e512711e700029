"""The embedded system as a newcomer meets it: up, a recommendation, a plan, and the plan solved again offline."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from services.cli.main import run
from tests.builders.embedded import INBOROUGH, SERVICES, own_environment, staying_up


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Free ports, a var folder of its own, and no terminal, for this process and those that it starts."""
    environment = own_environment(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "80")
    return [environment[f"INBOROUGH_{service}_ADDRESS"] for service in SERVICES]


class Command:
    """The command, in this process; what it says is read back."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> str:
        status = run(arguments)
        said = self._capsys.readouterr()
        assert (status, "Traceback" in said.err) == (0, False), said.err
        return said.out

    def json(self, *arguments: str) -> Any:
        """Its answer to a machine."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def inborough(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def up_once() -> str:
    """All that a first start shows."""
    ran = subprocess.run([*INBOROUGH, "up", "--once"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def nobody_listens(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


@pytest.mark.timeout(300)
def test_from_nothing_to_a_plan_that_anybody_can_solve_again(
    addresses: list[str], inborough: Command, tmp_path: Path
) -> None:
    first_look = up_once()
    assert first_look.count("First day 2 September 2024") == 3
    assert "315 decisions due" in first_look
    assert "\x1b" not in first_look
    assert max(map(len, first_look.splitlines())) <= 80

    problem = str(tmp_path / "problem.json")
    with staying_up() as up:
        assert "nothing was started" in inborough("up")
        assert inborough.json("health")["serving"] is True
        cases = inborough.json("cases", "--due", "--page-size", "3")
        assert cases["total"] == 315  # the second start did not load the demonstration again
        plan = inborough.json("plan", "--export", problem)
        for case in cases["cases"]:
            check_one_case(inborough, case["case_id"], problem)
    assert up.returncode == 0
    assert all(map(nobody_listens, addresses))

    solution = inborough.json("solve", problem)
    assert solution["status"] == plan["status"] == "optimal"
    assert solution["assignment"] == plan["assignment"]
    assert solution["unplaced"] == [case["case_id"] for case in plan["unplaced"]]
    assert solution["totals"] == {term: plan["totals"][term] for term in solution["totals"]}


def check_one_case(inborough: Command, case_id: str, problem: str) -> None:
    """Totals are the sums of their lines, and each knock-on is what the offline solver finds."""
    given = inborough.json("recommend", case_id)
    others = inborough.json("solve", problem, "--knock-on", case_id)["knock_on_others"]
    assert given["options"]
    for option in given["options"]:
        for ledger in ("budget", "marginal"):
            lines = [line["annual_pence"] for line in option["cost_lines"] if line["ledger"] == ledger]
            assert sum(lines) == (option[f"annual_{ledger}_cost_pence"] or 0)
        if option["knock_on"] is not None:
            expected = {term: amount for term, amount in others[option["pool_id"]].items() if amount}
            assert {term: amount for term, amount in option["knock_on"].items() if amount} == expected
