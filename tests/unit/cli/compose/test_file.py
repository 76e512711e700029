"""A compose file read as `docker compose` reads it, as far as running its commands needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.system.compose.file import Container, fill_in, read_compose
from services.cli.system.compose.up import compose_values

FILE = """
services:
  cost:
    build: {context: .}
    restart: unless-stopped
    command: [python, -m, services.cost.main]
    deploy: {replicas: "${WORKERS:-2}"}
    environment: {INBOROUGH_COST_PORT: 50053, COUNCIL: "${COUNCIL:?whose it is}"}
    volumes: ["./certificates/cost:/certificates:ro", "kept:/var/lib/kept"]
    tmpfs: ["/tmp:size=64m"]
    secrets: [password]
    healthcheck: {test: [CMD, python, -m, check]}
    depends_on: {postgres: {condition: service_healthy}}
  postgres:
    image: postgres:17.6
secrets:
  password: {file: ./secrets/password}
"""


def written(folder: Path) -> Path:
    path = folder / "compose.yml"
    path.write_text(FILE)
    return path


def test_a_container_has_what_its_process_needs(tmp_path: Path) -> None:
    found = read_compose(written(tmp_path), {"COUNCIL": "Ours: the one"})["cost"]
    assert found == Container(
        name="cost",
        ours=True,
        optional=False,
        once=False,
        replicas=2,
        command=("python", "-m", "services.cost.main"),
        environment={"INBOROUGH_COST_PORT": "50053", "COUNCIL": "Ours: the one"},
        mounts={"/certificates": tmp_path / "certificates/cost"},
        scratch=("/tmp",),
        secrets={"password": tmp_path / "secrets/password"},
        check=("python", "-m", "check"),
        needs={"postgres": "service_healthy"},
    )


def test_a_container_that_is_not_built_here_is_not_ours(tmp_path: Path) -> None:
    assert not read_compose(written(tmp_path), {"COUNCIL": "Ours"})["postgres"].ours


def test_a_variable_that_must_be_given_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="COUNCIL has no value: whose it is"):
        read_compose(written(tmp_path), {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match=r"other\.yml is not there"):
        read_compose(tmp_path / "other.yml", {})


@pytest.mark.parametrize(
    ("word", "values", "filled"),
    [
        ("${A}", {"A": "one"}, "one"),
        ("${A}", {}, ""),
        ("${A:-two}", {"A": ""}, "two"),
        ("${A-two}", {"A": ""}, ""),
        ("${A-two}", {}, "two"),
        ("${A:-./here}/cost", {}, "./here/cost"),
        ("$${A}", {"A": "one"}, "${A}"),
        ("a $5 note", {}, "a $5 note"),
    ],
)
def test_variables_are_filled_in(word: str, values: dict[str, str], filled: str) -> None:
    assert fill_in({"deep": [word]}, values) == {"deep": [filled]}


def test_the_environment_goes_before_the_file_of_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# whose\nCOUNCIL='Ours # and theirs' # twice\nWORKERS=3\nASK=Ada's team, room 2\n")
    monkeypatch.setenv("WORKERS", "4")
    values = compose_values(tmp_path / ".env")
    assert [values[name] for name in ("COUNCIL", "WORKERS", "ASK")] == ["Ours # and theirs", "4", "Ada's team, room 2"]
