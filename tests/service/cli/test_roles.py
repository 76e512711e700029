"""The command as a person of some roles: all that they have, or one with --as, and what is said to whoever may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.placement.v1 import placement_pb2
from shared import identity
from shared.errors import NotSignedIn
from shared.identity import PEOPLES_ROLES
from tests.builders.certificates import Issuer, front_door
from tests.builders.cli import a_policy
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


@pytest.fixture
def asked_by(services: StandIns) -> list[identity.Identity]:
    """Who asked for the policies, which everybody may."""
    heard: list[identity.Identity] = []

    def answer(request: placement_pb2.ListPoliciesRequest) -> placement_pb2.ListPoliciesResponse:
        heard.append(identity.current())
        return placement_pb2.ListPoliciesResponse(policies=[a_policy()])

    services.answer("ListPolicies", answer)
    return heard


def test_without_a_limit_all_roles_are_used(inborough: Inborough, asked_by: list[identity.Identity]) -> None:
    assert inborough("policies").status == 0
    assert (asked_by[0].subject, asked_by[0].roles) == ("user_local", frozenset(PEOPLES_ROLES))


@pytest.mark.parametrize("word", ["panel_chair", "panel-chair", "Panel Chair"])
def test_one_role_can_be_chosen(word: str, inborough: Inborough, asked_by: list[identity.Identity]) -> None:
    assert inborough("--as", word, "policies").status == 0
    assert asked_by[0].roles == {"panel_chair"}


def test_the_choice_ends_with_the_command(inborough: Inborough, asked_by: list[identity.Identity]) -> None:
    inborough("--as", "planner", "policies")
    inborough("policies")
    assert asked_by[1].roles == frozenset(PEOPLES_ROLES)


def test_the_environment_says_who_and_as_what(
    inborough: Inborough, asked_by: list[identity.Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_CLI_USER", "user_7f3a")
    monkeypatch.setenv("INBOROUGH_CLI_ROLES", "planner auditor")
    assert inborough("policies").status == 0
    assert (asked_by[0].subject, asked_by[0].roles) == ("user_7f3a", frozenset({"planner", "auditor"}))


def test_nobody_chooses_a_role_that_they_do_not_have(
    inborough: Inborough, asked_by: list[identity.Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_CLI_ROLES", "planner auditor")
    ran = inborough("--as", "administrator", "policies")
    assert ran.status == 2
    assert "INBOROUGH_CLI_ROLES are planner, auditor" in ran.err.replace("\n", " ")
    assert asked_by == []


@pytest.mark.parametrize("word", ["king", "service"])
def test_a_role_that_there_is_not_is_a_usage_error(word: str, inborough: Inborough) -> None:
    ran = inborough("--as", word, "policies")
    assert ran.status == 2
    assert "panel_member" in ran.err


@pytest.mark.parametrize("roles", ["king", "service", " ", "planner,auditor"])
def test_roles_in_the_environment_are_checked(
    roles: str, inborough: Inborough, services: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_CLI_ROLES", roles)
    ran = inborough("policies")
    assert ran.status == 2
    assert "roles are panel_member" in ran.err


def test_whoever_may_not_is_told_who_may_and_what_to_do(inborough: Inborough, services: StandIns) -> None:
    ran = inborough("--as", "planner", "cases")
    assert ran.status == 1
    said = " ".join(ran.err.split())
    assert "ListCases is for caseworker or panel chair or panel member" in said
    assert "INBOROUGH_CLI_ROLES" in said
    assert "--as" in said


def test_whoever_is_not_known_is_told_where_keys_come_from(inborough: Inborough, services: StandIns) -> None:
    services.answer("ListPolicies", NotSignedIn("The identity token is not one that our front door signed."))
    ran = inborough("policies")
    assert ran.status == 1
    assert "INBOROUGH_IDENTITY" in ran.err


def test_a_missing_certificate_is_no_fault_of_the_command(
    inborough: Inborough, services: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_TLS", "/nowhere")
    monkeypatch.delenv("INBOROUGH_IDENTITY")
    ran = inborough("policies")
    assert ran.status == 2
    assert "/nowhere/private.pem cannot be read" in ran.err


def test_certificates_that_are_at_fault_are_named(
    inborough: Inborough, services: StandIns, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INBOROUGH_TLS", str(Issuer(tmp_path).write("cli", front_door())))
    monkeypatch.delenv("INBOROUGH_IDENTITY")
    for command in ("policies", "health"):
        ran = inborough(command)
        assert ran.status == 3
        assert "does not speak TLS, and we do" in ran.err
