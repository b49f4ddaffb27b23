"""The shared REST client: one portal, spoken to over one pooled connection. It knows nothing of MCP."""

from .address import InvalidAddress, Webhook, origin_of
from .authorization_server import Application, AuthorizationServer
from .connection import Answer
from .errors import Outcome, PortalError
from .oauth import OAuthCredentials
from .portal import Portal, connect
from .token_store import TokenStore, default_token_file
from .transport import WebhookCredentials

__all__ = [
    "Answer",
    "Application",
    "AuthorizationServer",
    "InvalidAddress",
    "OAuthCredentials",
    "Outcome",
    "Portal",
    "PortalError",
    "TokenStore",
    "Webhook",
    "WebhookCredentials",
    "connect",
    "default_token_file",
    "origin_of",
]
