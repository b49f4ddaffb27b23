"""What a caller gets instead of an answer when a fault strikes."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope, Send

    from .faults import Fault

_PAGE = "<!DOCTYPE html><html><head><title>Service</title></head><body><h1>Please try again later</h1></body></html>"


class ConnectionDropped(Exception):
    """The portal closed the connection without an answer. Raised where there is no connection: in plain ASGI calls."""


class Dropped(Response):
    """No answer: the connection is closed, or reset."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the connection that a request came by, below HTTP."""
        transport: asyncio.Transport | None = scope.get("state", {}).get("transport")
        if transport is None:
            raise ConnectionDropped
        if self._reset:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def broken_answer(fault: Fault, request: Request, answer: bytes) -> Response | None:
    """Give what a fault sends in place of `answer`; None when it leaves it alone."""
    match fault.kind:
        case "reply_lost" | "reset":
            return Dropped(reset=fault.kind == "reset")
        case "html":
            return HTMLResponse(_PAGE)
        case "empty":
            return Response(media_type="application/json")
        case "cut_off":
            return Response(answer[: len(answer) // 2], media_type="application/json")
        case "redirect":
            return _redirect(fault, request)
        case _:
            return None


def _redirect(fault: Fault, request: Request) -> Response | None:
    old = request.url
    base = fault.location or f"{old.scheme}://localhost{f':{old.port}' if old.port else ''}"
    new = base.rstrip("/") + old.path + (f"?{old.query}" if old.query else "")
    return None if str(old).startswith(f"{base.rstrip('/')}/") else RedirectResponse(new, 302)
