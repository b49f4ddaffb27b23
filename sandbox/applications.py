"""Applications that act for a user by OAuth 2.0: codes, access tokens, rotating refresh tokens (facts.md §4.2)."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from .access import SCOPES, Access, User
from .registry import Refusal
from .system_errors import system_error

if TYPE_CHECKING:
    from .store import Store

CODE_SECONDS = 30
REFRESH_SECONDS = 180 * 24 * 3600
_SETTING = "applications"
_KEPT_GRANTS = 1000
_LETTERS = string.ascii_lowercase + string.digits

Kind = Literal["authorization_code", "access", "refresh_token"]


@dataclass(frozen=True, slots=True)
class Application:
    """An application that is installed on the portal. People are sent back to its `redirect_uri`."""

    name: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code or a token stands for; `expires` in seconds since 1970."""

    kind: Kind
    client_id: str
    user: User
    expires: float


class Applications:
    """The portal's applications and every code and token they hold, kept in its store.

    `token_seconds` is the life of an access token and may be changed at any time. `now` is the portal's clock.
    """

    def __init__(self, store: Store, seed: int, token_seconds: float) -> None:
        kept: dict[str, Any] = json.loads(store.setting(_SETTING) or "{}")
        self._store = store
        self._seed = seed
        self.token_seconds = token_seconds
        self._issued: int = kept.get("issued", 0)
        self._applications = {each["client_id"]: _application(each) for each in kept.get("applications", [])}
        self._grants = {secret: _grant(each) for secret, each in kept.get("grants", {}).items()}
        self.member_id: str = kept.get("member_id", "") or f"{Random(f'{seed} member').getrandbits(128):032x}"  # noqa: S311

    def register(
        self,
        name: str,
        redirect_uri: str,
        *,
        scopes: Iterable[str] = SCOPES,
        client_id: str = "",
        client_secret: str = "",
    ) -> Application:
        """Install an application; without them it gets a client id and a secret."""
        application = Application(
            name,
            client_id or f"local.{self._secret(14)}",
            client_secret or self._secret(50),
            redirect_uri,
            tuple(scopes),
        )
        self._applications[application.client_id] = application
        self._save()
        return application

    def find(self, client_id: str) -> Application | None:
        """Give the application with that client id."""
        return self._applications.get(client_id)

    def authorize(self, application: Application, user: User, now: float) -> str:
        """Give the code by which an application fetches its first tokens within 30 seconds, once."""
        code = self._new("authorization_code", application.client_id, user, now + CODE_SECONDS)
        self._save()
        return code

    def token(self, asked: Mapping[str, Any], now: float, address: str) -> dict[str, Any]:
        """Answer the token endpoint. Raises `Refusal` with an OAuth error; a code and a refresh token serve once."""
        application = self._applications.get(str(asked.get("client_id", "")))
        grant_type = asked.get("grant_type")
        if application is None or asked.get("client_secret") != application.client_secret:
            raise Refusal("invalid_client", "Client authentication failed")
        if grant_type not in ("authorization_code", "refresh_token"):
            raise Refusal("invalid_request", "The grant type is missing or unknown")
        secret = str(asked.get("code" if grant_type == "authorization_code" else "refresh_token", ""))
        grant = self._grants.get(secret)
        if grant is None or grant.kind != grant_type or grant.client_id != application.client_id:
            raise Refusal("invalid_grant", "The code or the refresh token is invalid")
        del self._grants[secret]
        if grant.expires <= now:
            self._save()
            raise Refusal("invalid_grant", "The code or the refresh token has expired")
        answer = self._tokens(application, grant.user, now, address)
        if grant_type == "refresh_token":
            answer |= {"expires": int(now + self.token_seconds), "user_id": grant.user.id}
        return answer

    def access(self, token: str, now: float) -> Access:
        """Give what an access token may do. Raises `Refusal`."""
        grant = self._grants.get(token)
        if grant is None or grant.kind != "access":
            raise system_error("NO_AUTH_FOUND")
        if grant.expires <= now:
            raise system_error("expired_token")
        application = self._applications[grant.client_id]
        return Access(
            f"application {application.name}", grant.user, frozenset(application.scopes), application.client_id
        )

    def revoke(self, client_id: str) -> None:
        """Take every code and token from an application: a person must authorise it anew."""
        self._grants = {secret: each for secret, each in self._grants.items() if each.client_id != client_id}
        self._save()

    def _tokens(self, application: Application, user: User, now: float, address: str) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "access_token": self._new("access", application.client_id, user, now + self.token_seconds),
            "expires_in": int(self.token_seconds),
            "refresh_token": self._new("refresh_token", application.client_id, user, now + REFRESH_SECONDS),
            "client_endpoint": f"{address}/rest/",
            "server_endpoint": f"{address}/rest/",
            "domain": address.partition("://")[2],
            "member_id": self.member_id,
            "scope": ",".join(application.scopes),
            "status": "L",
        }
        self._save()
        return answer

    def _new(self, kind: Kind, client_id: str, user: User, expires: float) -> str:
        secret = self._secret(70)
        self._grants[secret] = Grant(kind, client_id, user, expires)
        while len(self._grants) > _KEPT_GRANTS:
            del self._grants[next(iter(self._grants))]
        return secret

    def _secret(self, length: int) -> str:
        """Draw from the seed and a count that is kept, so that a portal restarted on its file repeats no token."""
        self._issued += 1
        return "".join(Random(f"{self._seed} token {self._issued}").choices(_LETTERS, k=length))  # noqa: S311

    def _save(self) -> None:
        state = {
            "issued": self._issued,
            "member_id": self.member_id,
            "applications": [asdict(each) for each in self._applications.values()],
            "grants": {secret: asdict(each) for secret, each in self._grants.items()},
        }
        with self._store.transaction():
            self._store.remember(_SETTING, json.dumps(state))


def _application(kept: dict[str, Any]) -> Application:
    names = (kept["name"], kept["client_id"], kept["client_secret"], kept["redirect_uri"])
    return Application(*names, tuple(kept["scopes"]))


def _grant(kept: dict[str, Any]) -> Grant:
    return Grant(kept["kind"], kept["client_id"], User(**kept["user"]), kept["expires"])
