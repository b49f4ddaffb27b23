"""Ids that a caller gives to an operation, so that the same one asked for twice is carried out once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Generic, TypeVar, cast

import anyio

from .attempt import Memory, remembering
from .errors import InvalidArgument

T = TypeVar("T")


@dataclass(slots=True)
class _Entry(Generic[T]):
    fingerprint: str
    """Of the method and the arguments."""
    turn: anyio.Lock = field(default_factory=anyio.Lock)
    writes: Memory = field(default_factory=Memory)
    results: list[T] = field(default_factory=list[T])
    """One, or none yet."""


class RequestIds:
    """The operations with an id of this run, kept in memory, the oldest of more than `limit` forgotten.

    An operation that failed without changing anything frees its id. One whose writes are applied or in doubt keeps
    them: when it is asked for again, an applied write is not sent again, and one in doubt is looked at first.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._entries: dict[str, _Entry[Any]] = {}

    async def once(
        self, request_id: str, method: str, arguments: Mapping[str, Any], call: Callable[[], Awaitable[T]]
    ) -> T:
        """Run `call`, or give its first result again; while it is still running, wait for that.

        Without a request id, `call` is run.

        Raises:
            InvalidArgument: The id belongs to another operation, or to other arguments.
            PortalError: As `call` does.

        """
        if not request_id:
            return await call()
        fingerprint = sha256(json.dumps([method, arguments], sort_keys=True, default=str).encode()).hexdigest()
        entry = self._entries.get(request_id)
        if entry is None:
            entry = self._entries[request_id] = _Entry[T](fingerprint)
            while len(self._entries) > self._limit:
                del self._entries[next(iter(self._entries))]
        elif entry.fingerprint != fingerprint:
            raise InvalidArgument(
                "REQUEST_ID_REUSED",
                "this requestId was used for another call; nothing was sent",
                recovery="Use a new requestId for a new operation; the same one only to repeat the same call.",
            )
        return await self._run(request_id, cast("_Entry[T]", entry), call)

    async def _run(self, request_id: str, entry: _Entry[T], call: Callable[[], Awaitable[T]]) -> T:
        try:
            async with entry.turn:
                if not entry.results:
                    with remembering(entry.writes):
                        entry.results.append(await call())
                return entry.results[0]
        finally:
            unused = not entry.results and not entry.writes and not entry.turn.statistics().tasks_waiting
            if unused and self._entries.get(request_id) is entry:
                del self._entries[request_id]
