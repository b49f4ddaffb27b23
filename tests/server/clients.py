"""A real MCP client on one end of the wire, a real HTTP portal on the other, and a person who can be asked."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any, Literal

import httpx2
from anyio.lowlevel import checkpoint
from bitrix24_commerce.rest import Portal as RestPortal
from bitrix24_commerce.rest import WebhookCredentials, connect
from bitrix24_commerce.rest.limits import SELF_HOSTED, STANDARD
from bitrix24_commerce.rest.transport import CONNECTIONS
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.registry import METHODS
from bitrix24_commerce.server.app import CommerceServer
from bitrix24_commerce.server.settings import Settings
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.session import ElicitationFnT
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent

Era = Literal["auto", "legacy"]
Reaction = Literal["decline", "cancel"] | Mapping[str, bool]
AGREES: Reaction = {"confirm": True}
ERAS: tuple[Era, ...] = ("auto", "legacy")
"""`auto` speaks the protocol of 2026-07-28, `legacy` the one before."""


class HastyClock:
    """The client's clock, on which every wait is over at once: what takes a minute on a portal takes none here."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += max(0.0, seconds)
        await checkpoint()

    async def sleep_until(self, moment: float) -> None:
        await self.sleep(moment - self._now)


class Person:
    """Somebody at a host who is asked: the first reaction answers the first question, the last one all that follow.

    `decline`, `cancel`, or the content of the form that was accepted. `asked` holds the questions as they read them;
    `meanwhile` happens while they think about the first one.
    """

    def __init__(self, *reactions: Reaction, meanwhile: Callable[[], object] | None = None) -> None:
        self._reactions = reactions
        self._meanwhile = meanwhile
        self.asked: list[str] = []

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        reaction = self._reactions[min(len(self.asked), len(self._reactions) - 1)]
        self.asked.append(params.message)
        if self._meanwhile is not None:
            self._meanwhile()
            self._meanwhile = None
        if isinstance(reaction, str):
            return ElicitResult(action=reaction)
        return ElicitResult(action="accept", content={**reaction})


@cache
def _tls() -> ssl.SSLContext:
    """One for all: to load the certificates of the world takes longer than a test, and nobody here needs them."""
    return ssl.create_default_context()


@asynccontextmanager
async def client_of(
    webhook_url: str, *, mode: Era = "auto", person: ElicitationFnT | None = None, hasty: bool = False, **settings: Any
) -> AsyncGenerator[Client]:
    """A client of a server that works on the portal behind a webhook.

    Without a person nobody can be asked. `hasty` lets the server's waits be over at once.
    """
    chosen = Settings(webhook_url=webhook_url, **settings)
    credentials, clock = WebhookCredentials(chosen.webhook()), HastyClock() if hasty else None
    limits = STANDARD if hasty else SELF_HOSTED

    def open_portal() -> AbstractAsyncContextManager[RestPortal]:
        transport = httpx2.AsyncHTTPTransport(verify=_tls(), limits=CONNECTIONS)
        return connect(credentials, limits=limits, clock=clock, transport=transport)

    server = CommerceServer(chosen, open_portal)
    async with Client(server, mode=mode, elicitation_callback=person) as client:
        yield client


def text_of(result: CallToolResult) -> str:
    """What the model reads."""
    (block,) = [each for each in result.content if isinstance(each, TextContent)]
    return block.text


def content_of(result: CallToolResult) -> dict[str, Any]:
    """The structured content of a call that succeeded."""
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return result.structured_content


def failure_of(result: CallToolResult) -> str:
    """What the model reads of a call that failed."""
    assert result.is_error, text_of(result)
    assert result.structured_content is None
    return text_of(result)


def writes(method: str) -> bool:
    """Whether a REST method changes anything, as the embedded portal has it."""
    return METHODS[method.lower()].writes


def writes_that_reached(sandbox: Portal) -> list[str]:
    """The writing methods that were called on the embedded portal, whether or not it carried them out."""
    return [each.method for each in sandbox.journal.entries if writes(each.method)]


def carried_out(sandbox: Portal) -> list[str]:
    """The writing methods that the embedded portal carried out for us, not for another user."""
    return [each.method for each in sandbox.ledger if each.by.startswith("webhook ")]
