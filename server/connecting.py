"""From settings to the portal that a server's calls go to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from ..rest import Portal, Webhook, WebhookCredentials, connect
from ..rest.limits import SELF_HOSTED, Limits
from .settings import InvalidSettings, Settings

if TYPE_CHECKING:
    from ..sandbox import Portal as SandboxPortal

NOT_CONFIGURED = """No portal is configured. There are two ways to start:
  bitrix24-commerce-mcp --sandbox              try it on the embedded portal, no account needed
  BITRIX24_WEBHOOK_URL=https://<portal>/rest/<user>/<code>/ bitrix24-commerce-mcp
                                               work on your portal, through an inbound webhook
With OAuth 2.0 instead of a webhook: set BITRIX24_PORTAL, BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET, and run
`bitrix24-commerce-mcp login` once."""


def portal_opener(
    settings: Settings, sandbox: Callable[[], SandboxPortal] | None = None
) -> Callable[[], AbstractAsyncContextManager[Portal]]:
    """What opens the configured portal for as long as a server runs.

    Raises:
        InvalidSettings: No portal is configured, or more than one, or its address cannot be used.

    """
    if sandbox is not None:
        return lambda: _embedded(sandbox())
    if settings.webhook_url and settings.portal:
        raise InvalidSettings("both BITRIX24_WEBHOOK_URL and BITRIX24_PORTAL are set: choose one")
    if settings.webhook_url:
        webhook = settings.webhook()
        return lambda: webhook_portal(webhook, settings.limits)
    if settings.portal:
        from .oauth_portal import oauth_portal

        return oauth_portal(settings)
    raise InvalidSettings(NOT_CONFIGURED)


@asynccontextmanager
async def webhook_portal(webhook: Webhook, limits: Limits) -> AsyncGenerator[Portal]:
    """A portal behind a webhook."""
    async with connect(WebhookCredentials(webhook), limits=limits) as portal:
        yield portal


@asynccontextmanager
async def _embedded(sandbox: SandboxPortal) -> AsyncGenerator[Portal]:
    async with sandbox.serve(), webhook_portal(Webhook.parse(sandbox.webhook_url()), SELF_HOSTED) as portal:
        yield portal
