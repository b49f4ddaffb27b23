"""Where a portal is, and the secret that opens it.

The secret half of a webhook's address is put into a request by the transport, at the last moment (`transport.py`).
The HTTP library, its log lines and its exceptions only ever see the public half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

_WEBHOOK_PATH = re.compile(r"/rest/(?P<user>\d{1,10})/(?P<code>[A-Za-z0-9_-]{1,100})/?")
_EXAMPLE = "https://example.bitrix24.com/rest/1/<code>/"


class InvalidAddress(ValueError):
    """A portal address that cannot be used. The message never repeats the address, which may hold a secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An inbound webhook's address (facts.md §4.1). Only `origin` and `user_id` are fit to be shown."""

    origin: str
    """Scheme, host and port."""
    user_id: int
    code: str = field(repr=False)

    @property
    def secret_path(self) -> str:
        """The path that every method's name is appended to. A secret."""
        return f"/rest/{self.user_id}/{self.code}/"

    @classmethod
    def parse(cls, text: str) -> Webhook:
        """Read a webhook address as the portal shows it.

        Raises:
            InvalidAddress: Not such an address, or plain http to a host that is not loopback.

        """
        origin, path = _parts(text, "the webhook address", _EXAMPLE)
        match = _WEBHOOK_PATH.fullmatch(path)
        if match is None:
            raise InvalidAddress(
                f"the webhook address needs the path /rest/<user id>/<code>/; it looks like {_EXAMPLE}"
            )
        return cls(origin, int(match["user"]), match["code"])


def origin_of(text: str, what: str = "the portal's address") -> str:
    """Scheme, host and port of an address that a person typed, with or without `https://`; a path is left out.

    Raises:
        InvalidAddress: Not an address, or plain http to a host that is not loopback; `what` names it.

    """
    typed = text.strip()
    return _parts(typed if "://" in typed else f"https://{typed}", what, "https://example.bitrix24.com")[0]


def _parts(text: str, what: str, example: str) -> tuple[str, str]:
    """Origin and path of an address that is fit to carry a secret."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        parts = host = port = None
    if parts is None:  # Raised here, so that the library's error, which repeats the address, is not its context.
        raise InvalidAddress(f"{what} is malformed; it looks like {example}")
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidAddress(f"{what} must begin with https:// and a host; it looks like {example}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidAddress(f"{what} must hold nothing but host and path; it looks like {example}")
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidAddress(f"{what} must use https: plain http would send the secret in the open")
    authority = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{authority}{f':{port}' if port else ''}", parts.path


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
