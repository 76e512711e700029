"""A small OpenID Connect issuer on this machine: code flow with PKCE, as Microsoft Entra or Keycloak answer it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "inborough-test", "a-secret-of-the-test"
WHO = "Signs-In-As"
"""Header of the browser's request by which it says who of `Issuer.people` is before it."""


@dataclass
class Issuer:
    """What the issuer says of whoever signs in next, and how it may go wrong.

    `people`: what it says of somebody in place of `claims`, where the browser tells who is before it.
    """

    url: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "subject-1", "name": "Ada", "roles": ["SEND.Chair"]})
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    signs_with_another_key: bool = False
    denies: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """What /.well-known/openid-configuration says."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str], who: str = "") -> str:
        """Where the browser is sent back to, as if the person had just proved who they are."""
        assert asked["code_challenge_method"] == "S256"
        answer = {"error": "access_denied"} if self.denies else {"code": secrets.token_urlsafe(16)}
        if "code" in answer:
            self.asked[answer["code"]] = {**asked, WHO: who}
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None when the code, the secret or the PKCE verifier is wrong."""
        asked = self.asked.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked is None or challenge != asked["code_challenge"] or authorization != f"Basic {basic}":
            return None
        now = int(time.time())
        usual = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.signs_with_another_key else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, {**usual, **self.people.get(asked[WHO], self.claims)}, key)
        return {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": signed}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers on a free port."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.authorize(_flat(asked.query), self.headers.get(WHO, "")))
                self.end_headers()
            elif asked.path == "/keys":
                self._json({"keys": [issuer.key.as_dict(private=False)]})
            else:
                self._json(issuer.metadata())

        def do_POST(self) -> None:
            sent = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
            found = issuer.token(sent, self.headers.get("Authorization", ""))
            self._json(found or {"error": "invalid_grant"}, 200 if found else 400)

        def _json(self, body: dict[str, Any], status: int = 200) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
