"""The errors that the portal itself answers with, whatever the method (facts.md §2.3)."""

from __future__ import annotations

from .registry import Refusal

_TABLE = {
    "INTERNAL_SERVER_ERROR": (500, "Internal server error"),
    "QUERY_LIMIT_EXCEEDED": (503, "Too many requests"),
    "OPERATION_TIME_LIMIT": (429, "Method is blocked due to operation time limit."),
    "ERROR_BATCH_METHOD_NOT_ALLOWED": (405, "Method is not allowed for batch usage"),
    "ERROR_BATCH_LENGTH_EXCEEDED": (400, "Max batch length exceeded"),
    "INVALID_REQUEST": (400, "Https required"),
    "NO_AUTH_FOUND": (401, "Wrong authorization data"),
    "expired_token": (401, "The access token provided has expired"),
    "insufficient_scope": (403, "The request requires higher privileges than provided by the webhook token"),
    "INVALID_CREDENTIALS": (403, "Invalid request credentials"),
    "ERROR_METHOD_NOT_FOUND": (404, "Method not found!"),
}


def system_error(code: str, text: str = "") -> Refusal:
    """Give the documented system error of that code, with its HTTP status and, unless `text` says more, its text."""
    status, documented = _TABLE[code]
    return Refusal(code, text or documented, status=status)
