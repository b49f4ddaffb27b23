"""The last step before the network: here, and only here, a request gets its secret.

Everything above (the HTTP client, its log, its exceptions) sees `https://host/rest/method`; what leaves the machine is
`https://host/rest/<user>/<code>/method`, or carries an access token. A redirect is followed here too: its address
repeats a webhook's secret.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import httpx2

from .address import Webhook, is_loopback
from .errors import Moved
from .masking import masked

TIMEOUT = httpx2.Timeout(connect=10.0, read=70.0, write=30.0, pool=70.0)
"""Seconds. The portal may take 60 s for one request (facts.md §3.2)."""
CONNECTIONS = httpx2.Limits(max_connections=30, max_keepalive_connections=30, keepalive_expiry=30.0)
# Not 303: it says that the request was carried out, and that its answer is to be fetched elsewhere.
_REDIRECTS = (301, 302, 307, 308)

_logger = logging.getLogger(__name__)


class Credentials(Protocol):
    """What turns a public request into one that the other side accepts."""

    origin: str
    """Scheme, host and port: fit to be shown. Set anew when the portal has moved."""

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        """The same request, to `origin`, with the secret in it."""
        ...

    def hide(self, text: str) -> str:
        """A text from the other side without the secret, should it repeat it."""
        ...


class WebhookCredentials:
    """A webhook's secret path."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._addresses: dict[str, httpx2.URL] = {}
        """Where each method is, by its public address: parsing one takes as long as everything else here."""
        self.origin = webhook.origin

    def authorize(self, request: httpx2.Request) -> httpx2.Request:
        """The request with `/rest/` replaced by the webhook's secret path."""
        public = f"{self.origin}{request.url.path}"
        address = self._addresses.get(public)
        if address is None:
            secret_path = self._webhook.secret_path + request.url.path.removeprefix("/rest/")
            address = self._addresses[public] = httpx2.URL(self.origin + secret_path)
        return readdressed(request, address)

    def hide(self, text: str) -> str:
        """The text without the webhook's code."""
        return masked(text, self._webhook.code)


def readdressed(request: httpx2.Request, url: httpx2.URL) -> httpx2.Request:
    """The same request, method and body, to another address."""
    headers = request.headers.copy()
    headers["Host"] = url.netloc.decode("ascii")
    return httpx2.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)


class NetworkTransport(httpx2.AsyncBaseTransport):
    """The network, from the first request on: loading the certificates of the system takes its time."""

    def __init__(self) -> None:
        self._http: httpx2.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request over a pooled connection."""
        if self._http is None:
            self._http = httpx2.AsyncHTTPTransport(limits=CONNECTIONS)
        return await self._http.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the pooled connections, if there are any."""
        if self._http is not None:
            await self._http.aclose()


class AuthorizingTransport(httpx2.AsyncBaseTransport):
    """Adds the credentials to each request, and follows a portal that has moved, once, with the body kept.

    `moved` is told the new address. Without `follow` a redirect is an answer like any other.
    """

    def __init__(
        self,
        credentials: Credentials,
        inner: httpx2.AsyncBaseTransport,
        *,
        moved: Callable[[str], None] | None = None,
        follow: bool = True,
    ) -> None:
        # At DEBUG httpcore2 writes the headers of every answer into the log, and a redirect's repeat the secret.
        logging.getLogger("httpcore2").setLevel(logging.WARNING)
        self._credentials = credentials
        self._inner = inner
        self._moved = moved
        self._follow = follow

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request with its secret.

        Raises:
            Moved: The portal answered with a redirect to somewhere we do not follow.
            httpx2.TransportError: As the inner transport does, holding the public request.

        """
        authorized = self._credentials.authorize(request)
        response = await self._send(authorized, public=request)
        if self._follow and response.status_code in _REDIRECTS:
            await response.aclose()
            response = await self._repeat(authorized, response.headers.get("Location", ""), public=request)
        response.extensions.pop("reason_phrase", None)  # The client above would log it, whatever it repeats.
        # With its session's cookie the portal would carry out calls that are sent side by side one after the other.
        response.headers.pop("Set-Cookie", None)
        return response

    async def _repeat(self, authorized: httpx2.Request, location: str, *, public: httpx2.Request) -> httpx2.Response:
        target = self._target(authorized.url, location)
        response = await self._send(readdressed(authorized, target), public=public)
        if response.status_code in _REDIRECTS:
            await response.aclose()
            raise self._astray(f"redirects to {target.host}, which redirects once more")
        origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
        # A page of somebody who answers for everything at that address is no portal, and not to be remembered.
        answers_json = response.headers.get("Content-Type", "").startswith("application/json")
        if answers_json and origin != self._credentials.origin:
            self._credentials.origin = origin
            _logger.warning("the portal has moved to %s", origin)
            if self._moved is not None:
                self._moved(origin)
        return response

    async def _send(self, request: httpx2.Request, *, public: httpx2.Request) -> httpx2.Response:
        failure: httpx2.TransportError
        try:
            return await self._inner.handle_async_request(request)
        except httpx2.TransportError as error:
            failure = type(error)(self._credentials.hide(str(error)), request=public)
        raise failure

    async def aclose(self) -> None:
        """Close the inner transport's connections."""
        await self._inner.aclose()

    def _target(self, sent: httpx2.URL, location: str) -> httpx2.URL:
        """Where a redirect leads, if it is the same account and method at another host (facts.md §1.4).

        The account is the path for a webhook: it holds the user and the code. An access token is good at one portal
        alone, so for OAuth the path says only that the method is the same; that the portal is the same is checked by
        its `member_id` when the token is refreshed (`oauth.py`).
        """
        try:
            target = sent.join(location)
        except (httpx2.InvalidURL, ValueError):
            target = httpx2.URL("")
        host = target.host
        real = host and "%" not in host and (target.port or 0) < 65536
        if not location or not real or target.userinfo or target == sent:
            raise self._astray("redirects to no usable address")
        secure = target.scheme == "https"
        local = target.scheme == sent.scheme and is_loopback(host)
        if not secure and not local:
            raise self._astray(f"redirects to {host} without https, where the secret would travel in the open")
        if target.raw_path != sent.raw_path:
            raise self._astray(f"redirects to {host}, but not to the same account and method there")
        return target

    def _astray(self, what: str) -> Moved:
        return Moved("MOVED", self._credentials.hide(f"the portal {what}"))
