"""OAuth 2.0: calls carry an access token, which is renewed when the portal says that it has expired (facts.md §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx2

from .authorization_server import AuthorizationServer
from .connection import Answer, Sender
from .errors import AuthorizationFailed, PortalError, Refusal, SignInNeeded, TokenExpired
from .masking import masked
from .token_store import TokenStore
from .tokens import Tokens
from .transport import readdressed


class OAuthCredentials:
    """An access token in a request's `Authorization` header, and what it takes to get the next one."""

    def __init__(self, tokens: Tokens, server: AuthorizationServer, store: TokenStore) -> None:
        self.tokens = tokens
        self.server = server
        self.store = store
        self.origin = tokens.origin

    @classmethod
    def stored(cls, server: AuthorizationServer, store: TokenStore) -> OAuthCredentials:
        """The credentials of whoever signed in last.

        Raises:
            SignInNeeded: Nobody did.
            StorageFailed: The tokens cannot be read.

        """
        tokens = store.load()
        if tokens is None:
            raise SignInNeeded("NOT_SIGNED_IN", f"there are no tokens in {store.name}")
        return cls(tokens, server, store)

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        """The request with the access token."""
        authorized = readdressed(request, httpx2.URL(self.origin).copy_with(raw_path=request.url.raw_path))
        authorized.headers["Authorization"] = f"Bearer {self.tokens.access_token}"
        return authorized

    def adopt(self, tokens: Tokens) -> None:
        """Use these tokens from now on, at the address that came with them."""
        self.tokens = tokens
        self.origin = tokens.origin

    def hide(self, text: str) -> str:
        """The text without the tokens."""
        return masked(text, self.tokens.access_token, self.tokens.refresh_token)


class Refreshing:
    """Renews an expired access token, once for all calls that wait for it, and repeats each of them once.

    That is safe for writes too: the portal refuses a token before it runs anything.
    """

    def __init__(self, inner: Sender, credentials: OAuthCredentials) -> None:
        self._inner = inner
        self._credentials = credentials
        self._lock = anyio.Lock()
        self._attempts = 0
        self._failure: PortalError | None = None
        """Why the last attempt gave no tokens."""
        self._unsaved: Tokens | None = None
        """Renewed, but not durable yet, and not to be used before it is."""

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry the call on, with newer tokens if the portal refuses these.

        Raises:
            SignInNeeded: The refresh token is dead.
            StorageFailed: The renewed tokens could not be kept; the next call tries again.
            Unreachable: The authorisation server gave no readable answer.
            PortalError: As the inner sender does.

        """
        used = self._credentials.tokens
        try:
            return await self._send(method, parameters)
        except AuthorizationFailed as error:
            refused = error
        if not await self._newer(used, renew=isinstance(refused, TokenExpired)):
            raise refused
        return await self._send(method, parameters)

    async def _send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        try:
            return await self._inner.send(method, parameters)
        except AuthorizationFailed as refused:
            if refused.recovery == AuthorizationFailed.recovery:  # It speaks of webhooks.
                refused.recovery = SignInNeeded.recovery
            raise

    async def _newer(self, used: Tokens, *, renew: bool) -> bool:
        """Whether there are newer tokens than those: stored by another process or a new sign-in, or renewed here."""
        attempts = self._attempts
        async with self._lock, self._credentials.store.held():
            stored = await anyio.to_thread.run_sync(self._credentials.store.load) or used
            if stored.access_token != used.access_token:
                self._credentials.adopt(stored)
                self._unsaved = self._failure = None
            elif renew:
                self._raise_known_failure(waited=attempts != self._attempts)
                await self._renew(stored)
            return self._credentials.tokens.access_token != used.access_token

    def _raise_known_failure(self, *, waited: bool) -> None:
        """Share the failure of the attempt that was waited for; what the server refused, it is not asked again."""
        known = self._failure
        if known is not None and (waited or isinstance(known, Refusal)):
            raise type(known)(known.code, known.description, recovery=known.recovery, status=known.status)

    async def _renew(self, stored: Tokens) -> None:
        self._attempts += 1
        # Once asked for, the new tokens must be kept, even if the caller has left: the old refresh token is spent.
        # It takes two requests of `PATIENCE` at most.
        with anyio.CancelScope(shield=True):
            try:
                fresh = self._unsaved = self._unsaved or await self._credentials.server.refresh(stored)
                await anyio.to_thread.run_sync(self._credentials.store.save, fresh)
            except PortalError as failure:
                self._failure = failure
                raise
            self._credentials.adopt(fresh)
            self._unsaved = self._failure = None
        await anyio.lowlevel.checkpoint_if_cancelled()
