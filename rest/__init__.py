"""The shared REST client: one portal, spoken to over one pooled connection. It knows nothing of MCP."""

from .address import InvalidAddress, Webhook
from .connection import Answer
from .errors import Outcome, PortalError
from .portal import Portal, connect
from .transport import WebhookCredentials

__all__ = ["Answer", "InvalidAddress", "Outcome", "Portal", "PortalError", "Webhook", "WebhookCredentials", "connect"]
