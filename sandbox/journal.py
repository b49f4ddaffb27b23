"""What was called and what really happened: the live log of REST calls, and the ledger of the writes carried out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT = 500
_LONGEST_ANSWER = 20_000
"""Bytes of an answer that an entry keeps, and of a body whose arguments it keeps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call as a person watches it. It never holds a webhook's code, a token or a client's secret."""

    number: int
    at: datetime
    method: str
    arguments: dict[str, Any]
    answer: str
    """JSON text as it was sent, cut if very long; empty when nothing was sent."""
    status: int | None
    """The HTTP status; None when the connection was dropped."""
    seconds: float
    user: str
    """Who called: `Anna Miller (webhook administrator)`; empty when that is not known."""
    in_batch: bool = False
    """A command of the `batch` call whose own entry follows."""
    fault: str = ""
    """The faults that struck the call, if any."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A writing call that was carried out, whatever became of its answer."""

    method: str
    parameters: dict[str, Any]
    result: object
    by: str
    """The name of the webhook or application."""


class Journal:
    """The last 500 calls, and whoever follows them."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.requests = 0
        """HTTP requests to REST methods since the start; a batch is one."""
        self._count = 0
        self._followers: set[asyncio.Queue[Entry | None]] = set()

    def record(
        self,
        at: datetime,
        method: str,
        arguments: dict[str, Any],
        answer: bytes,
        status: int | None,
        *,
        seconds: float = 0.0,
        user: str = "",
        in_batch: bool = False,
        by_rest: bool = True,
        fault: str = "",
    ) -> None:
        """Add a call and hand it to those who follow."""
        self._count += 1
        self.requests += by_rest and not in_batch
        text = answer[:_LONGEST_ANSWER].decode(errors="ignore")
        entry = Entry(self._count, at, method, arguments, text, status, seconds, user, in_batch, fault)
        self.entries.append(entry)
        for follower in self._followers:
            if follower.qsize() < KEPT:
                follower.put_nowait(entry)

    async def follow(self) -> AsyncIterator[Entry]:
        """Give the calls as they come, until `close`. A follower who is 500 calls behind misses some."""
        queue: asyncio.Queue[Entry | None] = asyncio.Queue()
        self._followers.add(queue)
        try:
            while (entry := await queue.get()) is not None:
                yield entry
        finally:
            self._followers.discard(queue)

    def close(self) -> None:
        """End every `follow`."""
        for follower in self._followers:
            follower.put_nowait(None)


def kept_arguments(parameters: dict[str, Any], size: int) -> dict[str, Any]:
    """Give what an entry shows of the arguments of a request with a body of `size` bytes."""
    return parameters if size <= _LONGEST_ANSWER else {"…": f"{size} bytes"}
