"""Sign-in with the council's own accounts: OpenID Connect, code flow with PKCE; the issuer's roles become ours."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.web.settings import Settings
from shared.errors import NotAllowed, NotSignedIn
from shared.identity import PEOPLES_ROLES

ISSUER = "issuer"
SECONDS = 10.0


@dataclass(frozen=True)
class SignedIn:
    """Somebody whom the issuer knows. `user_id` is opaque: it is on records for years."""

    user_id: str
    name: str
    roles: tuple[str, ...]


class Issuer:
    """The council's sign-in. Its addresses and keys are read from the issuer when first needed."""

    def __init__(self, settings: Settings) -> None:
        from authlib.integrations.starlette_client import OAuth

        self._settings = settings
        self._client = OAuth().register(
            ISSUER,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": SECONDS},
        )

    async def begin(self, request: Request, back: str, unseen: bool = False) -> Response:
        """To the issuer; it sends the browser to `back`. What must be remembered is put in `request.session`.

        `unseen`: the issuer answers at once from its own session with the person, or says that it would have to ask.
        Raises NotSignedIn when what answers at its address says that it is another issuer.
        """
        named = str((await self._client.load_server_metadata()).get("issuer", ""))
        if named.rstrip("/") != self._settings.oidc_issuer.rstrip("/"):
            raise NotSignedIn("The sign-in is set up for another issuer than answers.", reason="another_issuer")
        asked = {"prompt": "none"} if unseen else {}
        found: Response = await self._client.authorize_redirect(request, back, **asked)
        return found

    async def finish(self, request: Request) -> SignedIn:
        """Who came back. Raises NotSignedIn when the issuer did not prove it, NotAllowed for no role here."""
        from authlib.integrations.base_client import OAuthError
        from joserfc.errors import JoseError

        try:
            token = await self._client.authorize_access_token(request)
        except (OAuthError, JoseError, KeyError) as error:
            raise NotSignedIn("The sign-in was not completed. Start it again.", reason=type(error).__name__) from None
        return who(token.get("userinfo") or {}, self._settings)


def who(claims: Mapping[str, Any], settings: Settings) -> SignedIn:
    """The person that an issuer's claims describe.

    Raises NotSignedIn without a subject or what the settings need besides, NotAllowed without a role.
    """
    subject = str(claims.get("sub") or "")
    if not subject:
        raise NotSignedIn("The sign-in names nobody. Start it again.", reason="no_subject")
    if any(needed not in _values(claims.get(claim)) for claim, needed in settings.oidc_need.items()):
        raise NotSignedIn(
            "You signed in more weakly than is needed here. Sign out at the council's sign-in, then in again with "
            "your second factor.",
            reason="too_weak",
        )
    roles = our_roles(claims.get(settings.oidc_roles_claim), settings.oidc_roles)
    if not roles:
        raise NotAllowed("You are signed in, but have no role in Inborough.", reason="no_role")
    name = str(claims.get("name") or claims.get("preferred_username") or "signed in")
    digest = hashlib.sha256(f"{settings.oidc_issuer}\n{subject}".encode()).hexdigest()[:16]
    return SignedIn(f"user_{digest}", name[:100], roles)


def our_roles(claimed: object, meanings: Mapping[str, str]) -> tuple[str, ...]:
    """Our roles among those that an issuer gives, in our order. What is not known gives nothing."""
    found = {meanings.get(role, role) for role in _values(claimed)}
    return tuple(role for role in PEOPLES_ROLES if role in found)


def _values(claimed: object) -> list[str]:
    """The values of a claim that has one or several; none of any other shape."""
    given: Sequence[object] = [claimed] if isinstance(claimed, str) else claimed if isinstance(claimed, list) else []
    return [str(value) for value in given]
