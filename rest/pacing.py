"""The layer that keeps to the portal's limits, and waits out what the portal turned away unexecuted."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .batch import times
from .bucket import Bucket
from .clock import Clock, SystemClock
from .connection import Answer, Sender
from .errors import LimitReached
from .limits import STANDARD, Limits
from .operating import Operating
from .reporting import report

REQUESTS = "QUERY_LIMIT_EXCEEDED"
OPERATING_TIME = "OPERATION_TIME_LIMIT"
_NEWS = 1.0
"""Seconds of waiting from which on the caller is told."""
_FIRST_PAUSE = 0.5
"""Seconds after a refused request; each further refusal of the same one doubles them."""

_patience: ContextVar[float] = ContextVar("patience", default=60.0)


@contextmanager
def patience(seconds: float) -> Generator[None]:
    """Calls made inside the block wait at most so long for the portal's limits. Outside of any, 60 seconds."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


class Pacing:
    """Sends each request when the portal's limits allow it.

    A request that the portal refused for a limit was not carried out, hence is sent again, a write too. Who would wait
    longer than his patience allows is told at once instead. `OVERLOAD_LIMIT` is a block that waiting makes no better.
    """

    def __init__(self, inner: Sender, limits: Limits = STANDARD, clock: Clock | None = None) -> None:
        self._inner = inner
        self._clock = clock or SystemClock()
        self.bucket = Bucket(limits, self._clock)
        self.operating = Operating(limits.operating_seconds, self._clock)

    async def send(self, method: str, parameters: Mapping[str, Any], *, placed: bool = False) -> Answer:
        """Carry out one REST method; `placed` says that the caller has come from `place`.

        Raises:
            LimitReached: Nothing was carried out, and to wait for it would take longer than the caller's patience.
            PortalError: As the inner sender does.

        """
        deadline = self.deadline
        refusals = 0
        while True:
            if self.operating.slows(method):
                what = f"the operating time of {method}"
                await self._announce(OPERATING_TIME, what, self.operating.queueing_time(method), deadline)
                await self.operating.wait(method)
            if not placed:
                await self.place(deadline)
            placed = False
            try:
                answer = await self._inner.send(method, parameters)
            except LimitReached as refusal:
                if refusal.code == REQUESTS:
                    self.bucket.overflow(_FIRST_PAUSE * 2**refusals)
                elif refusal.code == OPERATING_TIME:
                    self.operating.exhausted(method)
                else:
                    raise
                refusals += 1
            else:
                self._learn(method, parameters, answer)
                return answer

    @property
    def deadline(self) -> float:
        """The moment at which the caller's patience ends, if it begins now."""
        return self._clock.now() + _patience.get()

    def left(self, deadline: float) -> float:
        """The seconds until a deadline."""
        return deadline - self._clock.now()

    async def place(self, deadline: float, *, leaving: float = 0.0) -> None:
        """Wait for a place in the bucket that leaves so much room to others, and take it: the caller sends now.

        Raises:
            LimitReached: It would take until after the deadline.

        """
        await self.announce_place(leaving, deadline)
        if leaving:
            await self.bucket.until(leaving + 1)
        await self.bucket.take()

    async def announce_place(self, leaving: float, deadline: float) -> None:
        """Tell the caller how long a place that leaves so much room to others has to be waited for.

        Raises:
            LimitReached: It would take until after the deadline.

        """
        seconds = max(self.bucket.queueing_time, self.bucket.wait_for(leaving + 1))
        await self._announce(REQUESTS, "the portal's request limit", seconds, deadline)

    async def _announce(self, code: str, what: str, seconds: float, deadline: float) -> None:
        if seconds > 0 and self._clock.now() + seconds > deadline:
            raise LimitReached(code, f"{what} would have to be waited for another {seconds:.0f} s")
        if seconds > _NEWS:
            await report(0, None, f"Waiting about {seconds:.0f} s for {what}")

    def _learn(self, method: str, parameters: Mapping[str, Any], answer: Answer) -> None:
        if method == "batch":
            for name, time in times(parameters, answer):
                self.operating.learn(name, time)
        elif answer.time is not None:
            self.operating.learn(method, answer.time)
