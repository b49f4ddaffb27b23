"""The portal's clock: the one place of the sandbox that knows the time and that waits."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone


class Clock:
    """Runs with the computer's clock, or stands still at `start` until it is moved.

    `offset` is the portal's distance from UTC. `set` and `advance` move either kind; whoever sleeps past the new time
    wakes up. They may be called from any thread.
    """

    def __init__(self, start: datetime | None = None, *, offset: timedelta = timedelta(hours=2)) -> None:
        self.zone = timezone(offset)
        self._standing = start.timestamp() if start else None
        self._shift = 0.0
        self._sleepers: dict[asyncio.Future[None], float] = {}

    def timestamp(self) -> float:
        """Give the seconds since 1970."""
        return time.time() + self._shift if self._standing is None else self._standing

    def now(self) -> datetime:
        """Give the time with the portal's offset."""
        return datetime.fromtimestamp(self.timestamp(), self.zone)

    def set(self, moment: datetime) -> None:
        """Move the clock to a time; without an offset it is in the portal's. Raises ValueError outside 1971 to 8999."""
        if not 1970 < moment.year < 9000:
            raise ValueError(f"no time for a portal: {moment}")
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).timestamp()
        if self._standing is None:
            self._shift = seconds - time.time()
        else:
            self._standing = seconds
        for sleeper, due in list(self._sleepers.items()):
            if due <= seconds:
                sleeper.get_loop().call_soon_threadsafe(_wake, sleeper)

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.set(self.now() + timedelta(seconds=seconds))

    @property
    def next_wake(self) -> float | None:
        """The seconds until the first sleeper wakes; None when nobody sleeps."""
        return max(0.0, min(self._sleepers.values()) - self.timestamp()) if self._sleepers else None

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock shows that many seconds more."""
        loop = asyncio.get_running_loop()
        sleeper = loop.create_future()
        self._sleepers[sleeper] = self.timestamp() + seconds
        timer = loop.call_later(seconds, _wake, sleeper) if self._standing is None else None
        try:
            await sleeper
        finally:
            del self._sleepers[sleeper]
            if timer:
                timer.cancel()


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
