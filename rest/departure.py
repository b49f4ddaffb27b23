"""When a request left: noted below all waiting, for whoever has to know what may still be under way."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .connection import Answer, Sender
from .errors import PortalError, ReplyLost


@dataclass(slots=True)
class Departure:
    """When the latest request of a call left, by the client's clock."""

    at: float | None = None
    """None: none has left, or the portal turned it away."""


_departure: ContextVar[Departure | None] = ContextVar("departure", default=None)


@contextmanager
def departing() -> Generator[Departure]:
    """What the calls inside the block send is noted in the departure that this gives."""
    departure = Departure()
    token = _departure.set(departure)
    try:
        yield departure
    finally:
        _departure.reset(token)


class Noting:
    """Notes when a request leaves. It stands below the layer that waits for the portal's limits."""

    def __init__(self, inner: Sender, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    async def send(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry out one REST method.

        Raises:
            PortalError: As the inner sender does.

        """
        departure = _departure.get() or Departure()
        departure.at = self._clock.now()
        try:
            return await self._inner.send(method, parameters)
        except ReplyLost:
            raise
        except PortalError:
            departure.at = None
            raise
