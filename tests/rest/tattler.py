"""A server that repeats every secret it is sent, and a detective who looks for them in all that a client leaves."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import anyio
from anyio.abc import SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

HANG_UP, STALL = b"<hang up>", b"<stall>"


class Tattler:
    """Answers over TCP with a template, in which `{target}`, `{token}` and so on are what came in.

    `replies` maps the beginning of a path to its answers, one after the other; the last one stays.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.replies: dict[str, list[bytes]] = {}
        self.heard: list[str] = []
        """Every head that came in, as proof that the secret was sent."""

    def answer(self, *replies: bytes, to: str = "/rest/") -> None:
        self.replies[to] = list(replies)

    async def serve(self, stream: SocketStream) -> None:
        async with stream:
            received = BufferedByteReceiveStream(stream)
            head = (await received.receive_until(b"\r\n\r\n", 65_536)).decode("latin-1")
            self.heard.append(head)
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            await received.receive_exactly(int(headers.get("content-length", 0)))
            target = head.split(" ")[1]
            replies = next(each for path, each in self.replies.items() if target.startswith(path))
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            if reply == STALL:
                await anyio.sleep(3600)
            token = headers.get("authorization", "").removeprefix("bearer ")
            known = {"target": target, "token": token, "secret": token or target.split("/")[3], "origin": self.origin}
            for name, value in known.items():
                reply = reply.replace(b"{%s}" % name.encode(), value.encode())
            if reply != HANG_UP:
                await stream.send(reply)


@asynccontextmanager
async def tattler() -> AsyncGenerator[Tattler]:
    """A tattler on a free port of this machine."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    port: int = listener.extra(SocketAttribute.local_port)  # noqa: S610 - no Django here
    server = Tattler(f"http://127.0.0.1:{port}")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


@contextmanager
def listening() -> Generator[list[logging.LogRecord]]:
    """Every record of every library, at DEBUG."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    root, keeper = logging.getLogger(), Keeper()
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    try:
        yield records
    finally:
        root.removeHandler(keeper)
        root.setLevel(before)


def leaks(thing: object, secrets: tuple[str, ...]) -> list[str]:
    """Where a secret stands in a thing: in its text, its attributes, its arguments, its causes, and in theirs.

    An exception is walked whole, but for the local variables of its traceback's frames: what sends a secret holds it.
    """
    return [
        f"{path}: {text[:200]}"
        for path, text in _texts(thing, type(thing).__name__, set())
        if any(secret.lower() in text.lower() for secret in secrets)
    ]


def _texts(thing: object, path: str, seen: set[int]) -> Iterator[tuple[str, str]]:
    if id(thing) in seen or len(seen) > 20_000:
        return
    seen.add(id(thing))
    if isinstance(thing, bytes | bytearray):
        yield path, thing.decode("latin-1")
        return
    yield path, f"{thing!r}"
    yield path, f"{thing!s}"
    for name, part in _parts(thing):
        yield from _texts(part, f"{path}.{name}", seen)


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    if isinstance(thing, Mapping):
        for key, value in cast("Mapping[Any, Any]", thing).items():
            yield f"key {key!r}", key
            yield f"[{key!r}]", value
    elif isinstance(thing, list | tuple | set | frozenset):
        for index, each in enumerate(cast("list[Any]", thing)):
            yield f"[{index}]", each
    elif isinstance(thing, logging.LogRecord):
        yield "message", thing.getMessage()
        yield from vars(thing).items()
    elif isinstance(thing, BaseException):
        yield "traceback", "".join(traceback.format_exception(thing))
        for name in dir(thing):
            if name in ("__cause__", "__context__", "__dict__", "__notes__") or not name.startswith("__"):
                yield from _attribute(thing, name)
    elif type(thing).__module__.partition(".")[0] in ("httpx2", "httpcore2", "h11"):
        for name in dir(thing):
            if not name.startswith("__"):
                yield from _attribute(thing, name)


def _attribute(thing: object, name: str) -> Iterator[tuple[str, object]]:
    try:
        value = getattr(thing, name)
    except Exception:  # a property that has nothing to give
        return
    if not callable(value):
        yield name, value
