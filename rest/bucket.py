"""The portal's request limit, counted on our side: a bucket that each request fills by one and that leaks steadily."""

from __future__ import annotations

import math

import anyio

from .clock import Clock
from .limits import Limits

_JITTER = 0.25
"""Seconds by which one request may take longer to reach the portal than the one after it. What would leak in that
time stays free, so that the portal, which counts arrivals, never sees more than it allows."""


class Bucket:
    """A leaky bucket (facts.md §3.1).

    A request takes its place when it is sent, not when it queues. Places go in order of arrival; whoever gives up
    waiting leaves the queue, and nobody behind waits longer for it.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._rate = limits.per_second
        self._size = limits.burst - (limits.per_second or 0.0) * _JITTER
        self._clock = clock
        self._level = 0.0
        self._measured_at = -math.inf
        self._shut_until = -math.inf
        self._queue = anyio.Lock(fast_acquire=True)

    @property
    def room(self) -> float:
        """How many requests may be sent side by side at this moment."""
        return self._size - self._leaked()

    def wait_for(self, room: float) -> float:
        """The seconds until there is that much room, if nobody else takes any."""
        filled = max(0.0, room - self.room) / self._rate if self._rate else 0.0
        return round(max(filled, self._shut_until - self._clock.now()), 6)

    @property
    def queueing_time(self) -> float:
        """The seconds that a request would wait which came now, behind all others."""
        return self.wait_for(1 + self._queue.statistics().tasks_waiting + self._queue.locked())

    async def until(self, room: float) -> None:
        """Wait as long as it takes for that much room to form, without taking any."""
        await self._clock.sleep(self.wait_for(room))

    async def take(self) -> None:
        """Wait for a place, behind those who came earlier, and take it."""
        async with self._queue:
            while (seconds := self.wait_for(1)) > 0:
                await self._clock.sleep(seconds)
            if self._rate:
                self._level = self._leaked() + 1

    def overflow(self, seconds: float) -> None:
        """The portal has refused a request: others fill the same bucket. It counts as full, and is shut for a while."""
        if self._rate:
            self._level = max(self._leaked(), self._size)
        self._shut_until = max(self._shut_until, self._clock.now() + seconds)

    def _leaked(self) -> float:
        """The level at this moment."""
        if self._rate:
            now = self._clock.now()
            self._level = max(0.0, self._level - (now - self._measured_at) * self._rate)
            self._measured_at = now
        return self._level
