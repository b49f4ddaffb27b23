"""An embedded portal that somebody has signed in to, and the ways there, watched."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from bitrix24_commerce.rest import Application, AuthorizationServer, OAuthCredentials, Portal, TokenStore
from bitrix24_commerce.rest.connection import Connection
from bitrix24_commerce.rest.oauth import Refreshing
from bitrix24_commerce.rest.tokens import Tokens
from bitrix24_commerce.sandbox import Portal as Sandbox
from bitrix24_commerce.sandbox.access import ADMINISTRATOR, SCOPES
from bitrix24_commerce.sandbox.clock import Clock

HOUR = 3600.0
WHO = "user.current"


class ToPortal(httpx2.AsyncHTTPTransport):
    """The way to the portal. It notes the tokens that calls carried, and those that the file held at that moment."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.carried: list[str] = []
        self.kept: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.carried.append(request.headers["Authorization"].removeprefix("Bearer "))
        self.kept.append(json.loads(self.path.read_text())["access_token"])
        return await super().handle_async_request(request)


class ToServer(httpx2.AsyncBaseTransport):
    """The way to the authorisation server, which can lose a request (`before`) or the answer to one (`after`)."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.inner = httpx2.ASGITransport(app=sandbox.app)
        self.asked: list[httpx2.Request] = []
        self.losses: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        loss = self.losses.pop(0) if self.losses else ""
        if loss == "before":
            raise httpx2.ReadError("connection reset")
        response = await self.inner.handle_async_request(request)
        if loss == "after":
            raise httpx2.ReadError("connection reset")
        return response


class SignedIn:
    """A portal, an application of it, and the tokens of its administrator in a file."""

    def __init__(self, sandbox: Sandbox, path: Path, scopes: tuple[str, ...]) -> None:
        self.sandbox = sandbox
        self.path = path
        self.registered = sandbox.applications.register("till", "http://127.0.0.1:8724/", scopes=scopes)
        self.to_server = ToServer(sandbox)
        self.to_portal = ToPortal(path)
        application = Application(self.registered.client_id, self.registered.client_secret, sandbox.address)
        self.server = AuthorizationServer(application, transport=self.to_server)
        self.store = TokenStore.at(path)

    async def sign_in(self) -> Tokens:
        """What `login` does: a code from the portal, the tokens for it, and they are kept."""
        code = self.sandbox.applications.authorize(self.registered, ADMINISTRATOR, self.sandbox.clock.timestamp())
        tokens = await self.server.exchange(code)
        self.store.save(tokens)
        self.to_server.asked.clear()
        return tokens

    def portal(self, store: TokenStore | None = None) -> Portal:
        """The portal as a newly started process sees it, without the layers that join calls or repeat them."""
        credentials = OAuthCredentials.stored(self.server, store or self.store)
        connection = Connection(credentials, transport=self.to_portal)
        return Portal(Refreshing(connection, credentials), origin=lambda: connection.origin)

    def expire(self) -> None:
        """Let an hour pass."""
        self.sandbox.clock.advance(HOUR + 1)

    def revoke(self) -> None:
        """The administrator of the portal takes the application's rights away."""
        self.sandbox.applications.revoke(self.registered.client_id)

    def carried_out(self) -> list[str]:
        """The writes that the portal carried out."""
        return [each.method for each in self.sandbox.ledger or []]

    @property
    def on_disk(self) -> dict[str, Any]:
        return json.loads(self.path.read_text())


@asynccontextmanager
async def signed_in(folder: Path, scopes: tuple[str, ...] = SCOPES, **options: Any) -> AsyncGenerator[SignedIn]:
    """A portal at noon, with somebody signed in."""
    sandbox = Sandbox(clock=Clock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)), **options)
    async with sandbox.serve():
        world = SignedIn(sandbox, folder / "tokens.json", scopes)
        async with world.to_portal:
            await world.sign_in()
            yield world
    sandbox.close()
