"""Secrets taken out of texts that somebody else wrote.

A portal's message, a malformed header or a redirect may repeat the address or the token that it was sent.
"""

from __future__ import annotations

from urllib.parse import quote

MASK = "…"


def masked(text: str, *secrets: str) -> str:
    """The text with every secret replaced by an ellipsis, as it is or percent-encoded."""
    for secret in filter(None, secrets):
        text = text.replace(secret, MASK).replace(quote(secret, safe=""), MASK)
    return text
