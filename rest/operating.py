"""The operating time that each method has used, as the portal's answers tell it (facts.md §3.2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio

from .clock import Clock

_SLOWED_FROM = 0.8
"""The share of the limit from which on a method is slowed."""
_OLDEST_MINUTE = 60.0
"""Seconds until some of the time comes back, where the portal does not tell."""


@dataclass(slots=True)
class _Use:
    """What a method has used, by its latest answer."""

    seconds: float = 0.0
    cost: float = 0.0
    """What its latest call took."""
    falls_at: float = -math.inf
    """When some of it comes back, by our clock."""
    next_at: float = -math.inf
    """When the next call may go."""
    queue: anyio.Lock = field(default_factory=lambda: anyio.Lock(fast_acquire=True))


class Operating:
    """Spreads a method's calls out before the portal has to block it.

    A method that has used most of its limit makes a pause after each call, so long that what is left lasts until some
    of the used time comes back. One that has used all waits until then. Each method has a queue of its own.
    """

    def __init__(self, limit: float | None, clock: Clock, *, slowed_from: float = _SLOWED_FROM) -> None:
        self._limit = math.inf if limit is None else limit
        self._slowed_from = slowed_from
        self._clock = clock
        self._uses: dict[str, _Use] = {}

    def slows(self, method: str) -> bool:
        """Whether the method is near its limit, or past it."""
        use = self._uses.get(method)
        return use is not None and use.seconds >= self._limit * self._slowed_from and self._clock.now() < use.falls_at

    def queueing_time(self, method: str) -> float:
        """The seconds that a call of the method would wait which came now, behind all others."""
        if not self.slows(method):
            return 0.0
        use = self._uses[method]
        waiting = use.queue.statistics().tasks_waiting + use.queue.locked()
        return min(self._pause(use) + waiting * self._interval(use), use.falls_at - self._clock.now())

    async def wait(self, method: str) -> None:
        """Wait until the method may be called, behind those who came earlier."""
        if not self.slows(method):
            return
        use = self._uses[method]
        async with use.queue:
            while self.slows(method) and (seconds := self._pause(use)) > 0:
                await self._clock.sleep(seconds)
            use.next_at = self._clock.now() + self._interval(use)

    def learn(self, method: str, time: Mapping[str, Any]) -> None:
        """Take in the `time` of an answer."""
        seconds, reset, finish = (_number(time.get(key)) for key in ("operating", "operating_reset_at", "finish"))
        if seconds is None:
            return
        use = self._uses.setdefault(method, _Use())
        use.cost = max(seconds - use.seconds, 0.0) or use.cost
        use.seconds = seconds
        use.falls_at = self._clock.now() + (_OLDEST_MINUTE if reset is None or finish is None else reset - finish)

    def exhausted(self, method: str) -> None:
        """The portal has refused the method for its operating time, so that more was used than we were told."""
        use = self._uses.setdefault(method, _Use())
        use.seconds = math.inf
        if use.falls_at <= self._clock.now():
            use.falls_at = self._clock.now() + _OLDEST_MINUTE

    def _pause(self, use: _Use) -> float:
        used_up = use.seconds > self._limit or use.seconds == math.inf
        return round(max(0.0, (use.falls_at if used_up else use.next_at) - self._clock.now()), 6)

    def _interval(self, use: _Use) -> float:
        """The time from one call to the next, with which the rest of the limit lasts until `falls_at`."""
        until = max(0.0, use.falls_at - self._clock.now())
        left = self._limit - use.seconds
        return until * min(1.0, use.cost / left) if left > 0 else until


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
