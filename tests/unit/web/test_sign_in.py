"""Roles, users and settings of sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from services.web.failures import in_words, without_commands
from services.web.settings import Settings
from services.web.signing_in.demo import USERS
from services.web.signing_in.oidc import our_roles, who
from shared.errors import InvalidInput, NotAllowed, NotSignedIn
from shared.identity import PEOPLES_ROLES
from shared.identity.tokens import SUBJECT_SHAPE

WHOLE: dict[str, Any] = {
    "oidc_issuer": "https://issuer.example",
    "oidc_client_id": "us",
    "oidc_client_secret": "kept-to-us",
    "public_url": "https://pages.example",
}


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (["panel_chair", "caseworker"], ("panel_chair", "caseworker")),
        (["Chair", "planner"], ("panel_chair", "planner")),
        ("auditor", ("auditor",)),
        (["service", "root"], ()),
        (None, ()),
        ({"roles": ["auditor"]}, ()),
    ],
)
def test_only_roles_of_people_come_of_what_an_issuer_claims(claimed: object, expected: tuple[str, ...]) -> None:
    assert our_roles(claimed, {"Chair": "panel_chair"}) == expected


def test_a_user_id_is_opaque_and_of_one_issuer() -> None:
    claims = {"sub": "ada@council.example", "name": "Ada Lovelace", "roles": ["auditor"]}
    here, elsewhere = who(claims, Settings(**WHOLE)), who(claims, Settings(**WHOLE | {"oidc_issuer": "https://b"}))
    assert SUBJECT_SHAPE.fullmatch(here.user_id)
    assert "ada" not in here.user_id
    assert here.user_id != elsewhere.user_id


def test_nobody_comes_in_without_a_subject_or_a_role() -> None:
    with pytest.raises(NotSignedIn):
        who({"roles": ["auditor"]}, Settings(**WHOLE))
    with pytest.raises(NotAllowed):
        who({"sub": "somebody"}, Settings(**WHOLE))


@pytest.mark.parametrize("claimed", [None, "pwd", ["pwd"], {"mfa": True}, [["mfa"]]])
def test_nobody_comes_in_by_a_weaker_sign_in_than_is_needed(claimed: object) -> None:
    needing = Settings(**WHOLE, oidc_need={"amr": "mfa"})
    claims = {"sub": "somebody", "roles": ["auditor"]}
    with pytest.raises(NotSignedIn, match="more weakly than is needed"):
        who({**claims, "amr": claimed}, needing)
    assert who({**claims, "amr": ["pwd", "mfa"]}, needing).roles == ("auditor",)
    assert who({**claims, "amr": "mfa"}, needing).roles == ("auditor",)


def test_there_is_one_demo_user_a_role() -> None:
    assert tuple(user.role for user in USERS) == PEOPLES_ROLES
    assert all(SUBJECT_SHAPE.fullmatch(user.user_id) for user in USERS)


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_sign_in_is_refused_at_start(missing: str) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value for name, value in WHOLE.items() if name != missing})


def test_demo_users_are_not_put_behind_a_proxy_that_others_reach() -> None:
    with pytest.raises(ValidationError, match="must be of this machine"):
        Settings(public_url="https://pages.example")
    assert Settings(public_url="http://localhost:8081").demo_sign_in


def test_a_role_that_nobody_may_have_is_refused_at_start() -> None:
    with pytest.raises(ValidationError, match="service: not a role"):
        Settings(**WHOLE, oidc_roles={"Anything": "service"})


def test_the_secret_is_in_no_text_of_the_settings() -> None:
    assert "kept-to-us" not in repr(Settings(**WHOLE))


def test_a_page_names_no_command() -> None:
    said = "The panel is closed and signed. Decide at another: `inborough panel open`."
    assert without_commands(said) == "The panel is closed and signed."
    assert in_words(InvalidInput("reason", "say why: it differs")) == "Say why: it differs"
