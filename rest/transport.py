"""The last step before the network: here, and only here, a request gets its secret.

Everything above (the HTTP client, its log, its exceptions) sees `https://host/rest/method`; what leaves the machine is
`https://host/rest/<user>/<code>/method`. A redirect is followed here too: its address repeats the secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import httpx2

from .address import Webhook, is_loopback
from .errors import Moved

TIMEOUT = httpx2.Timeout(connect=10.0, read=70.0, write=30.0, pool=70.0)
"""Seconds. The portal may take 60 s for one request (facts.md §3.2)."""
CONNECTIONS = httpx2.Limits(max_connections=30, max_keepalive_connections=30, keepalive_expiry=30.0)
_REDIRECTS = (301, 302, 307, 308)


class Credentials(Protocol):
    """What turns a public request into one that the portal accepts."""

    origin: str
    """Scheme, host and port of the portal: fit to be shown. Set anew when the portal has moved."""

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        """The same request, to `origin`, with the secret in it."""
        ...


class WebhookCredentials:
    """A webhook's secret path."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self.origin = webhook.origin

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        """The request with `/rest/` replaced by the webhook's secret path."""
        method = request.url.path.removeprefix("/rest/")
        return readdressed(request, httpx2.URL(self.origin + self._webhook.secret_path + method))


def readdressed(request: httpx2.Request, url: httpx2.URL) -> httpx2.Request:
    """The same request, method and body, to another address."""
    headers = request.headers.copy()
    headers["Host"] = url.netloc.decode("ascii")
    return httpx2.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)


class AuthorizingTransport(httpx2.AsyncBaseTransport):
    """Adds the credentials to each request, and follows a portal that has moved, once, with the body kept."""

    def __init__(
        self, credentials: Credentials, inner: httpx2.AsyncBaseTransport, *, moved: Callable[[str], None] | None = None
    ) -> None:
        self.credentials = credentials
        self._inner = inner
        self._moved = moved

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request with its secret.

        Raises:
            Moved: The portal answered with a redirect to somewhere we do not follow.
            httpx2.TransportError: As the inner transport does, holding the public request.

        """
        authorized = self.credentials.authorize(request)
        response = await self._send(authorized, public=request)
        if response.status_code not in _REDIRECTS:
            return response
        target = _target(authorized.url, response.headers.get("Location", ""))
        await response.aclose()
        response = await self._send(readdressed(authorized, target), public=request)
        if response.status_code in _REDIRECTS:
            await response.aclose()
            raise Moved("MOVED", f"{target.host} redirects once more", status=response.status_code)
        self.credentials.origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
        if self._moved is not None:
            self._moved(self.credentials.origin)
        return response

    async def _send(self, request: httpx2.Request, *, public: httpx2.Request) -> httpx2.Response:
        failure: httpx2.TransportError
        try:
            return await self._inner.handle_async_request(request)
        except httpx2.TransportError as error:
            failure = type(error)(str(error), request=public)
        raise failure

    async def aclose(self) -> None:
        """Close the inner transport's connections."""
        await self._inner.aclose()


def _target(sent: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads, if it is the same account and method at another host (facts.md §1.4)."""
    try:
        target = sent.join(location)
    except httpx2.InvalidURL:
        target = httpx2.URL("")
    host = target.host
    if not location or not host or target.userinfo or target == sent:
        raise Moved("MOVED", "the portal redirects to no usable address")
    if target.scheme != "https" and not (target.scheme == sent.scheme and is_loopback(host) and is_loopback(sent.host)):
        raise Moved("MOVED", f"the portal redirects to {host} without https, where the secret would travel in the open")
    if target.path != sent.path:
        raise Moved("MOVED", f"the portal redirects to {host}, but not to the same account and method there")
    return target
