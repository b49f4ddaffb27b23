"""From settings to a portal that is reached with OAuth 2.0 tokens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from ..rest import (
    Application,
    AuthorizationServer,
    InvalidAddress,
    OAuthCredentials,
    Portal,
    PortalError,
    TokenStore,
    connect,
    default_token_file,
    origin_of,
)
from .settings import InvalidSettings, Settings


def token_store(settings: Settings) -> TokenStore:
    """Where the tokens are kept.

    Raises:
        StorageFailed: In a keyring that is not there.

    """
    return TokenStore.at(settings.token_file or default_token_file())


def oauth_portal(settings: Settings) -> Callable[[], AbstractAsyncContextManager[Portal]]:
    """What opens the portal that somebody signed in to.

    Raises:
        InvalidSettings: Something is missing, nobody signed in, or it was to another portal.

    """
    if not settings.client_id or not settings.client_secret:
        raise InvalidSettings("BITRIX24_PORTAL needs BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET beside it")
    try:
        portal = origin_of(settings.portal, "BITRIX24_PORTAL")
        server = origin_of(settings.oauth_server, "BITRIX24_OAUTH_SERVER")
        application = Application(settings.client_id, settings.client_secret, server)
        credentials = OAuthCredentials.stored(AuthorizationServer(application), token_store(settings))
    except InvalidAddress as error:
        raise InvalidSettings(str(error)) from None
    except PortalError as error:
        raise InvalidSettings(f"{error.description}. {error.recovery}") from None
    if credentials.origin != portal:
        raise InvalidSettings(
            f"BITRIX24_PORTAL is {portal}, but the tokens in {credentials.store.name} are for {credentials.origin}: "
            "set it to that, or run `bitrix24-commerce-mcp login` again."
        )
    return lambda: connect(credentials, limits=settings.limits)
