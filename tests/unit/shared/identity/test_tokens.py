"""Tokens: only what our front door signed, for us, lately, and of a shape that we know."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import NotSignedIn
from shared.identity import tokens
from shared.identity.tokens import GOOD_FOR_SECONDS, Signer, Verifier

KEY = Ed25519PrivateKey.generate()
OTHER_KEY = Ed25519PrivateKey.generate()


def claims(**changes: Any) -> dict[str, Any]:
    """Those of a sound token of a planner."""
    now = int(time.time())
    sound = {"iss": "inborough", "aud": "inborough", "sub": "user_ada", "roles": ["planner"], "iat": now}
    return {**sound, "exp": now + GOOD_FOR_SECONDS, **changes}


def signed(key: Ed25519PrivateKey = KEY, **changes: Any) -> str:
    return jwt.encode({name: value for name, value in claims(**changes).items() if value is not None}, key, "EdDSA")


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def verify(token: str) -> Any:
    return Verifier(KEY.public_key()).verify(token)


def test_a_token_says_who_calls_and_as_what() -> None:
    found = verify(Signer(KEY, "user_ada", ["planner", "auditor"]).token())
    assert (found.subject, found.roles, found.on_behalf_of) == ("user_ada", {"planner", "auditor"}, "")


def test_a_token_shows_in_no_representation() -> None:
    token = signed()
    assert token not in repr(verify(token))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (partial(signed, OTHER_KEY), "token_not_ours"),
        (partial(signed, aud="elsewhere"), "token_not_ours"),
        (partial(signed, aud=None), "token_not_ours"),
        (partial(signed, iss="elsewhere"), "token_not_ours"),
        (partial(signed, iat=int(time.time()) + 3600, exp=int(time.time()) + 3700), "token_not_ours"),
        (partial(signed, nbf=int(time.time()) + 3600), "token_not_ours"),
        (partial(signed, exp=int(time.time()) - 60), "token_ran_out"),
        (partial(signed, exp=None), "token_not_ours"),
        (partial(signed, sub=None), "token_not_ours"),
        (partial(signed, roles=None), "token_not_ours"),
        ("", "token_not_ours"),
        ("a.b.c", "token_not_ours"),
        ("é" * 40, "token_not_ours"),
    ],
    ids=[
        "forged", "another audience", "no audience", "another issuer", "made in the future", "not yet good", "run out",
        "for ever", "of nobody", "without roles", "empty", "no token", "not ASCII",
    ],
)  # fmt: skip
def test_a_token_that_is_not_sound_is_refused_with_the_reason(given: str | Callable[[], str], reason: str) -> None:
    token = given if isinstance(given, str) else given()  # made now, since it is good for minutes alone
    with pytest.raises(NotSignedIn) as caught:
        verify(token)
    assert caught.value.facts == {"reason": reason}
    assert not token or token not in caught.value.message


def test_a_token_that_was_altered_is_refused() -> None:
    header, _, signature = signed().split(".")
    with pytest.raises(NotSignedIn):
        verify(".".join((header, part(claims(roles=["administrator"])), signature)))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS256", "ES256", ""])
def test_no_other_algorithm_is_taken(algorithm: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims())}.")


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    public = KEY.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    for secret in (pem, raw):
        head = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims())}"
        mac = base64.urlsafe_b64encode(hmac.new(secret, head.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
        with pytest.raises(NotSignedIn):
            verify(f"{head}.{mac}")


@pytest.mark.parametrize("name", ["jwk", "jku", "x5c", "x5u", "kid"])
def test_a_token_cannot_bring_its_own_key(name: str) -> None:
    raw = OTHER_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    key = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()}
    headers = {name: key if name == "jwk" else "https://elsewhere.example/keys"}
    with pytest.raises(NotSignedIn):
        verify(jwt.encode(claims(), OTHER_KEY, "EdDSA", headers))


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["service"]},
        {"roles": ["service", "planner"]},
        {"sub": "service_cost"},
        {"sub": "Ada Lovelace"},
        {"sub": "user_"},
        {"sub": "user_ada\n"},
        {"sub": 7},
        {"roles": ["king"]},
        {"roles": "planner"},
        {"roles": {"planner": True}},
        {"roles": [["planner"]]},
        {"roles": [7]},
        {"exp": int(time.time()) + 10 * 365 * 86_400},
        {"exp": True},
    ],
    ids=[str(number) for number in range(14)],
)
def test_a_signed_token_of_another_shape_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        verify(signed(**changes))


def test_a_token_with_an_odd_instant_is_refused() -> None:
    for odd in ("Infinity", '"soon"', "[]", "1e400"):
        body = json.dumps(claims(exp=0)).replace('"exp": 0', f'"exp": {odd}')
        head = f"{part({'alg': 'EdDSA', 'typ': 'JWT'})}.{base64.urlsafe_b64encode(body.encode()).rstrip(b'=').decode()}"
        signature = base64.urlsafe_b64encode(KEY.sign(head.encode())).rstrip(b"=").decode()
        with pytest.raises(NotSignedIn):
            verify(f"{head}.{signature}")


def test_a_remembered_token_is_refused_once_it_has_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, token = Verifier(KEY.public_key()), signed()
    assert verifier.verify(token) is verifier.verify(token)
    later = time.time() + GOOD_FOR_SECONDS + tokens.CLOCKS_MAY_DIFFER_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(jwt.api_jwt, "datetime", _Later(later))
    with pytest.raises(NotSignedIn, match="run out"):
        verifier.verify(token)


class _Later:
    """`datetime` as PyJWT uses it, at another instant."""

    def __init__(self, at: float) -> None:
        self._at = at

    def now(self, tz: Any = None) -> Any:
        from datetime import datetime

        return datetime.fromtimestamp(self._at, tz)


def test_only_so_many_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_REMEMBERED", 3)
    verifier = Verifier(KEY.public_key())
    for number in range(9):
        verifier.verify(signed(sub=f"user_{number}"))
    assert len(verifier._seen) == 3


def test_a_bad_token_is_not_remembered() -> None:
    verifier = Verifier(KEY.public_key())
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            verifier.verify(signed(OTHER_KEY))
    assert not verifier._seen


def test_a_signer_makes_a_new_token_before_the_last_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    signer = Signer(KEY, "user_ada", ["planner"])
    first = signer.token()
    assert signer.token() == first
    now += tokens.GOOD_FOR_SECONDS - tokens.RENEW_BEFORE_SECONDS + 1
    assert signer.token() != first


@pytest.mark.parametrize("subject", ["Ada", "user_", "user_A", "user_a b", "admin_ada", "user_" + "a" * 61])
def test_a_signer_takes_only_opaque_subjects(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        Signer(KEY, subject, ["planner"])


def test_a_signer_takes_only_roles_that_there_are() -> None:
    with pytest.raises(ValueError, match="king: not a role"):
        Signer(KEY, "user_ada", ["king"])
