"""One request, one answer: the JSON of a REST method over HTTP, or the error that it became."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Protocol, cast

import httpx2

from .error_codes import refused
from .errors import NoReply, ServerFailure, Unreachable, UnreadableReply
from .methods import writes
from .numbers import json_number
from .transport import TIMEOUT, AuthorizingTransport, Credentials, NetworkTransport

_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.ProxyError,
)
_AGENT = f"bitrix24-commerce-mcp/{version('bitrix24-commerce-mcp')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal gave: the result, and what stands beside it in the envelope (facts.md §1.2)."""

    result: Any
    total: int | None = None
    next: int | None = None
    time: Mapping[str, Any] | None = None
    """`operating`, `operating_reset_at`, `duration`, …; every key is optional."""


class Sender(Protocol):
    """What carries a call on: the connection, or a policy around it."""

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry out one REST method.

        Raises:
            PortalError: No result.

        """
        ...


class Connection:
    """A pooled, kept-alive HTTP connection to one portal. It tries once, and tells precisely what it saw."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        timeout: httpx2.Timeout = TIMEOUT,
        moved: Callable[[str], None] | None = None,
    ) -> None:
        self._credentials = credentials
        self._timeout = timeout
        self._client = httpx2.AsyncClient(
            transport=AuthorizingTransport(credentials, transport or NetworkTransport(), moved=moved),
            timeout=timeout,
            headers={"Accept": "application/json", "User-Agent": _AGENT},
            follow_redirects=False,
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port of the portal: fit to be shown."""
        return self._credentials.origin

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Post one method's JSON and read its answer.

        Raises:
            Refusal: The portal said no.
            Unreachable: Nothing was sent.
            Moved: The portal redirects to where we do not follow.
            ReplyLost: Sent, but no readable answer.

        """
        body = json.dumps(parameters, default=_encode, allow_nan=False).encode()
        failure: Unreachable | NoReply
        try:
            response = await self._client.post(
                f"{self.origin}/rest/{method}", content=body, headers={"Content-Type": "application/json"}
            )
        except _NEVER_SENT as error:
            failure = Unreachable("UNREACHABLE", f"{self.origin} cannot be reached ({self._reason(error)})")
        except httpx2.TimeoutException:
            seconds = self._timeout.read
            failure = NoReply("TIMEOUT", f"{self.origin} gave no answer within {seconds:g} s", writes=writes(method))
        except httpx2.RequestError as error:
            failure = NoReply("NO_REPLY", f"the connection broke ({self._reason(error)})", writes=writes(method))
        else:
            return _read(response, writes=writes(method), hide=self._credentials.hide)
        raise failure

    async def aclose(self) -> None:
        """Close the pooled connections."""
        await self._client.aclose()

    def _reason(self, error: Exception) -> str:
        return self._credentials.hide(str(error).strip()) or type(error).__name__


def _encode(value: object) -> int | float:
    if isinstance(value, Decimal):
        return json_number(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _read(response: httpx2.Response, *, writes: bool, hide: Callable[[str], str]) -> Answer:
    status = response.status_code
    try:
        body: object = json.loads(response.content, parse_float=Decimal, parse_constant=_not_json)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise _unreadable(response, writes=writes)
    envelope = cast("dict[str, Any]", body)
    if "error" in envelope:
        code, description = envelope["error"], envelope.get("error_description") or ""
        raise refused(hide(str(code)), hide(str(description)), status=status, writes=writes)
    if not 200 <= status < 300 or "result" not in envelope:
        raise _unreadable(response, writes=writes)
    time = envelope.get("time")
    return Answer(
        envelope["result"],
        total=_count(envelope.get("total")),
        next=_count(envelope.get("next")),
        time=cast("dict[str, Any]", time) if isinstance(time, dict) else None,
    )


def _not_json(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _unreadable(response: httpx2.Response, *, writes: bool) -> ServerFailure | UnreadableReply:
    """What an answer that is no envelope looks like, without repeating any of it."""
    status = response.status_code
    text = response.content.lstrip()
    if not text:
        what = "an empty body"
    elif text.startswith(b"<"):
        what = "an HTML page instead of JSON"
    elif text.startswith((b"{", b"[")):
        what = "JSON that is cut off or not the API's"
    else:
        what = "something that is not JSON"
    if status >= 500:
        return ServerFailure(
            f"HTTP_{status}", f"the portal answered with HTTP {status} and {what}", writes=writes, status=status
        )
    return UnreadableReply(
        f"HTTP_{status}", f"the portal answered with HTTP {status} and {what}", writes=writes, status=status
    )
