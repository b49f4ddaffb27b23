"""Time as the client sees it: it can be looked at and waited for. Tests and benchmarks pass one that they move."""

from __future__ import annotations

from typing import Protocol

import anyio


class Clock(Protocol):
    """Seconds that only ever grow, counted from an arbitrary moment."""

    def now(self) -> float:
        """The present moment, in seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long; not at all when it is zero or less."""
        ...

    async def sleep_until(self, moment: float) -> None:
        """Wait until `now()` has reached the moment."""
        ...


class SystemClock:
    """The event loop's own clock: monotonic, and the one that cancel scopes go by."""

    def now(self) -> float:
        """The event loop's time. Only inside a running loop."""
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        if seconds > 0:
            await anyio.sleep(seconds)

    async def sleep_until(self, moment: float) -> None:
        """Wait until the event loop's time has reached the moment."""
        await self.sleep(moment - self.now())
