"""Containers in this machine's words."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.cli.failures import CannotGoOn
from services.cli.system.compose.file import Container
from services.cli.system.compose.machine import LocalProcess, Machine


def container(name: str = "cost", **different: Any) -> Container:
    usual: dict[str, Any] = {
        "ours": True,
        "optional": False,
        "once": False,
        "replicas": 1,
        "command": ("python", "-m", f"services.{name}.main"),
        "environment": {},
        "mounts": {},
        "scratch": (),
        "secrets": {},
        "check": (),
        "needs": {},
    }
    return Container(name=name, **{**usual, **different})


def others() -> dict[str, Container]:
    return {"postgres": container("postgres", ours=False), "caseload": container("caseload")}


def translated(folder: Path, given: Container, hosts: Mapping[str, str] | None = None, shift: int = 0) -> LocalProcess:
    return Machine({**others(), given.name: given}, folder, hosts, shift).process(given.name)


@pytest.mark.parametrize(
    ("word", "here"),
    [
        ("caseload:50051", "127.0.0.1:50151"),
        ("amqp://cost@postgres:5432/cost", "amqp://cost@127.0.0.1:5432/cost"),
        ("0.0.0.0", "127.0.0.1"),
        ("http://127.0.0.1:50051", "http://127.0.0.1:50051"),
        ("http://not-caseload:50051", "http://not-caseload:50051"),
        ("caseload", "caseload"),
    ],
)
def test_a_name_in_the_environment_becomes_an_address_here(word: str, here: str, tmp_path: Path) -> None:
    assert translated(tmp_path, container(environment={"WHERE": word}), shift=100).environment["WHERE"] == here


@pytest.mark.parametrize("hosts", [{"postgres": "db.example:6432"}, {"postgres:5432": "db.example:6432"}])
def test_a_server_that_is_elsewhere_is_found_there(hosts: dict[str, str], tmp_path: Path) -> None:
    given = container(environment={"URL": "postgresql://cost@postgres:5432/cost"})
    assert translated(tmp_path, given, hosts).environment["URL"] == "postgresql://cost@db.example:6432/cost"
    assert Machine({**others(), "cost": given}, tmp_path, hosts).outside() == {"postgres": "db.example:6432"}


def test_a_health_check_looks_where_the_process_listens(tmp_path: Path) -> None:
    given = container(environment={"COST_PORT": "50053"}, check=("check", "127.0.0.1:50053", "127.0.0.1:1"))
    found = translated(tmp_path, given, shift=1000)
    assert (found.environment["COST_PORT"], found.check) == ("51053", ("check", "127.0.0.1:51053", "127.0.0.1:1"))


def test_each_replica_is_a_process_with_ports_and_folders_of_its_own(tmp_path: Path) -> None:
    environment = {"COST_METRICS_PORT": "9103", "VAR": "/tmp/var"}
    given = container(replicas=2, environment=environment, scratch=("/tmp",))
    found = Machine({"cost": given}, tmp_path).processes()
    assert [(each.name, each.container) for each in found] == [("cost", "cost"), ("cost-2", "cost")]
    assert [each.ports for each in found] == [(9103,), (9113,)]
    assert [each.environment["VAR"] for each in found] == [f"{tmp_path}/{each.name}/tmp/var" for each in found]


def test_a_mounted_folder_is_the_one_that_is_mounted(tmp_path: Path) -> None:
    given = container(environment={"TLS": "/certificates"}, mounts={"/certificates": tmp_path / "own"})
    assert translated(tmp_path / "var", given).environment["TLS"] == str(tmp_path / "own")


def test_secrets_are_copied_where_only_their_process_looks(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a secret")
    given = container(environment={"SECRETS": "/run/secrets"}, secrets={"password": tmp_path / "password"})
    folder = Path(translated(tmp_path / "var", given).environment["SECRETS"])
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"password": "a secret"}
    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(("content", "said"), [(None, "is not there"), (" \n", "is empty")])
def test_a_secret_that_is_missing_is_named(content: str | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "password").write_text(content)
    with pytest.raises(CannotGoOn, match=f"password {said}"):
        translated(tmp_path / "var", container(secrets={"password": tmp_path / "password"}))


def test_nothing_else_of_the_environment_reaches_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "of somebody else")
    monkeypatch.setenv("INBOROUGH_COST_THREADS", "9")
    found = translated(tmp_path, container()).environment
    assert {"PGPASSWORD", "INBOROUGH_COST_THREADS"} & set(found) == set()
    assert found["PYTHONOPTIMIZE"] == "1"


def test_only_ours_that_start_unasked_are_started(tmp_path: Path) -> None:
    given = {
        **others(),
        "cli": container("cli", optional=True),
        "cost": container(needs={"postgres": "service_healthy"}),
    }
    found = Machine(given, tmp_path).processes()
    assert {each.name: each.needs for each in found} == {"caseload": {}, "cost": {}}
