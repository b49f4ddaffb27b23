"""A page on this machine that a browser is sent back to: it takes one answer and is gone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio.abc import Listener, SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

T = TypeVar("T")

_HEAD_BYTES = 16_384
_VISIT_SECONDS = 10.0
_BROKEN = (anyio.BrokenResourceError, anyio.EndOfStream, anyio.IncompleteRead, anyio.DelimiterNotFound)
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:1.2rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}}</style></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy: no-referrer",
    "Cache-Control: no-store",
    "Connection: close",
)


class NotTheAnswer(ValueError):
    """A visit that does not bring what is waited for. The message is shown to the visitor: it holds nothing of his."""


async def listen(port: int) -> Listener[SocketStream]:
    """Open the page's port on 127.0.0.1; 0 takes a free one.

    Raises:
        OSError: The port is taken.

    """
    return await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=port)


def address(listener: Listener[SocketStream]) -> str:
    """Where the browser finds the page."""
    return f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}/"  # noqa: S610 - no Django here


async def first_answer(listener: Listener[SocketStream], read: Callable[[str], T]) -> T:
    """Wait for a visit whose path and query `read` accepts. Others are told that they are wrong, and waited on."""
    answers: list[T] = []
    with anyio.CancelScope() as scope:

        async def visit(stream: SocketStream) -> None:
            with anyio.move_on_after(_VISIT_SECONDS), contextlib.suppress(*_BROKEN):
                async with stream:
                    await stream.send(_reply(await _target(stream), read, answers))
            if answers:
                scope.cancel()

        await listener.serve(visit)
    return answers[0]


async def _target(stream: SocketStream) -> str:
    """Path and query of a request; empty if it is none."""
    head = await BufferedByteReceiveStream(stream).receive_until(b"\r\n\r\n", _HEAD_BYTES)
    return head.decode("latin-1").partition(" ")[2].partition(" ")[0]


def _reply(target: str, read: Callable[[str], T], answers: list[T]) -> bytes:
    try:
        answers.append(read(target))
        status, title, text = "200 OK", "Almost done", "You can close this page and go back to the terminal."
    except NotTheAnswer as why:
        status, title, text = "400 Bad Request", "Not signed in", str(why)
    body = _PAGE.format(title=title, text=text).encode()
    return "\r\n".join([f"HTTP/1.1 {status}", *_HEADERS, f"Content-Length: {len(body)}", "", ""]).encode() + body
