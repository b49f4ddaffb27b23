"""A client with known secrets, before a server that repeats them."""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from bitrix24_commerce.rest import (
    Application,
    AuthorizationServer,
    OAuthCredentials,
    Portal,
    TokenStore,
    Webhook,
    WebhookCredentials,
    connect,
)
from bitrix24_commerce.rest.limits import SELF_HOSTED
from bitrix24_commerce.rest.tokens import Tokens
from bitrix24_commerce.rest.transport import Credentials

from .tattler import Tattler, listening, tattler

CODE = "wq0rhj4m8fxz1v2k"
ACCESS = "acce55f7b0a1c2d3e4f5"
REFRESH = "refre5hf7b0a1c2d3e4f5"
CLIENT_SECRET = "cl1ent5ecretf7b0a1c2"
GRANT = "gran7c0def7b0a1c2d3e4"
SECRETS = (CODE, ACCESS, REFRESH, CLIENT_SECRET, GRANT)

CERTIFICATES = ssl.create_default_context()
"""Made once: it takes longer than a call."""
READ = ("crm.item.payment.list", {"entityId": 13142, "entityTypeId": 2})
WRITE = ("crm.item.payment.pay", {"id": 1041})
ECHO = b"{target} {token}"


def http(status: str, body: bytes, *headers: bytes, kind: bytes = b"application/json") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\n" % (status.encode(), kind)
    return head + b"".join(header + b"\r\n" for header in headers) + b"Connection: close\r\n\r\n" + body


def no(code: str, status: str = "400 Bad Request") -> bytes:
    return http(status, b'{"error": "%s", "error_description": "Wrong: %s"}' % (code.encode(), ECHO))


def sent_to(location: bytes, status: str = "302 Found") -> bytes:
    return http(status, b"<html>%s</html>" % location, b"Location: " + location, kind=b"text/html")


def webhook(origin: str, folder: Path) -> Credentials:
    return WebhookCredentials(Webhook.parse(f"{origin}/rest/1/{CODE}/"))


def oauth(origin: str, folder: Path) -> Credentials:
    store = TokenStore.at(folder / "tokens.json")
    store.save(Tokens(ACCESS, REFRESH, origin, "a223c6b3710f85df"))
    return OAuthCredentials.stored(AuthorizationServer(Application("local.5f", CLIENT_SECRET, origin)), store)


Make = Callable[[str, Path], Credentials]
either = pytest.mark.parametrize("make", [webhook, oauth])


@asynccontextmanager
async def open_portal(make: Make, folder: Path) -> AsyncGenerator[tuple[Portal, Tattler, list[logging.LogRecord]]]:
    """The whole client before a server that tattles."""
    with listening() as records:
        transport = httpx2.AsyncHTTPTransport(verify=CERTIFICATES)
        async with (
            tattler() as server,
            connect(make(server.origin, folder), limits=SELF_HOSTED, transport=transport) as portal,
        ):
            yield portal, server, records
