"""The server that gives an application its tokens, for a code or for a refresh token (facts.md §4.2).

The documented request carries the client secret in its query. As everywhere, the transport adds it last.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

import anyio
import httpx2

from .errors import AuthorizationFailed, SignInNeeded, Unreachable
from .masking import masked
from .tokens import Tokens, UnreadableTokens
from .transport import AuthorizingTransport, readdressed

OAUTH_SERVER = "https://oauth.bitrix.info"
PATIENCE = 20.0
"""Seconds for one request."""

_APPLICATION = "Compare BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET with the application's settings on the portal."
_PERMISSIONS = "Tick the permissions crm and salescenter in the application's settings, then sign in again."
_RECOVERY = {
    "invalid_request": _APPLICATION,
    "invalid_client": _APPLICATION,
    "wrong_client": _APPLICATION,
    "insufficient_scope": _PERMISSIONS,
    "invalid_scope": _PERMISSIONS,
    "PAYMENT_REQUIRED": "The portal's plan does not include the application; its administrator can change that.",
    "NOT_INSTALLED": "Install the application on the portal, then sign in again.",
}


@dataclass(frozen=True, slots=True)
class Application:
    """An application as registered on the portal, and the authorisation server that knows it."""

    client_id: str
    client_secret: str = field(repr=False)
    server: str = OAUTH_SERVER
    """Scheme, host and port."""


class AuthorizationServer:
    """Gives tokens. Everything it raises means that nothing was carried out on the portal."""

    def __init__(
        self,
        application: Application,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.application = application
        self._transport = transport
        self._patience = patience

    async def exchange(self, code: str) -> Tokens:
        """The first tokens, for the code that the portal sent the person back with.

        Raises:
            AuthorizationFailed: The code or the application is not accepted.
            Unreachable: No readable answer. The code may be used up.

        """
        return await self._granted("authorization_code", {"code": code})

    async def refresh(self, tokens: Tokens) -> Tokens:
        """The next tokens, after which the old refresh token is dead.

        When the reply is lost the server may have made the exchange already. Asking once more with the old token tells:
        it still serves, or it is dead and only a person can help.

        Raises:
            SignInNeeded: The refresh token is dead, or the answer is about another portal.
            AuthorizationFailed: The application is not accepted.
            Unreachable: No readable answer, twice.

        """
        secret = {"refresh_token": tokens.refresh_token}
        try:
            fresh = await self._granted("refresh_token", secret)
        except Unreachable:
            fresh = await self._granted("refresh_token", secret, "the reply to a first request, now lost, used it up")
        if fresh.member_id != tokens.member_id:
            raise SignInNeeded("WRONG_PORTAL", "the authorisation server answered for a different portal")
        return fresh

    async def _granted(self, grant_type: str, secret: dict[str, str], note: str = "") -> Tokens:
        grant = _Grant(self.application, grant_type, secret)
        answer = await self._ask(grant)
        if "error" in answer:
            raise _refused(answer, grant, note)
        try:
            return Tokens.granted(answer)
        except UnreadableTokens as error:
            problem = str(error)
        raise self._silent(f"gave an answer in which {problem}")

    async def _ask(self, grant: _Grant) -> dict[str, Any]:
        inner = self._transport or httpx2.AsyncHTTPTransport()
        transport = AuthorizingTransport(grant, inner, follow=False)
        failure = ""
        try:
            with anyio.fail_after(self._patience):
                async with httpx2.AsyncClient(transport=transport, timeout=self._patience) as client:
                    response = await client.get(f"{grant.origin}/oauth/token/")
        except (httpx2.TimeoutException, TimeoutError):
            failure = f"gave no answer within {self._patience:g} s"
        except httpx2.RequestError as error:
            failure = f"cannot be reached ({grant.hide(str(error)) or type(error).__name__})"
        else:
            try:
                answer: object = json.loads(response.content)
            except (ValueError, RecursionError):
                answer = None
            # The status is not documented, and was seen to be 200 beside an error: the body decides.
            if isinstance(answer, dict):
                return cast("dict[str, Any]", answer)
            failure = f"answered with HTTP {response.status_code} and no JSON object"
        raise self._silent(failure)

    def _silent(self, what: str) -> Unreachable:
        return Unreachable(
            "NO_AUTHORIZATION_SERVER",
            f"the authorisation server {self.application.server} {what}; nothing was carried out on the portal",
            recovery="Check the network and BITRIX24_OAUTH_SERVER, then try again in a moment.",
        )


class _Grant:
    """The secret query of one request for tokens."""

    def __init__(self, application: Application, grant_type: str, secret: dict[str, str]) -> None:
        self.origin = application.server
        self._query = {
            "grant_type": grant_type,
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            **secret,
        }
        self._secrets = (application.client_secret, *secret.values())

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        return readdressed(request, request.url.copy_with(params=self._query))

    def hide(self, text: str) -> str:
        return masked(text, *self._secrets)


def _refused(answer: dict[str, Any], grant: _Grant, note: str) -> AuthorizationFailed:
    code = grant.hide(str(answer["error"]))
    description = re.sub(r"<[^>]*>", "", html.unescape(str(answer.get("error_description") or ""))).strip()
    if code != "invalid_grant":
        return AuthorizationFailed(code, grant.hide(description), recovery=_RECOVERY.get(code))
    return SignInNeeded(code, "; ".join(filter(None, (grant.hide(description), note))))
